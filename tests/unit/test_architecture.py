"""docs/architecture.md names tests that exist; documents link to files and headings that exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from dean06 import settings

PAGE = settings.PROJECT / "docs" / "architecture.md"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_INVARIANT = re.compile(r"^### (\d+)\. ", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]+))?\)")
_OF_ANY_DAY = {
    "include/sql/api/values.sql": ["named"],
    "include/sql/kpi_build/lost_units.sql": ["unit"],
}
"""Aliases under which a statement asks what a code has meant on any day at all: which levels it
had, whether it was a unit."""
_UNITS = re.compile(r"\b(?:from|join) mart\.dim_admin_unit(?: as (\w+))?")


def functions_of(path: Path) -> set[str]:
    """The test functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_invariant_names_tests_and_they_exist() -> None:
    parts = _INVARIANT.split(PAGE.read_text(encoding="utf-8"))[1:]
    named = {
        int(number): _NAMED.findall(text)
        for number, text in zip(parts[::2], parts[1::2], strict=True)
    }
    assert [number for number, tests in named.items() if tests] == list(range(1, 13))
    missing = [
        f"{file}::{test}"
        for tests in named.values()
        for file, test in tests
        if not (settings.PROJECT / file).is_file()
        or test not in functions_of(settings.PROJECT / file)
    ]
    assert missing == []


def test_every_wall_of_the_threat_model_names_tests_that_exist() -> None:
    text = (settings.PROJECT / "SECURITY.md").read_text(encoding="utf-8")
    walls = [line for line in text.splitlines() if line.startswith("| ")][1:]
    named = [re.findall(r"`(tests/[\w/]+\.py)`", line) for line in walls]
    assert all(named)
    assert [f for files in named for f in files if not (settings.PROJECT / f).is_file()] == []


def test_what_is_no_room_is_little() -> None:
    """So that the folder shows the architecture: rooms, and the ground they stand on."""
    assert len([*(settings.PROJECT / "plugins/dean06").glob("*.py")]) <= 14


def test_the_page_lists_every_room() -> None:
    rooms = {
        path.parent.name for path in (settings.PROJECT / "plugins/dean06").glob("*/__init__.py")
    }
    listed = set(re.findall(r"`(\w+)/`", PAGE.read_text(encoding="utf-8")))
    assert rooms - listed == set()


def joins_without_day(text: str) -> Iterator[str]:
    """Aliases under which a statement reads administrative units without looking at their dates."""
    for alias in _UNITS.findall(text):
        if not re.search(rf"\b{alias}\.valid_from\b" if alias else r"\bvalid_from\b", text):
            yield alias or "mart.dim_admin_unit"


def test_no_statement_joins_a_unit_by_its_code_alone() -> None:
    """Codes are re-used with other meanings since 2025-07-01."""
    files = [
        *(settings.PROJECT / "include/sql").rglob("*.sql"),
        *(settings.PROJECT / "plugins/dean06").rglob("*.py"),
    ]
    texts = {
        str(path.relative_to(settings.PROJECT)): path.read_text(encoding="utf-8") for path in files
    }
    assert sum(bool(_UNITS.search(text)) for text in texts.values()) > 5
    found = {path: list(joins_without_day(text)) for path, text in texts.items()}
    assert {path: aliases for path, aliases in found.items() if aliases} == _OF_ANY_DAY


def headings_of(page: Path) -> set[str]:
    """The anchors of a Markdown page, as GitHub makes them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def dead_links(page: Path) -> list[str]:
    """Relative links of a page that lead to no file, or to no heading of it."""
    found = []
    for path, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / path).resolve() if path else page
        is_dead = not target.exists() or (anchor and anchor not in headings_of(target))
        if "://" not in path and is_dead:
            found.append(f"{page.name}: {path}#{anchor}")
    return found


def test_links_of_the_documents_lead_somewhere() -> None:
    pages = [*settings.PROJECT.glob("*.md"), *(settings.PROJECT / "docs").rglob("*.md")]
    assert len(pages) > 30
    assert [link for page in pages for link in dead_links(page)] == []


def test_every_decision_is_in_the_index() -> None:
    folder = settings.PROJECT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}[\w-]*\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in folder.glob("0*.md"))


def test_documents_in_both_languages_have_the_same_parts() -> None:
    for name in ("README", "docs/how-to", "docs/start", "docs/deployment"):
        english, vietnamese = (
            (settings.PROJECT / f"{name}{suffix}").read_text(encoding="utf-8")
            for suffix in (".md", ".vi.md")
        )
        for marker in ("## ", "|", "`make ", "python -m dean06 "):
            assert english.count(marker) == vietnamese.count(marker), (name, marker)
