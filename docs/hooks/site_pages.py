"""MkDocs hooks: pages of the repository's root, generated reference pages, links between them.

A link that works in the repository works on the site: a file of the root is a page of the site, and
a link to a file that is no page becomes its text.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from reference_pages import commands_page, settings_page

PROJECT = Path(__file__).resolve().parents[2]
ROOT_PAGES = {
    "README.md": "index.md",
    "README.vi.md": "index.vi.md",
    **{
        name: name
        for name in (
            "CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md",
        )
    },
}  # fmt: skip
"""Files of the repository's root, and the pages that they become."""
_LISTED = {"Decisions": "decisions", "Notes": "notes"}
"""Sections of the navigation that list a whole folder."""
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s#]*)((?:#[^)\s]*)?)\)")
_IMAGE = re.compile(r'src="([^":]+)"')


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Fill the sections of the navigation that list a folder."""
    config.nav = _filled(config.nav or [], Path(config.docs_dir))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the root, and the reference pages made from the code."""
    for name, page in ROOT_PAGES.items():
        files.append(File.generated(config, page, content=(PROJECT / name).read_text("utf-8")))
    files.append(File.generated(config, "reference/commands.md", content=commands_page()))
    files.append(File.generated(config, "reference/settings.md", content=settings_page()))
    return files


def on_page_markdown(markdown: str, page: Page, files: Files, **_: Any) -> str:
    """Turn links of the repository into links of the site."""
    source = page.file.src_uri
    in_repository = _repository_path(source)

    def link(match: re.Match[str]) -> str:
        mark, text, target, anchor = match.groups()
        if not target or "://" in target or target.startswith("mailto:"):
            return match.group()
        found = _site_path(posixpath.normpath(posixpath.join(in_repository, "..", target)))
        if files.get_file_from_path(found) is None:
            # A file of the repository that is no page keeps its text; a dead link stays, and the
            # strict build names it.
            exists = (PROJECT / posixpath.dirname(in_repository) / target).exists()
            return text if exists and not mark else match.group()
        return (
            f"{mark}[{text}]({posixpath.relpath(found, posixpath.dirname(source) or '.')}{anchor})"
        )

    def image(match: re.Match[str]) -> str:
        found = _site_path(posixpath.normpath(posixpath.join(in_repository, "..", match[1])))
        return f'src="{posixpath.relpath(found, posixpath.dirname(source) or ".")}"'

    return _IMAGE.sub(image, _LINK.sub(link, markdown))


def _filled(nav: list[Any], docs: Path) -> list[Any]:
    """The navigation with the pages of each listed folder, its README first."""
    filled = []
    for entry in nav:
        if isinstance(entry, dict):
            ((title, inside),) = entry.items()
            folder = _LISTED.get(title)
            if folder:
                pages = sorted(path.name for path in (docs / folder).glob("*.md"))
                pages.sort(key=lambda name: name != "README.md")
                entry = {title: [f"{folder}/{name}" for name in pages]}
            elif isinstance(inside, list):
                entry = {title: _filled(inside, docs)}
        filled.append(entry)
    return filled


def _repository_path(page: str) -> str:
    """Where the text of a page of the site is in the repository."""
    for name, made in ROOT_PAGES.items():
        if page == made:
            return name
    return f"docs/{page}"


def _site_path(path: str) -> str:
    """Which page or file of the site a file of the repository is."""
    return ROOT_PAGES.get(path) or path.removeprefix("docs/")
