package bag

import (
	"fmt"
	"slices"
	"strings"
)

// Template gives the files of a source directory to be filled in: a package with one
// project under a scheme, whose facts are those named, none of them known yet. It does
// not build as it is: what has to be filled in is empty.
func Template(scheme string, facts ...string) Tree {
	lines := make([]string, 0, len(facts))
	for _, key := range slices.Sorted(slices.Values(facts)) {
		lines = append(lines, fmt.Sprintf("    %q: null", key))
	}
	known := "{}"
	if len(lines) > 0 {
		known = "{\n" + strings.Join(lines, ",\n") + "\n  }"
	}
	return Tree{
		sourcePackage:                           []byte(templatePackage),
		sourceMeeting:                           []byte(templateMeeting),
		sourceProjects + "/01/" + sourceProject: fmt.Appendf(nil, templateProject, scheme, known),
		"填写说明.txt":                              []byte(templateNotes),
	}
}

const templatePackage = `{
  "version": 1,
  "id": "",
  "seq": 1,
  "secrecy": "",
  "title": ""
}
`

const templateMeeting = `{
  "version": 1,
  "title": "",
  "place": "",
  "time": "",
  "roster": [
    {"name": "", "unit": "", "title": "", "roles": ["expert"]}
  ]
}
`

const templateProject = `{
  "version": 1,
  "title": "",
  "code": "",
  "scheme": %q,
  "quorum": 3,
  "units": [
    {"part": "owner", "name": ""}
  ],
  "facts": %s,
  "profile": [
    {"label": "项目概况", "text": ""}
  ],
  "documents": [
    {"file": "", "title": "", "material": ""}
  ]
}
`

const templateNotes = `评审包填写说明

一、package.json 是评审包本身的说明。
  id：评审包编号，40个以内的字母、数字、点、横线；同一个评审包修改后重新签发时不变。
  seq：第几次签发，从1起，每次重新签发加1。
  secrecy：密级，由签发单位按规定确定：none 非涉密，work_secret 工作秘密。涉密内容不得装入评审包。
  title：评审包名称。

二、meeting.json 是对会议的建议：名称、地点、时间、人员名单。可以整个删去。
  roles：expert 专家，member 成员（签字、不评分），observer 监督。

三、projects 目录里每个项目一个子目录，名称用小写字母、数字、横线；同一个项目在重新签发时名称不变。
  project.json 是项目的说明：
  title 项目名称；code 项目编号，可以为空；scheme 评审方案；quorum 最少专家人数；
  units 有关单位：owner 建设单位，contractor 承建单位，preparer 编制单位，supervisor 监理单位；没有的删去。
  facts 项目的基本情况，按评审方案的要求填写：文字和金额加引号，金额以元为单位、两位小数；是否填 true 或 false；
  日期写成2026-11-22的样子；不清楚的保留 null，不要编造。
  profile 需要向专家说明的文字，分段用 \n。
  documents 送审文件：file 是同一目录里的文件名，可以是中文；title 材料名称；material 材料代码，没有的留空。

四、送审文件放在 project.json 旁边，每个文件都要列入 documents，没有列入的文件会使打包停止。
  可以是：pdf png jpg txt csv xlsx docx pptx ofd doc xls ppt wps et dps dwg tif。不要放压缩包和程序。
  pdf png jpg txt 可以在会上直接查看，其余的只随包保存。

五、要按本程序没有的制度规则评审的，把规则文件放在 package.json 旁边，命名为 regulation.yaml；分成几个文件的，
  其余依次命名为 regulation-2.yaml、regulation-3.yaml，一共不超过八个。这些规则只用于本评审包的项目，编号不得与
  本程序的制度规则相同；写好后先用 heyi scheme check 检查。

六、填好后用签发单位的签发身份打包；打包时会逐项检查，有不符合的会指出文件和位置，什么也不会写出。
`
