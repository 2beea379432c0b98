"""Hostile input, drawn from a seed: values, records in each source's format, files, bombs.

Seeds of every format are the fixtures' own records; what is drawn here is pure bytes, so that any
input can be made again from its seed.
"""

import csv
import gzip
import io
import json
import random
import re
import zipfile
from copy import deepcopy
from functools import cache
from typing import Any

import openpyxl

from dean06 import settings
from dean06.contract import Dataset

FIXTURES = settings.PROJECT / "tests" / "fixtures"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CANARY = "abuse_canary"
"""A table that no input may touch."""

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 10**400, -(10**30), 1e308, 1.5e-300, [], {}, [[[]]], [None],
    {"$ref": "#"}, ["a", {"b": [1]}], "", " ", "\t", "\r\n", "\\.", "\\N", "\\\\.", "\\", "a\tb",
    '"',    '""', "'", "','", "\x01", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff",
    "\ufffe",
    "\x00", "a\x00b", "\ud800", "a\udfffb", "\U0010ffff", "e\u0301" * 40, "Ɐ" * 300, "x" * 65_537,
    f"'; drop table public.{CANARY}; --", f'"; drop table public.{CANARY}; --', "{core}", "%(a)s",
    ":load_id", "%s", "$1", "$$", "E'\\x41'", f"\\! touch /tmp/{CANARY}", f"{CANARY}'||chr(0)||'",
    "=cmd|' /C calc'!A0", "@SUM(1+1)", "+1", "-1", "../../etc/passwd", "/etc/passwd", "%2e%2e%2f",
    "C:\\x", "file:///etc/passwd", "082190000001", "０８２１９００００００１", "٠٨٢", "²", "1e5",
    "0x1F",    "NaN", "Infinity", "-Infinity", "true", "TRUE", "null", "2022-10-31", "2022-02-30",
    "0000-01-01",    "9999-12-31", "99999-01-01", "-0001-01-01", "2022-10-31T24:00:00+07:00",
    "2022-10-31T23:59:60+07:00", "2022-10-31T08:00:00+99:99", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "infinity", "now", "epoch", "today", "00/00/1950", "00/00/0000",
    "31/02/2022", "31/12/9999 23:59:59", "01/01/0001 00:00:00", "0000", "9999", "99999", "32768",
    "-32769", "{1,2}", "{", "[1", "1,2", "A" * 5000,
)  # fmt: skip


def fixture(dataset: Dataset) -> dict[str, Any]:
    return _fixture(dataset.source, dataset.name)


@cache
def _fixture(source: str, name: str) -> dict[str, Any]:
    path = FIXTURES / source / f"{name}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))["given"])


def records(dataset: Dataset, draw: random.Random, number: int) -> bytes:
    """A file of so many mutated records in the format of the dataset's source."""
    if dataset.source in ("insurance", "programme"):
        return _table(dataset, draw, number)
    if dataset.source == "education":
        return _workbook(dataset, draw, number)
    lines = [_object(dataset, draw) for _ in range(number)]
    if dataset.source == "portal":
        # One record that is no JSON makes the page no document: that is tried with files.
        lines = [line.decode("utf-8", "replace").encode() for line in lines]
        lines = [line for line in lines if _is_json(line)]
        return b'{"trang":1,"tongSo":1,"tongTrang":1,"duLieu":[' + b",\n".join(lines) + b"]}"
    return b"\n".join(lines) + b"\n"


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _seed(dataset: Dataset) -> dict[str, Any]:
    for line in fixture(dataset)["lines"]:
        text = line.rstrip(",")
        if text.startswith("{") and text.endswith("}"):
            return dict(json.loads(text))
    raise AssertionError(f"no record in the fixture of {dataset.code}")


def _object(dataset: Dataset, draw: random.Random) -> bytes:
    record = _seed(dataset)
    for _ in range(draw.choice((0, 1, 1, 1, 2, 5))):
        _mutate(record, draw)
    text = json.dumps(record, ensure_ascii=draw.random() < 0.5)
    body = text.encode("utf-8", "surrogatepass")
    if dataset.source != "portal" and draw.random() < 0.1:
        body = damaged(body, draw).replace(b"\n", b" ")
    elif draw.random() < 0.05:
        name = draw.choice(list(record) or ["a"])
        body = body[:-1] + f', {json.dumps(name)}: "again"}}'.encode()
    return body


def _mutate(node: dict[str, Any], draw: random.Random) -> None:
    """Change one thing somewhere in an object."""
    while True:
        inner = [v for v in _children(node) if isinstance(v, dict) and v]
        if not inner or draw.random() < 0.5:
            break
        node = draw.choice(inner)
    name = draw.choice(list(node) or ["x"])
    kind = draw.randrange(8)
    if kind == 0:
        node.pop(name, None)
    elif kind == 1:
        node[str(draw.choice(VALUES))[:80]] = _value(draw)
    elif kind == 2:
        node[name] = _nested(draw.randrange(1, 1500))
    else:
        node[name] = _value(draw)


def _value(draw: random.Random) -> Any:
    """One of them, as an own copy: the next mutation may go into it."""
    return deepcopy(draw.choice(VALUES))


def _children(node: dict[str, Any]) -> list[Any]:
    found = list(node.values())
    for value in node.values():
        if isinstance(value, list):
            found += value
    return found


def _nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth // 2 if depth < 800 else 100):
        value = [value]
    return value


