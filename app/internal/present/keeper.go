package present

import (
	"time"

	"heyi/review/meeting"
)

// saveDelay is how long after the last key a draft is written: with the write
// itself it stays within the 300 ms of decisions 6.
const saveDelay = 200 * time.Millisecond

// keeper keeps what somebody is writing as his draft: by itself after the last key, and
// when the page is left. Writes go one after another (the disk may be slow, the typist is
// not): at most one is on its way, and the newest wish waits behind it.
type keeper struct {
	page    *sheet
	session *meeting.Session
	key     string        // of the draft
	text    func() string // what is to be kept
	saved   string        // what the draft on the disk says
	delay   Delay
	flying  bool         // a write, or an act that ends the draft, is on its way
	after   []afterwards // what waits for it to land
	warned  bool         // the writer was told that the text is not on the disk
}

// afterwards is what waits for a write: to be done, or to be given up.
type afterwards struct{ do, drop func() }

// newKeeper gives a keeper and the draft as it was last kept. If that cannot be read the
// page says why, and the draft is "".
func newKeeper(page *sheet, key string, text func() string) (*keeper, string) {
	k := &keeper{page: page, session: page.desk.session, key: key, text: text}
	k.delay = page.desk.jobs.Delay(saveDelay, func() { k.write(func(error) {}, func() {}) })
	kept, err := k.session.Draft(key)
	if err != nil {
		page.explain(err)
	} else if kept != "" {
		page.message = Message{ToneDone, page.desk.T("draft.restored", nil)}
	}
	k.saved = kept
	return k, kept
}

// changed is told of each change; it is on the disk 300 ms after the last.
func (k *keeper) changed() {
	k.page.say(ToneBusy, k.page.desk.T("draft.saving", nil))
	k.delay.Poke()
}

// write brings the disk to the present text, after anything that is on its way, and then
// calls then with what came of it; or drop, if an act that was on its way has been refused
// and its person must see that first.
func (k *keeper) write(then func(error), drop func()) {
	k.delay.Stop()
	if k.flying {
		k.after = append(k.after, afterwards{func() { k.write(then, drop) }, drop})
		return
	}
	text := k.text()
	if text == k.saved {
		if !k.page.busy {
			k.settle(text)
		}
		then(nil)
		return
	}
	k.fly(func() error { return k.session.SaveDraft(k.key, text) }, func(err error) {
		if k.warned = err != nil; k.warned {
			k.page.explain(err)
		} else if k.saved = text; k.text() == text && len(k.after) == 0 {
			k.settle(text)
		}
		then(err)
	})
}

// settle has the page say that the text is on the disk, if it says that it is being kept.
func (k *keeper) settle(text string) {
	switch {
	case k.page.message.Tone != ToneBusy:
	case text == "":
		k.page.say(ToneNone, "")
	default:
		k.page.say(ToneDone, k.page.desk.T("draft.saved", nil))
	}
}

// fly does one write; what was wished for meanwhile comes after it.
func (k *keeper) fly(work func() error, done func(error)) {
	k.flying = true
	k.page.desk.jobs.Run(work, func(err error) {
		k.flying = false
		done(err)
		for len(k.after) > 0 && !k.flying {
			next := k.after[0]
			k.after = k.after[1:]
			next.do()
		}
	})
}

// act does what ends the draft, after any write that is on its way; a second act waits
// behind the first. begin is called as it begins, on the screen's goroutine. If it is
// refused, whoever wished to leave meanwhile stays, and the text is kept.
func (k *keeper) act(busyKey string, begin func(), work func() error, done func(error)) {
	k.delay.Stop()
	if k.flying {
		k.after = append(k.after, afterwards{func() { k.act(busyKey, begin, work, done) }, func() {}})
		return
	}
	begin()
	k.page.say(ToneBusy, k.page.desk.T(busyKey, nil))
	k.fly(work, func(err error) {
		if err != nil {
			k.page.explain(err)
			waiting := k.after
			k.after = nil
			for _, w := range waiting {
				w.drop()
			}
			k.delay.Poke() // the text may still be only in the field
			done(err)
			return
		}
		k.saved = ""
		done(nil)
		if k.text() != "" {
			k.delay.Poke()
		}
	})
}

// leave writes what is unsaved first. If the disk refuses, the page stays and says
// so; who was told and wishes again leaves all the same, so that nobody is locked
// in.
func (k *keeper) leave(then, stay func()) {
	warned := k.warned
	k.write(func(err error) {
		if err == nil || warned {
			then()
			return
		}
		stay()
	}, stay)
}
