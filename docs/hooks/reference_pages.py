"""Reference pages read from the code: commands from the command lines, settings from their readers.

Nothing on these pages is typed by hand, so they cannot disagree with the program.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT / "plugins"), str(PROJECT / "include")]
_PROGRAMS = (
    ("python -m dean06", "dean06.__main__"),
    ("python -m onebox", "onebox.cli"),
    ("python -m ministries", "ministries.cli"),
)
_TARGET = re.compile(r"^([a-z][a-z-]*):.*## (.*)$", re.MULTILINE)

_READERS = ("value", "os.environ.get")
"""What reads a variable."""

_COMMANDS_HEAD = """# Commands

Read from the program when this site is built.
`python -m dean06 <command> --help` prints the same."""
_SETTINGS_HEAD = """# Settings

Environment variables, read from the code when this site is built. Credentials of sources are
Airflow connections (`dean06_<source>`)."""


def commands_page() -> str:
    """All targets of ``make`` and all commands, with their options, as Markdown."""
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = [(f"`make {name}`", text) for name, text in sorted(_TARGET.findall(makefile))]
    parts = [
        _COMMANDS_HEAD,
        "## make\n\n" + _table(("target", "what it does"), targets),
    ]
    parts += [_program(name, module) for name, module in _PROGRAMS]
    return "\n\n".join(parts) + "\n"


def settings_page() -> str:
    """All ``DEAN06_*`` variables with meaning and default, as Markdown."""
    return (
        "\n\n".join(
            (
                _SETTINGS_HEAD,
                "## The pipeline\n\nRead by `dean06` wherever it runs.\n\n"
                + _table(("variable", "default", "meaning"), _pipeline_settings()),
                "## One machine\n\nRead by `make run` and its sister targets.\n\n"
                + _table(("variable", "default"), _onebox_settings()),
                "## On a server\n\nRead by `docker-compose.yaml` from `.env`.\n\n"
                + _table(("variable", "meaning"), _server_settings()),
            )
        )
        + "\n"
    )


def _program(name: str, module: str) -> str:
    """A program's commands, each with what it does, its arguments and options."""
    from importlib import import_module

    from typer.main import get_command

    group: Any = get_command(import_module(module).app)
    parts = [f"## {name}"]
    for command in sorted(group.commands, key=str):
        found = group.commands[command]
        text = f"### {name} {command}\n\n{_plain(cleandoc(found.help or ''))}"
        rows = [
            (
                f"`{', '.join((*param.opts, *param.secondary_opts))}`",
                _default(param),
                _plain(getattr(param, "help", None) or ""),
            )
            for param in found.params
        ]
        parts.append(
            text + ("\n\n" + _table(("option", "default", "meaning"), rows) if rows else "")
        )
    return "\n\n".join(parts)


def _default(param: Any) -> str:
    """What a parameter is when it is not given."""
    if param.required:
        return "required"
    return (
        ""
        if param.default in (None, False, [], ()) or callable(param.default)
        else f"`{param.default}`"
    )


def _pipeline_settings() -> Iterator[tuple[str, ...]]:
    """From the functions that read a variable, in the modules that have them: docstring and
    result."""
    for module in ("dean06.settings", "dean06.open_data.publisher", "dean06.provinces.files"):
        for function in _tree(f"plugins/{module.replace('.', '/')}.py").body:
            if isinstance(function, ast.FunctionDef) and (name := _variable_of(function)):
                text = " ".join((ast.get_docstring(function) or "").split())
                meaning = text.replace(f" (``{name}``)", "")
                default = _default_setting(module, function.name, name)
                yield f"`{name}`", default, _plain(meaning)


def _variable_of(function: ast.FunctionDef) -> str | None:
    """The variable that a function reads."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _READERS:
            return str(ast.literal_eval(node.args[0]))
    return None


def _default_setting(module: str, function: str, variable: str) -> str:
    """What a setting is while its variable is not set."""
    from importlib import import_module

    from dean06.errors import Dean06Error

    kept = os.environ.pop(variable, None)
    try:
        value = getattr(import_module(module), function)()
    except Dean06Error:
        return "required"
    finally:
        if kept is not None:
            os.environ[variable] = kept
    text = str(value).replace(f"{PROJECT.as_uri()}/", "").replace(f"{PROJECT}/", "")
    return f"`{text}`" if value else "none"


def _onebox_settings() -> Iterator[tuple[str, ...]]:
    """From ``onebox.config``: ports, and variables with what follows their ``or``."""
    tree = _tree("include/onebox/config.py")
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_PORTS":
            for name, port in ast.literal_eval(node.value).items():
                yield f"`{name}`", f"`{port}`"
        if isinstance(node, ast.BoolOp) and isinstance(node.values[0], ast.Call):
            call = node.values[0]
            if ast.unparse(call.func) == "os.environ.get" and isinstance(
                call.args[0], ast.Constant
            ):
                default = ast.unparse(node.values[-1]).replace("PROJECT / ", "").strip("'")
                yield (
                    f"`{ast.literal_eval(call.args[0])}`",
                    "none" if default == "None" else f"`{default}`",
                )


def _server_settings() -> Iterator[tuple[str, ...]]:
    """From ``.env.example``: each variable with the comment above it."""
    comment: list[str] = []
    for line in (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines():
        if line.startswith("# ----") or not line:
            comment = []
        elif line.startswith("# "):
            comment.append(line[2:])
        else:
            yield f"`{line.split('=')[0]}`", _plain(" ".join(comment))
            comment = []


def _tree(path: str) -> ast.Module:
    return ast.parse((PROJECT / path).read_text(encoding="utf-8"))


def _plain(text: str) -> str:
    """A docstring's text as Markdown, without characters that Markdown would read as its own."""
    return text.replace("``", "`").replace("<", "&lt;").replace("{", "&#123;")


def _table(head: tuple[str, ...], rows: Any) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |"
        for line in lines
    )
