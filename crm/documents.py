"""Word documents that people go on editing: real styles, fields, and a face for Japanese.

What comes from records is only ever the text of a run: python-docx escapes it, and what XML can't
hold is taken out by `crm.glyphs.printable`.
"""

import io
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from crm.glyphs import printable

INK, SOFT, SEA = RGBColor(0x16, 0x19, 0x1C), RGBColor(0x55, 0x5C, 0x63), RGBColor(0x0B, 0x4F, 0x7D)
WARM = RGBColor(0xA2, 0x3A, 0x12)
LATIN, EAST_ASIAN = "Georgia", "Noto Sans CJK JP"
LOCALES = {"en": "en-GB", "it": "it-IT"}
# Style: size in points, colour, space before and after in points, whether it stays with the next.
HEADINGS = {
    "Title": (30, INK, 0, 10),
    "Heading 1": (22, INK, 0, 12),
    "Heading 2": (17, INK, 6, 6),
    "Heading 3": (9, SOFT, 9, 3),
}
# What the schema has come after an element.
AFTER_TABLE_BORDERS = ("shd", "tblLayout", "tblCellMar", "tblLook")
AFTER_UPDATE = ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids")
AFTER_BORDERS = (
    *("shd", "tabs", "suppressAutoHyphens", "spacing", "ind", "contextualSpacing"),
    *("jc", "outlineLvl", "rPr", "sectPr"),
)
RULE, LINE, SHADE = "C9CDCB", "E2E4E1", "E7F0F6"
TEXT_WIDTH = Mm(162)
# What would write the rest of a line backwards.
TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def plain(text: object) -> str:
    """The text as XML can hold it, on one line, without signs that turn its direction."""
    kept = "".join(char for char in printable(str(text)) if ord(char) not in TURNING)
    return " ".join(kept.split())


def element(name: str, /, **attributes: str) -> Any:
    """An element of WordprocessingML: element("w:lang", val="it-IT")."""
    made: Any = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


