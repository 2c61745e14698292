// Package filing is the filing folder (归档文件夹): what leaves the room for the archive. It
// knows its form and nothing else: it makes the files from what was collected of a record,
// and reads a folder back strictly. The same content always gives the same bytes.
//
//	说明文件.TXT         what this is, for whoever finds it; UTF-8 with BOM, CRLF
//	文件目录.XML         卷内目录: every other file but the next, with size and SHA-256
//	sha256sum.txt       the digests of all files but itself, for sha256sum -c
//	电子档案/            the papers; a folder for each project if there are several
//	其他/核验说明.TXT     how to verify the folder with public tools alone
//	其他/检查点.TXT       what the journal amounts to, to be compared with paper
//	其他/数据/           会议数据.json, all that the record says; 会议数据.xlsx, tables of it
//	其他/日志/           journal.jsonl, every entry as it was signed; 日志摘录.TXT in words
//	其他/评审包/          the packages, each the one file that it is
//	其他/规则/           the rules as they were
//	其他/证书/           the panel's authority, everybody's certificates, the issuers'
//	其他/作废文件/        papers that do not count, with the reasons
//
// Names have at most 60 characters that every system and archive takes, and differ in more
// than case. Directories are there for the files in them alone.
package filing
