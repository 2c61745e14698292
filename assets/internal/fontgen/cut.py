"""Cuts a TrueType font down to what Heyi prints and shows.

fontgen runs this through Debian's fontTools. The same fontTools gives the same
bytes: nothing here reads a clock, and every set is sorted before it is used.

    cut.py [--table 8105.txt] [--family NAME] SRC DST

Without --table every character stays. --family renames the font, as the OFL
demands of a modified font whose own name is reserved.
"""

import argparse

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.ttLib.tables._g_l_y_f import Glyph

# What stays beside the 8105 table and GB 2312, as far as the font has it.
RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x017F),  # Latin, Latin-1, Latin Extended-A
    (0x0370, 0x03FF),                    # Greek
    (0x2000, 0x200A), (0x2010, 0x2027),  # punctuation, without the invisible
    (0x202F, 0x205E),                    # format characters
    (0x2070, 0x218F),                    # superscripts, currency, letterlike, number forms
    (0x2190, 0x22FF),                    # arrows, mathematics
    (0x2460, 0x25FF),                    # enclosed alphanumerics, boxes, geometric shapes
    (0x2600, 0x27BF),                    # symbols, dingbats
    (0x2E3A, 0x2E3B), (0x3000, 0x303F),  # long dashes, CJK punctuation
    (0x3200, 0x33FF),                    # enclosed CJK, units: ㈠ ㎡
    (0xFE30, 0xFE6F), (0xFF00, 0xFFEF),  # compatibility, small, full-width forms
    (0x1F100, 0x1F2FF),                  # enclosed supplement
    (0x20000, 0x3FFFF),                  # every ideograph above U+FFFF
)
PRIVATE = range(0xE000, 0xF900)
THIN_SPACES = (0x2009, 0x202F)


def wanted(table):
    """The code points of a cut font: table is the text of the 8105 characters."""
    chars = set(map(ord, table))
    chars.update(c for first, last in RANGES for c in range(first, last + 1))
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            chars.update(map(ord, bytes((row, cell)).decode("gb2312", "ignore")))
    return chars


def set_chinese_punctuation(font, cmap):
    """Gives — “ ” ‘ ’ the Chinese width of one em.

    The sources reach it by layout features or not at all, and gofpdf knows no
    features. Two dashes must join into one rule (破折号).
    """
    glyf, hmtx, em = font["glyf"], font["hmtx"], font["head"].unitsPerEm
    if hmtx[cmap[0x2014]][0] < em:
        bar = glyf[cmap[0x2015]]
        bar.coordinates.translate((-bar.xMin, 0))
        bar.coordinates.scale((em / (bar.xMax - bar.xMin), 1))
        bar.coordinates.toInt()
        bar.recalcBounds(glyf)
        hmtx[cmap[0x2015]] = (em, 0)
        cmap[0x2014] = cmap[0x2015]
    for quote in "“‘":  # the ink stays beside what it opens
        mark = glyf[cmap[ord(quote)]]
        mark.coordinates.translate((em - hmtx[cmap[ord(quote)]][0], 0))
        mark.recalcBounds(glyf)
        hmtx[cmap[ord(quote)]] = (em, mark.xMin)
    for quote in "”’":
        hmtx[cmap[ord(quote)]] = (em, hmtx[cmap[ord(quote)]][1])


def add_thin_spaces(font, cmap):
    """Adds the thin spaces that set Latin and numbers apart in Chinese."""
    if THIN_SPACES[0] not in cmap:
        font["glyf"]["thinspace"] = Glyph()
        font["hmtx"]["thinspace"] = (font["head"].unitsPerEm // 5, 0)
        cmap[THIN_SPACES[0]] = "thinspace"
    cmap[THIN_SPACES[1]] = cmap[THIN_SPACES[0]]


def select(cmap, keep):
    """The mapping that stays, and the private code of each character above U+FFFF.

    A supplementary character whose glyph an earlier one already has is left
    out (a compatibility ideograph beside the unified one), so that glyph,
    character and private code determine each other.
    """
    chosen, seen, private = {}, set(), {}
    for code in sorted(keep.intersection(cmap)):
        glyph = cmap[code]
        if code in PRIVATE or code > 0xFFFF and glyph in seen:
            continue
        chosen[code] = glyph
        if code > 0xFFFF:
            seen.add(glyph)
            private[PRIVATE[len(private)]] = glyph
    return chosen, private


def subtable(fmt, encoding, mapping):
    table = CmapSubtable.newSubtable(fmt)
    table.platformID, table.platEncID, table.language = 3, encoding, 0
    table.cmap = mapping
    return table


def rename(font, family):
    for record in font["name"].names:
        text = {1: family, 3: record.toUnicode().split(":")[-1] + ";" + family,
                4: family, 6: family.replace(" ", "") + "-Regular"}.get(record.nameID)
        if text:
            record.string = text


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--table")
    parser.add_argument("--family")
    parser.add_argument("src")
    parser.add_argument("dst")
    args = parser.parse_args()

    font = TTFont(args.src, recalcTimestamp=False)
    cmap = font.getBestCmap()
    set_chinese_punctuation(font, cmap)
    add_thin_spaces(font, cmap)
    keep = set(cmap)
    if args.table:
        with open(args.table, encoding="utf-8") as file:
            keep = wanted(file.read())
    chosen, private = select(cmap, keep)
    full = {**chosen, **private}
    font["cmap"].tables = [
        subtable(4, 1, {c: g for c, g in full.items() if c <= 0xFFFF}),
        subtable(12, 10, full),
    ]

    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "vhea", "vmtx"]
    options.notdef_outline = True  # a missing character must be seen
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]  # names, copyright, trademark, licence
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=full)
    cutter.subset(font)
    if args.family:
        rename(font, args.family)
    font.save(args.dst)


main()
