// Package bag writes, reads and verifies the 评审包, a signed package of projects
// with their documents (file NAME.rpk), and the list of issuers that a machine trusts.
//
// A package is a BagIt 1.0 bag (RFC 8493) in a zip of one single form: entries
// stored, every header field fixed, nothing before, between or behind them, names of
// [a-z0-9._/-]. In this order:
//
//	bagit.txt                            as RFC 8493 has it
//	bag-info.txt                         nine lines, see Info
//	manifest-sha256.txt                  every entry under data
//	tagmanifest-sha256.txt               the three files before it
//	signature.p7s                        CMS, CAdES B-B, over tagmanifest-sha256.txt
//	data/meeting.json                    optional: time, place, roster
//	data/projects/ID/documents/0001.pdf  the documents of a project, numbered
//	data/projects/ID/project.json        what the project is
//	data/regulation.yaml                 optional: a regulation for these projects alone,
//	data/regulation-2.yaml               in up to eight files, which are read in this order
//
// with everything under data in the order of its bytes. What a regulation says this
// package does not look at. The digest of
// tagmanifest-sha256.txt is the digest of the package: the content counts, not the
// signature, which is another each time. The reader writes the archive's headers anew
// from names, sizes and checksums and requires the same bytes, so that no bit of a
// package can change and no other reader sees another content. Unzipped, a package
// verifies with sha256sum and OpenSSL alone.
//
// The one form of JSON is strict: no member twice, none that is unknown, integers
// only, limits on depth and size.
package bag
