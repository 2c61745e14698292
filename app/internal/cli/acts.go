package cli

// acts are all that can be done in and with packages and meetings, in the order of a
// meeting.
var acts = []act{
	{"rules list", byItself, "", (*acting).listRules},
	{"rules show", byItself, "<rule>", (*acting).showRule},
	{"rules eval", byItself, "<file> pack:file*", (*acting).evalRules},
	{"scheme list", byItself, "", (*acting).listSchemes},
	{"scheme show", byItself, "<scheme>", (*acting).showScheme},
	{"scheme check", byItself, "<file> part:file*", (*acting).checkScheme},
	{"identity new", byItself, "name:issuer! o:file! secret:file", (*acting).newIdentity},
	{"identity trust", byItself, "<file> fingerprint!", (*acting).trustIssuer},
	{"identity list", byItself, "", (*acting).listIssuers},
	{"identity revoke", byItself, "fingerprint! reason!", (*acting).revokeIssuer},
	{"package new", byItself, "<dir> scheme", (*acting).newPackage},
	{"package build", byItself, "<dir> o:file! identity:file! secret:file", (*acting).buildPackage},
	{"package inspect", byItself, "<file>", (*acting).inspect},

	{"meeting create", byItself, "title! secretary:name! secret:file scheme", (*acting).create},
	{"meeting list", byItself, "", (*acting).listMeetings},
	{"meeting status", reading, "", (*acting).status},

	// the panel
	{"meeting seat", one, "name unit position role:expert|member|observer* edit:seat", (*acting).giveSeat},
	{"meeting import", one, "<file> roster?", (*acting).bring},
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
	{"meeting documents", one, "project!", (*acting).documents},
	{"meeting document", one, "project! file:document! out:file!", (*acting).document},
	{"meeting findings", one, "project!", (*acting).findings},
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
	{"meeting tally", one, "project! round:number", (*acting).tally},

	// from the opening to the final form
	{"meeting opinion", one, "project! text:file", (*acting).opinion},
	{"meeting count", two, "project! motion:text! yes:number! no:number! abstain:number!", (*acting).count},
	{"meeting conclude", two, "project! outcome! reason against*", (*acting).conclude},
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
