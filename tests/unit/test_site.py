"""The documentation site builds offline, fetches nothing from elsewhere and omits no setting."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from dean06 import __version__, settings

_READ = re.compile(r"(?:environ(?:\.get\(|\[)|\bvalue\()\s*\"(DEAN06_[A-Z_]+)\"")
_FETCHED = re.compile(
    r"<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//[^\s>]+"
    r"|url\([\"']?(?:https?:)?//|@import[^;]+//"
)


def build(out: Path) -> subprocess.CompletedProcess[str]:
    """Build the site as ``make docs`` does, into another folder. (``--quiet`` would hide dead
    links from the strict mode.)"""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(out)],
        cwd=settings.PROJECT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    built = build(out)
    assert built.returncode == 0, built.stderr
    return out


def fetched(site: Path) -> Iterator[str]:
    """What browsers would fetch from other servers when they open a page."""
    for path in [*site.rglob("*.html"), *site.rglob("*.css")]:
        yield from _FETCHED.findall(path.read_text(encoding="utf-8"))


def test_every_document_is_a_page(site: Path) -> None:
    documents = (settings.PROJECT / "docs").rglob("*.md")
    pages = {str(path.relative_to(settings.PROJECT / "docs")) for path in documents}
    assert len(pages) > 70
    made = {
        str(path.relative_to(site).with_suffix(".md")).replace("index.md", "README.md")
        for path in site.rglob("*.html")
    }
    assert pages - made == set()


def test_pages_fetch_nothing_from_other_servers(site: Path) -> None:
    assert list(fetched(site)) == []


def test_a_page_that_fetches_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<script src="https://cdn.example/a.js"></script>')
    (tmp_path / "a.css").write_text("@font-face {src: url(https://fonts.example/a.woff)}")
    assert len(list(fetched(tmp_path))) == 2


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    place = settings.PROJECT / "docs/hooks/reference_pages.py"
    spec = util.spec_from_file_location("reference_pages", place)
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_settings_page_has_every_variable_that_the_code_reads(reference: ModuleType) -> None:
    folders = ("plugins", "include/onebox")
    files = [file for name in folders for file in (settings.PROJECT / name).rglob("*.py")]
    read = {name for file in files for name in _READ.findall(file.read_text(encoding="utf-8"))}
    assert len(read) > 15
    assert [name for name in sorted(read) if f"`{name}`" not in reference.settings_page()] == []


def test_the_commands_page_has_help_for_every_option(reference: ModuleType) -> None:
    page = reference.commands_page()
    assert "### python -m dean06 replay\n" in page
    assert "| `--why` | required |" in page
    assert re.findall(r"^\| `--[^|]+\|[^|]*\|\s*\|$", page, re.MULTILINE) == []


def test_the_version_is_that_of_the_newest_section_of_the_changelog() -> None:
    changelog = (settings.PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)[0] == __version__
