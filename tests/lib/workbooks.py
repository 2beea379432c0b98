"""Workbooks written sign by sign, as no library writes them."""

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx(
    *sheets: str,
    states: Mapping[int, str] | None = None,
    formats: tuple[str, ...] = (),
    texts: tuple[str, ...] = (),
    after: str = "",
) -> bytes:
    """A workbook of these sheets (the XML of their rows). Style n of cells has ``formats[n - 1]``;
    ``states`` by number of the sheet; ``after`` follows the rows of each."""
    shown = states or {}
    content = {
        "_rels/.rels": _relationships({"officeDocument": "xl/workbook.xml"}),
        "xl/_rels/workbook.xml.rels": _relationships(
            {"styles": "styles.xml", "sharedStrings": "sharedStrings.xml"}, len(sheets)
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="s{n}" sheetId="{n}" state="{shown.get(n, "visible")}" r:id="s{n}"/>'
            for n in range(1, len(sheets) + 1)
        )
        + "</sheets></workbook>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(texts)}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>'
        + "".join(
            f'<numFmt numFmtId="{164 + n}" formatCode="{code}"/>' for n, code in enumerate(formats)
        )
        + '</numFmts><cellXfs><xf numFmtId="0"/>'
        + "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(formats)))
        + "</cellXfs></styleSheet>",
    }
    for number, rows in enumerate(sheets, start=1):
        content[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
        )
    return zipped(content)


def zipped(content: Mapping[str, str]) -> bytes:
    """An archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in content.items():
            parts.writestr(name, text)
    return stream.getvalue()


def row(number: int, *cells: str | None) -> str:
    """A row of texts; what begins with ``<c`` is a cell as written."""
    written = "".join(
        cell
        if cell.startswith("<c")
        else f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for column, cell in enumerate(cells)
        if cell is not None
    )
    return f'<row r="{number}">{written}</row>'


def _relationships(kinds: Mapping[str, str], sheets: int = 0) -> str:
    found = [(kind, kind, target) for kind, target in kinds.items()]
    found += [(f"s{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, sheets + 1)]
    return f'<Relationships xmlns="{_PACKAGE}">' + "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in found
    ) + "</Relationships>"  # fmt: skip
