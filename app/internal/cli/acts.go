package cli

// acts are all that can be done in and with meetings, in the order of a meeting.
var acts = []act{
	{"meeting create", byItself, "title! secretary:name! secret:file", (*acting).create},
	{"meeting list", byItself, "", (*acting).listMeetings},
	{"meeting status", reading, "", (*acting).status},

	// the panel
	{"meeting seat", one, "name unit position role:expert|member|observer* edit:seat", (*acting).giveSeat},
	{"meeting import", one, "<file>", (*acting).bring},
	{"meeting claim", working, "seat! code-out:file secret:file", (*acting).claim},
	{"meeting chair", two, "seat! project reason", (*acting).nameChair},
	{"meeting confirm", two, "sheet:file*", (*acting).confirm},
	{"meeting promise", one, "text:file", (*acting).promise},
	{"meeting declare", one, "project! conflict? reason", (*acting).declare},
	{"meeting attend", one, "seat! presence:present|left|absent! reason", (*acting).attend},
	{"meeting replace", two, "seat! by:seat! reason!", (*acting).replace},
	{"meeting newcode", two, "seat! reason! code-out:file new-secret:file sheet:file", (*acting).newCode},
	{"meeting sheet", one, "out:file!", (*acting).recoverySheet},

	// a project up to its opening
	{"meeting project", one, "project!", (*acting).showProject},
	{"meeting recuse", two, "project! seat! lift? reason!", (*acting).recuse},
	{"meeting waive", two, "project! reason!", (*acting).waive},
	{"meeting correct", two, "project! fact! old:fact! new:fact! evidence:text!", (*acting).correct},
	{"meeting suspend", two, "project! reason!", (*acting).suspend},
	{"meeting round", one, "project!", (*acting).beginRound},
	{"meeting draft", one, "project! ballot:file", (*acting).draft},
	{"meeting submit", one, "project! ballot:file! out:file", (*acting).submit},
	{"meeting ballot", one, "project!", (*acting).ownBallot},
	{"meeting receipt", one, "project! out:file", (*acting).receipt},
	{"meeting reseal", one, "project!", (*acting).reseal},
	{"meeting return", one, "project! seat! reason!", (*acting).giveBack},
	{"meeting void", two, "project! seat! reason!", (*acting).void},
	{"meeting close", one, "project!", (*acting).closeRound},
	{"meeting reopen", two, "project! reason!", (*acting).reopen},
	{"meeting open", two, "project! sheet:file*", (*acting).openRound},
	{"meeting ballots", one, "project! round:number", (*acting).ballots},

	// from the opening to the final form
	{"meeting opinion", one, "project! text:file", (*acting).opinion},
	{"meeting count", two, "project! motion:text! yes:number! no:number! abstain:number!", (*acting).count},
	{"meeting conclude", two, "project! outcome! suggested:outcome reason against*", (*acting).conclude},
	{"meeting withdraw", two, "project! reason!", (*acting).withdraw},
	{"meeting vote", one, "project! choice:agree|reserve|disagree|abstain! text", (*acting).vote},
	{"meeting sign", one, "project! begin?", (*acting).sign},
	{"meeting refuse", two, "project! seat! reason!", (*acting).refuse},
	{"meeting final", one, "project!", (*acting).finalise},

	// the record
	{"meeting record", one, "text:file!", (*acting).record},
	{"meeting paper", one, "", (*acting).issue},
	{"meeting file", two, "", (*acting).beginFiling},
	{"meeting seal", one, "", (*acting).sealMeeting},
	{"journal show", byItself, "meeting as:seat secret:file", (*acting).showJournal},
	{"journal verify", reading, "checkpoint", (*acting).verifyJournal},
	{"backup", byItself, "meeting list?", (*acting).backup},
	{"restore", byItself, "meeting look? reason copy:file as:seat secret:file with:seat* with-secret:file*", (*acting).restore},
}
