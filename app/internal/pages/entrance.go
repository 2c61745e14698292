package pages

import (
	"fyne.io/fyne/v2/container"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

func meetings(d *present.Desk, p *present.Meetings) View {
	list := container.NewVBox()
	return View{
		Object: page(d.T("meetings.heading", nil), container.NewVScroll(sheet(list))),
		First:  firstOf(list),
		Refresh: func() {
			none := d.T("meetings.none", nil)
			if p.Message().Tone == present.ToneBusy {
				none = "" // whether there are any is being found out
			}
			fill(list, p.Rows(), p.Choose, none)
		},
	}
}

func newMeeting(d *present.Desk, p *present.NewMeeting) View {
	title, secretary := widgets.NewLine(), widgets.NewLine()
	passphrase, repeated := widgets.NewSecret(), widgets.NewSecret()
	title.SetPlaceHolder(d.T("new.title.hint", nil))
	secretary.SetPlaceHolder(d.T("new.secretary.hint", nil))
	passphrase.SetPlaceHolder(d.T("new.passphrase.hint", nil))
	repeated.SetPlaceHolder(d.T("new.repeated.hint", nil))
	a, b, c, e := p.Fields()
	title.SetText(a)
	secretary.SetText(b)
	passphrase.SetText(c)
	repeated.SetText(e)
	set := func(string) { p.Set(title.Text, secretary.Text, passphrase.Text, repeated.Text) }
	for _, f := range []*widgets.TextField{title, secretary, passphrase, repeated} {
		f.OnChanged = set
		f.OnForeign = p.Foreign
	}
	return View{
		Object: page(d.T("new.heading", nil), form(
			labelled(d.T("new.title", nil), title),
			labelled(d.T("new.secretary", nil), secretary),
			labelled(d.T("new.passphrase", nil), passphrase),
			labelled(d.T("new.repeated", nil), repeated),
			caption(d.T("new.warning", nil)),
		)),
		First:   first(title),
		Refresh: func() {},
	}
}

func unlock(d *present.Desk, p *present.Unlock) View {
	passphrase := widgets.NewSecret()
	passphrase.SetPlaceHolder(d.T("unlock.passphrase.hint", nil))
	passphrase.SetText(p.Passphrase())
	passphrase.OnChanged = p.Set
	passphrase.OnForeign = p.Foreign
	return View{
		Object: page(d.T("unlock.heading", nil), form(
			labelled(d.T("unlock.passphrase", nil), passphrase),
			body(p.Title()),
			caption(p.Detail()),
		)),
		First: first(passphrase),
		Refresh: func() {
			if passphrase.Text != p.Passphrase() {
				passphrase.SetText(p.Passphrase())
			}
		},
	}
}
