"""Every command that a document, a page, a message or another command hints at, as it is written.

A command is what stands in code or quotes and begins with ``make`` or ``python -m``; unquoted, a
``python -m dean06 <name>`` with its options. In Python only strings count, whole as they are shown.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dean06 import settings

_DOCUMENTS = ("*.md", "docs/*.md", ".env.example", "docker-compose.yaml", "Makefile")
_SHOWN = (
    "plugins/dean06/**/*.py", "plugins/dean06/**/*.html", "include/onebox/*.py",
    "include/templates/**/*.*",
)  # fmt: skip
_PROGRAM = r"(?:(?:\.venv/bin/)?python3? -m (?:dean06|onebox|ministries)\b(?! ?\.)|make(?= [a-z]))"
_QUOTED = re.compile(rf"(?P<mark>``|[`'])(?P<command>{_PROGRAM}[^`'\n]*)(?P=mark)")
_FENCED = re.compile(rf"^(?P<command>{_PROGRAM}[^#\n]*)", re.MULTILINE)
_BARE = re.compile(
    r"(?P<command>(?:\.venv/bin/)?python3? -m dean06 [a-z][a-z-]+(?: --[a-z-]+(?: [^\s`'-]\S*)?)*"
    r"|make [a-z-]+(?: [A-Z_]+=\S+)+)"
)
_OPEN = {"…": "2022-11-03", "$day": "03", "FILE": "file", "TỆP": "file"}
"""What a document leaves open, and something to stand for it."""


@dataclass(frozen=True)
class Command:
    """One command and where it is written."""

    text: str
    places: tuple[str, ...]

    @property
    def names_only(self) -> bool:
        """Whether the text names a command without anything that it may need."""
        return len(self.text.removeprefix(".venv/bin/").split()) == (2 if self.is_make else 4)

    @property
    def is_make(self) -> bool:
        """Whether ``make`` runs it."""
        return self.text.startswith("make ")

    @property
    def filled(self) -> str:
        """The command with something in every place that the text leaves open."""
        text = self.text
        for sign, word in _OPEN.items():
            text = text.replace(sign, word)
        return re.sub(r"\[([A-Z_]+=[^\]]*)\]", r"\1", text)


def written() -> list[Command]:
    """All commands of the project, each once."""
    found: dict[str, set[str]] = {}
    for pattern in (*_DOCUMENTS, *_SHOWN):
        for path in settings.PROJECT.glob(pattern):
            if path.name == "CHANGELOG.md":
                continue  # what was, not what is
            for text in _texts(path):
                for command in commands_in(text, fenced=path.suffix == ".md"):
                    found.setdefault(command, set()).add(str(path.relative_to(settings.PROJECT)))
    return [Command(text, tuple(sorted(places))) for text, places in sorted(found.items())]


def commands_in(text: str, *, fenced: bool = False) -> Iterator[str]:
    """Commands of a text; ``fenced``: also lines of a Markdown block."""
    quoted = list(_QUOTED.finditer(text))
    rest = _QUOTED.sub("``", text)
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL) if fenced else []
    lines = [match for block in blocks for match in _FENCED.finditer(block)]
    for match in (*quoted, *lines, *_BARE.finditer(rest)):
        command = " ".join(match["command"].split()).rstrip(
            '.,;:)"' if match["command"].count('"') % 2 else ".,;:)"
        )
        if not command.endswith(("make", "-m dean06 …", "-m dean06", "-m ministries", "-m onebox")):
            yield command


def _texts(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield text
        return
    waiting: list[ast.AST] = [ast.parse(text)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):  # whole as it is shown: its parts are no texts
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values
            )
        else:
            waiting.extend(ast.iter_child_nodes(node))
