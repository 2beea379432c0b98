"""The parts of a workbook around its sheets: which there are, shared texts, number formats.

Found as Excel finds them: from relationship to relationship, wherever the archive stores them. Both
spellings of the standard are read, transitional and strict. Only the standard library is used.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, iterparse, parse  # bounded child process
from zipfile import ZipFile

from dean06.wire.number_formats import BUILT_IN

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
"""What all parts may unpack to: a hundred thousand candidates need a tenth."""


class RefusedError(Exception):
    """A workbook that is not read, with the reason as a detail; never a word of the workbook.

    The process that reads a workbook writes code and parameters down for the one that has texts.
    """

    def __init__(self, code: str, **parameters: int) -> None:
        super().__init__(code)
        self.code, self.parameters = code, parameters


@dataclass(frozen=True)
class SheetPart:
    """Where a worksheet is stored, and whether people see it."""

    part: str
    is_visible: bool


@dataclass(frozen=True)
class Parts:
    """What a cell needs beside its own XML."""

    sheets: list[SheetPart]
    from_1904: bool
    _strings: list[str]
    _formats: list[str]

    def string(self, index: int) -> str:
        """A shared text by its number."""
        if index < 0:
            raise IndexError
        return self._strings[index]

    def format_of(self, style: str | None) -> str:
        """The number format of a cell's style."""
        index = int(style or 0)
        return self._formats[index] if 0 <= index < len(self._formats) else ""


def local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def text_of(element: Element) -> str:
    """The text of a string item, without the reading aids of phonetic runs (``rPh``)."""
    return "".join(
        (child.text or "") if local(child.tag) == "t" else text_of(child)
        for child in element
        if local(child.tag) in {"t", "r"}
    )


def read_parts(archive: ZipFile) -> Parts:
    """Everything around the sheets. Raises RefusedError when the archive is no XLSX workbook."""
    if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise RefusedError("workbook_unpacks_too_large", most=MAX_UNPACKED_BYTES)
    names = {name.lower().lstrip("/"): name for name in archive.namelist()}
    if len(names) != len(archive.namelist()):
        raise RefusedError("workbook_part_twice")
    package = _Package(archive, names)
    main = next((part for kind, part in package.related("").values() if kind == _MAIN), None)
    if main is None:
        raise RefusedError(_OTHER_KINDS.get(_first_kind(names), "workbook_no_workbook"))
    if main.endswith(".bin"):
        raise RefusedError("workbook_is_binary")
    return _of_workbook(package, main)


_MAIN, _SHEET, _STRINGS, _STYLES = "officeDocument", "worksheet", "sharedStrings", "styles"
_OTHER_KINDS = {
    "content.xml": "workbook_is_opendocument",
    "index/document.iwa": "workbook_is_numbers",
}


def _first_kind(names: dict[str, str]) -> str:
    return next((name for name in _OTHER_KINDS if name in names), "")


class _Package:
    """An archive whose parts are found by relationships; letter case does not count."""

    def __init__(self, archive: ZipFile, names: dict[str, str]) -> None:
        self._archive, self._names = archive, names

    def stored(self, part: str) -> str:
        """The name under which the archive stores a part. Raises RefusedError when it lacks it."""
        name = self._names.get(part.lower())
        if name is None:
            raise RefusedError("workbook_part_missing")
        return name

    def root(self, part: str) -> Element:
        """The XML of a small part."""
        with self._archive.open(self.stored(part)) as content:
            return parse(content).getroot()  # noqa: S314

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationships of a part (of the package for ""): id → the kind and the other part."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path.lower() not in self._names:
            return {}
        found = {}
        for relationship in self.root(path):
            if relationship.get("TargetMode") != "External":
                kind = relationship.get("Type", "").rpartition("/")[2]
                target = posixpath.join("/", folder, relationship.get("Target", ""))
                found[relationship.get("Id", "")] = (kind, posixpath.normpath(target).lstrip("/"))
        return found

    def elements(self, part: str, tag: str) -> Iterator[Element]:
        """The elements of that name in a large part, one at a time."""
        with self._archive.open(self.stored(part)) as content:
            for _, element in iterparse(content):  # noqa: S314
                if local(element.tag) == tag:
                    yield element
                    element.clear()


def _of_workbook(package: _Package, main: str) -> Parts:
    related = package.related(main)
    workbook = package.root(main)
    if local(workbook.tag) != "workbook":
        raise RefusedError("workbook_no_workbook")
    sheets, from_1904 = [], False
    for element in workbook.iter():
        if local(element.tag) == "workbookPr":
            from_1904 = element.get("date1904") in {"1", "true"}
        elif local(element.tag) == "sheet":
            kind, part = related.get(_relationship_of(element), ("", ""))
            if kind == _SHEET:
                is_visible = element.get("state", "visible") == "visible"
                sheets.append(SheetPart(package.stored(part), is_visible))
    if not sheets:
        raise RefusedError("workbook_no_sheet")
    parts = dict(related.values())
    return Parts(
        sheets,
        from_1904,
        _strings(package, parts[_STRINGS]) if _STRINGS in parts else [],
        _formats(package.root(parts[_STYLES])) if _STYLES in parts else [],
    )


def _relationship_of(sheet: Element) -> str:
    return next((value for name, value in sheet.items() if local(name) == "id" != name), "")


def _strings(package: _Package, part: str) -> list[str]:
    return [text_of(item) for item in package.elements(part, "si")]


def _formats(styles: Element) -> list[str]:
    """The number format of each cell style, by its number."""
    named = {
        int(item.get("numFmtId", -1)): item.get("formatCode", "")
        for item in styles.iter()
        if local(item.tag) == "numFmt"
    }
    formats = BUILT_IN | named
    return [
        formats.get(int(style.get("numFmtId", 0)), "")
        for group in styles
        if local(group.tag) == "cellXfs"
        for style in group
        if local(style.tag) == "xf"
    ]