def _table(dataset: Dataset, draw: random.Random, number: int) -> bytes:
    lines = [line.rstrip("\r") for line in fixture(dataset)["lines"]]
    delimiter = ";" if dataset.source == "programme" else ","
    seed = next(csv.reader([lines[1]], delimiter=delimiter))
    out = [lines[0].encode()]
    for _ in range(number):
        fields = [str(value) for value in seed]
        for _ in range(draw.choice((0, 1, 1, 2, 4))):
            fields[draw.randrange(len(fields))] = _cell(draw)
        if draw.random() < 0.05:
            fields = fields[: draw.randrange(len(fields))] + ["x"] * draw.randrange(30)
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="").writerow(fields)
        line = text.getvalue() if draw.random() < 0.8 else delimiter.join(fields)
        body = line.encode("utf-8", "surrogatepass")
        out.append(damaged(body, draw) if draw.random() < 0.05 else body)
    return b"\n".join(out) + b"\n"


def _cell(draw: random.Random) -> str:
    value = draw.choice(VALUES)
    return "" if value is None else str(value)


def _workbook(dataset: Dataset, draw: random.Random, number: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    above = fixture(dataset)["rows"]
    for row in above[:6]:
        sheet.append(row)
    for index in range(number):
        row = [index, f"5300{index:04}", *above[6][2:]]
        row[3] = "03/02/2004"
        for _ in range(draw.choice((0, 1, 1, 3))):
            row[draw.randrange(len(row))] = _typed(draw)
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _typed(draw: random.Random) -> Any:
    """A value that a workbook can hold; what it cannot is tried with damaged files."""
    value = draw.choice(VALUES)
    if isinstance(value, list | dict):
        return json.dumps(value)
    if isinstance(value, str):
        plain = value.encode("utf-8", "ignore").decode()
        return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", "", plain)[:30_000]
    return float(value) if isinstance(value, int) and abs(value) < 10**300 else None


def damaged(body: bytes, draw: random.Random) -> bytes:
    """The same bytes, but for some."""
    kind, at = draw.randrange(6), draw.randrange(len(body) + 1)
    if kind == 0:
        return body[:at]
    if kind == 1:
        return body[:at] + draw.randbytes(draw.randrange(1, 9)) + body[at:]
    if kind == 2:
        return body[:at] + draw.randbytes(1) + body[at + 1 :]
    if kind == 3:
        return body[:at] + body[max(0, at - draw.randrange(1, 200)) :]
    if kind == 4:
        piece = draw.choice(
            (b"\x00", b"\xff", b'"', b"{", b"\\", b"\r", b"\xed\xa0\x80", b"]", b"\n")
        )
        return body[:at] + piece * draw.randrange(1, 40) + body[at:]
    return body[:at] + body[at + draw.randrange(1, 50) :]


def bombs() -> dict[str, bytes]:
    """Compressed files of a few kilobytes that unpack to many megabytes, by kind."""
    line = b'{"a":"' + b"b" * 100 + b'"}\n'
    return {
        "lines": gzip.compress(line * 100_000),
        "one line": gzip.compress(b"a" * 16 * 1024 * 1024),
        "members": gzip.compress(line * 5_000) * 4,
    }


@cache
def workbook_bombs() -> dict[str, bytes]:
    """Workbooks of a few kilobytes that could take gigabytes to read."""
    cell = '<row r="{row}"><c r="{place}"><v>1</v></c></row>'
    far = cell.format(row=1, place="A1") + cell.format(row=1048576, place="XFD1048576")
    entities = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + "]>"
    )
    return {
        "a cell far away": _xlsx(far),
        "a far cell in a sheet stored elsewhere": _xlsx(far, at="xl/sheets/elsewhere.xml"),
        "cells without positions in the last row": _xlsx(
            f'<row r="1048576">{"<c><v>1</v></c>" * 16_384}</row>'
        ),
        "billions of shared texts": _xlsx(
            '<row><c t="s"><v>0</v></c></row>', texts="x", unique=4_000_000_000
        ),
        "a long text shown in every cell": _xlsx(
            ("<row>" + '<c t="s"><v>0</v></c>' * 16_000 + "</row>") * 4, texts="x" * 30_000
        ),
        "a far dimension": _xlsx("", dimension="A1:XFD1048576"),
        "entities": _xlsx(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>', entities
        ),
        "a part of zeros": _xlsx("", padding=300 * 1024 * 1024),
        "no sheet": _zip({"xl/workbook.xml": b"<workbook/>"}),
        "no workbook": _zip({"content.xml": b"<x/>", "mimetype": b"application/ods"}),
        "names that climb": _zip(
            {"../../evil": b"x", "/etc/evil": b"x", "xl/workbook.xml": b"<x/>"}
        ),
    }


def _xlsx(
    rows: str, doctype: str = "", dimension: str = "A1", padding: int = 0, at: str = "",
    texts: str = "", unique: int = 1,
) -> bytes:  # fmt: skip
    plain = openpyxl.Workbook()
    stream = io.BytesIO()
    plain.save(stream)
    sheet = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<worksheet xmlns="{_MAIN}">'
        f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    )
    with zipfile.ZipFile(stream) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    first = "xl/worksheets/sheet1.xml"
    related = "xl/_rels/workbook.xml.rels"
    content[at or first] = sheet.encode()
    if at:
        content[related] = content[related].replace(first.encode(), at.encode())
        content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(
            first.encode(), at.encode()
        )
        del content[first]
    if padding:
        content["xl/media/x.bin"] = b"\0" * padding
    if texts:
        content["xl/sharedStrings.xml"] = (
            f'<sst xmlns="{_MAIN}" count="{unique}" uniqueCount="{unique}">'
            f"<si><t>{texts}</t></si></sst>"
        ).encode()
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        one = f'<Relationship Id="rId99" Type="{kind}" Target="/xl/sharedStrings.xml"/>'
        content[related] = content[related].replace(
            b"</Relationships>", f"{one}</Relationships>".encode()
        )
    return _zip(content)


def _zip(content: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, body in content.items():
            parts.writestr(name, body)
    return stream.getvalue()