class Paper:
    """An A4 document in a language, with running heads and page numbers."""

    def __init__(self, *, title: str, author: str, subject: str, language: str) -> None:
        self.document = Document()
        core = self.document.core_properties
        core.title, core.author, core.subject = plain(title)[:255], plain(author)[:255], ""
        core.subject, core.comments = plain(subject)[:255], ""
        core.language = LOCALES.get(language, "en-GB")
        core.created = core.modified = datetime.now(UTC).replace(tzinfo=None)
        self._page()
        self._styles(LOCALES.get(language, "en-GB"))
        self._ids = {style.name: style.style_id for style in self.document.styles}
        self._headings = 0
        # Word offers to bring the contents and the numbers of pages up to date when it opens it.
        settings: Any = self.document.settings.element
        _before(settings, element("w:updateFields", val="true"), AFTER_UPDATE)

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(24)
        section.top_margin, section.bottom_margin = Mm(28), Mm(24)
        section.different_first_page_header_footer = True

    def _styles(self, locale: str) -> None:
        styles: Any = self.document.styles
        defaults = (
            styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        )
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        defaults.append(element("w:lang", val=locale, eastAsia="ja-JP", bidi="ar-SA"))
        for style in styles:
            if style.type in {WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER}:
                _set_faces(style.element.get_or_add_rPr())
        normal = styles["Normal"]
        normal.font.size, normal.font.color.rgb = Pt(10.5), INK
        normal.paragraph_format.space_after = Pt(4)
        for name, (size, colour, before, after) in HEADINGS.items():
            style = styles[name]
            style.font.size, style.font.color.rgb = Pt(size), colour
            style.font.bold = name == "Heading 3"
            style.paragraph_format.space_before = Pt(before)
            style.paragraph_format.space_after = Pt(after)
            style.paragraph_format.keep_with_next = True
        _border(styles["Heading 3"].element, "top", RULE, space=5)
        for old in styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
            old.getparent().remove(old)
        quiet = styles.add_style("Quiet", WD_STYLE_TYPE.PARAGRAPH)
        quiet.base_style = normal
        quiet.font.size, quiet.font.color.rgb = Pt(9), SOFT
        quiet.paragraph_format.space_after = Pt(2)
        _set_faces(quiet.element.get_or_add_rPr())
        ruled = styles.add_style("Ruled line", WD_STYLE_TYPE.PARAGRAPH)
        ruled.base_style = normal
        ruled.paragraph_format.space_after = Pt(0)
        ruled.paragraph_format.line_spacing = Mm(9)
        ruled.paragraph_format.keep_with_next = True
        for side in ("bottom", "between"):
            _border(ruled.element, side, RULE)
        for name, indent, before in (("TOC 1", 0, 7), ("TOC 2", 6, 0)):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = normal
            style.paragraph_format.left_indent = Mm(indent)
            style.paragraph_format.right_indent = Mm(12)
            style.paragraph_format.space_before = Pt(before)
            style.paragraph_format.space_after = Pt(2)
            style.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)

    # Pieces

    def heading(self, text: str, level: int, *, new_page: bool = False) -> Paragraph:
        """A heading of a real style: 0 is the title of the document."""
        made = self.say(text, f"Heading {level}" if level else "Title")
        made.paragraph_format.page_break_before = new_page
        if level in {1, 2}:
            self._headings += 1
            number = str(self._headings)
            made._p.append(element("w:bookmarkStart", id=number, name=_anchor(self._headings)))
            made._p.append(element("w:bookmarkEnd", id=number))
        return made

    def lines(self, count: int) -> None:
        """Ruled lines to write on by hand."""
        for _each in range(count):
            self.say(style="Ruled line")

    def say(self, text: str = "", style: str = "Normal", within: Any = None) -> Paragraph:
        """A paragraph of a style, at the end of the document or of a cell."""
        made: Paragraph = (within or self.document).add_paragraph()
        self.style(made, style)
        if text:
            made.add_run(plain(text))
        return made

    def style(self, paragraph: Paragraph, name: str) -> None:
        """By the style's id: python-docx reads every style there is to find one by its name."""
        element: Any = paragraph._p
        element.style = self._ids[name]

    def prose(self, text: str) -> None:
        """What people typed: a paragraph for each line that says something."""
        for line in printable(text).split("\n"):
            if line.strip():
                self.say(line)

    def table(self, widths: list[int], header: list[str] | None = None) -> Any:
        """A table without boxes, its columns so many millimetres wide; the header repeats."""
        table: Any = self.document.add_table(rows=0, cols=len(widths))
        table.autofit = False
        borders = element("w:tblBorders")
        borders.append(element("w:insideH", val="single", sz="4", space="0", color=LINE))
        _before(table._tbl.tblPr, borders, AFTER_TABLE_BORDERS)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        if header:
            cells = self.row(table, widths)
            for cell, words in zip(cells, header, strict=True):
                self.style(cell.paragraphs[0], "Quiet")
                cell.paragraphs[0].add_run(plain(words))
            table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader", val="true"))
        return table

    def row(self, table: Any, widths: list[int]) -> Any:
        """The cells of a new row that no page break cuts."""
        row = table.add_row()
        row._tr.get_or_add_trPr().append(element("w:cantSplit", val="true"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].paragraph_format.space_before = Pt(4)
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
        return row.cells

    def contents(self, entries: list[tuple[int, str]]) -> None:
        """A field that Word brings up to date, showing these entries until then.

        They are the headings of levels 1 and 2 in order, and each leads to its own.
        """
        opening = self.say(style="TOC 1")
        _field_part(opening.add_run(), "begin", dirty="true")
        _instruction(opening.add_run(), 'TOC \\o "1-2" \\h \\z \\u')
        _field_part(opening.add_run(), "separate")
        paragraph = opening
        for number, (level, text) in enumerate(entries):
            if number:
                paragraph = self.say(style=f"TOC {level}")
            link = element("w:hyperlink", anchor=_anchor(number + 1), history="1")
            link.append(paragraph.add_run(plain(text))._r)
            paragraph._p.append(link)
        _field_part(paragraph.add_run(), "end")

    def running(self, head: str, mark: str, page_words: str) -> None:
        """The running head, and at the foot a mark and “Page {page} of {pages}”."""
        section = self.document.sections[0]
        top, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
        self._ends(top, "bottom")
        self._ends(foot)
        top.add_run(plain(head))
        foot.add_run(plain(mark) + "\t")
        before, _brace, rest = page_words.partition("{page}")
        between, _brace, after = rest.partition("{pages}")
        for words, code in ((before, "PAGE"), (between, "NUMPAGES")):
            foot.add_run(words)
            field(foot, code)
        foot.add_run(after)

    def first_foot(self, left: str, right: str) -> None:
        """What stands at the foot of the cover."""
        foot = self.document.sections[0].first_page_footer.paragraphs[0]
        self._ends(foot, "top")
        foot.add_run(f"{plain(left)}\t{plain(right)}")

    def _ends(self, paragraph: Paragraph, ruled: str = "") -> None:
        """Words at both ends of one line, with a rule on this side."""
        self.style(paragraph, "Quiet")
        paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        if ruled:
            _border(paragraph._p, ruled, RULE, space=6)

    def saved(self) -> bytes:
        written = io.BytesIO()
        self.document.save(written)
        return written.getvalue()


def native_run(paragraph: Paragraph, text: str, language: str) -> Run:
    """A name in its own script, marked with its language."""
    run = paragraph.add_run(plain(text))
    run.font.color.rgb = SOFT
    properties: Any = run._r.get_or_add_rPr()
    _set_faces(properties)
    tag = {"ja": "ja-JP", "ko": "ko-KR", "zh": "zh-CN"}.get(language, language or "ja-JP")
    properties.append(element("w:lang", val=tag, eastAsia=tag))
    return run


def soft_run(paragraph: Paragraph, text: str) -> Run:
    """A few quieter words on the same line, set off from what stands before them."""
    if paragraph.text:
        paragraph.add_run("\u2002")
    run = paragraph.add_run(plain(text))
    run.font.color.rgb, run.font.size = SOFT, Pt(9)
    return run


def field(paragraph: Paragraph, code: str, shown: str = "1") -> None:
    """A field such as PAGE, which shows this until it is brought up to date."""
    _field_part(paragraph.add_run(), "begin")
    _instruction(paragraph.add_run(), code)
    _field_part(paragraph.add_run(), "separate")
    paragraph.add_run(shown)
    _field_part(paragraph.add_run(), "end")


def shade(cell: Any) -> None:
    """The ground of a cell that stands for a picture, its words in the middle."""
    properties = cell._tc.get_or_add_tcPr()
    properties.append(element("w:shd", val="clear", color="auto", fill=SHADE))
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _anchor(number: int) -> str:
    return f"_Toc{number:06d}"


def _before(holder: Any, made: Any, later: tuple[str, ...]) -> None:
    """Put it where the schema has it: before the first of those that come later."""
    tags = {qn(f"w:{name}") for name in later}
    place = next((at for at, one in enumerate(holder) if one.tag in tags), len(holder))
    holder.insert(place, made)


def _border(holder: Any, side: str, color: str, space: int = 1) -> None:
    """A hairline on one side of a paragraph, or of those of a style."""
    properties = holder.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = element("w:pBdr")
        _before(properties, borders, AFTER_BORDERS)
    borders.append(element(f"w:{side}", val="single", sz="4", space=str(space), color=color))


def _field_part(run: Run, kind: str, **more: str) -> None:
    run._r.append(element("w:fldChar", fldCharType=kind, **more))


def _instruction(run: Run, code: str) -> None:
    made = element("w:instrText")
    made.set(qn("xml:space"), "preserve")
    made.text = f" {code} "
    run._r.append(made)


def _set_faces(properties: Any) -> None:
    """One Latin face, and the Japanese one for what is East Asian; no theme's."""
    faces = properties.find(qn("w:rFonts"))
    if faces is None:
        faces = element("w:rFonts")
        properties.insert(0, faces)
    for name in list(faces.attrib):
        del faces.attrib[name]
    for name in ("ascii", "hAnsi", "cs"):
        faces.set(qn(f"w:{name}"), LATIN)
    faces.set(qn("w:eastAsia"), EAST_ASIAN)
