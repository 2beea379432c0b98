"""The report as a Word document, laid out as NĐ 30/2020/NĐ-CP says (appendix I)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.table import _Cell

from dean06.pack.block import Block
from dean06.pack.document import Document

_FONT = "Times New Roman"
_TEXT_WIDTH = Mm(210 - 30 - 15)


def write(document: Document, made_at: datetime) -> bytes:
    """Return the document. ``made_at``: the time that its properties bear."""
    word = docx.Document()
    _settle(word, document, made_at)
    _head(word, document)
    for ground in document.grounds:
        _paragraph(word, ground, italic=True)
    for block in document.blocks:
        if block.kind == "table":
            _table(word, block)
        else:
            heading = block.kind == "heading"
            _paragraph(word, block.text, bold=heading, indent=not heading, with_next=heading)
    _foot(word, document)
    plain = BytesIO()
    word.save(plain)
    return _with_fixed_dates(plain)


def _settle(word: Any, document: Document, made_at: datetime) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    style = word.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(6)
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    _page_number(number.add_run())
    moment = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties = word.core_properties
    properties.title, properties.author = document.subject, "dean06"
    properties.created = properties.modified = moment
    properties.language = document.language
    properties.comments, properties.revision = "", 1


def _page_number(run: Any) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.text = text
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _head(word: Any, document: Document) -> None:
    left, right = _two_cells(word, (Cm(6.9), _TEXT_WIDTH - Cm(6.9)))
    _lines(left, (document.authority, 12, ""), (document.issuer, 12, "bold"))
    _rule(left.paragraphs[-1])
    _lines(left, (document.number, 13, ""))
    _lines(right, (document.nation, 12, "bold"), (document.motto, 13, "bold"))
    _rule(right.paragraphs[-1])
    _lines(right, (document.place_and_day, 13, "italic"))
    _paragraph(word, document.kind, bold=True, size=14, centred=True, before=14)
    _paragraph(word, document.subject, bold=True, size=14, centred=True)
    _rule(word.paragraphs[-1], indent=Cm(6))


def _foot(word: Any, document: Document) -> None:
    _paragraph(word, "", indent=False)
    left, right = _two_cells(word, (_TEXT_WIDTH // 2, _TEXT_WIDTH // 2))
    _lines(left, (document.labels["recipients"], 12, "bold italic"), centred=False)
    _lines(left, *((f"- {each}", 11, "") for each in document.recipients), centred=False)
    _lines(right, (document.signed_by, 13, "bold"), (document.labels["sign"], 11, "italic"))


def _two_cells(word: Any, widths: Sequence[int]) -> list[_Cell]:
    cells = list(word.add_table(rows=1, cols=2).rows[0].cells)
    for cell, width in zip(cells, widths, strict=True):
        cell.width = width
    return cells


def _lines(cell: _Cell, *lines: tuple[str, int, str], centred: bool = True) -> None:
    for text, size, style in lines:
        is_first = len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs
        paragraph: Any = cell.paragraphs[0] if is_first else cell.add_paragraph()
        paragraph.alignment = ALIGN.CENTER if centred else ALIGN.LEFT
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(text)
        run.font.size = Pt(size)
        run.bold, run.italic = "bold" in style, "italic" in style


def _rule(paragraph: Any, indent: int = Cm(1.6)) -> None:
    """A line below a paragraph, shorter than it, in a paragraph of its own."""
    line = paragraph._parent.add_paragraph()
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = indent
    line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(4), Pt(4)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    line._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def _paragraph(
    word: Any,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: int = 13,
    centred: bool = False,
    indent: bool = True,
    before: int = 0,
    with_next: bool = True,
) -> None:
    paragraph = word.add_paragraph()
    paragraph.alignment = ALIGN.CENTER if centred else ALIGN.JUSTIFY
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.keep_with_next = with_next
    if indent and not centred:
        paragraph.paragraph_format.first_line_indent = Cm(1)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _table(word: Any, block: Block) -> None:
    table = word.add_table(rows=0, cols=len(block.header), style="Table Grid")
    table.autofit = False
    widths = [_TEXT_WIDTH * share // sum(block.widths) for share in block.widths]
    for at, texts in enumerate((block.header, *block.rows)):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(10), at == 0
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _with_fixed_dates(plain: BytesIO) -> bytes:
    """The same package with its parts in order and without the clock's time."""
    fixed = BytesIO()
    with ZipFile(plain) as source, ZipFile(fixed, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name[0] != "[", name)):
            info = ZipInfo(name)  # of 1980-01-01
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return fixed.getvalue()
