"""Reads ``docker-compose.yaml`` as Docker Compose does: merges, interpolation, shell commands.

There is no Docker engine where the tests run, so the few rules of Compose that matter here are
restated from the Compose Specification (interpolation, section 12) and kept small.
"""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = PROJECT / "docker-compose.yaml"
DOCKERFILE = PROJECT / "Dockerfile"
ENV_EXAMPLE = PROJECT / ".env.example"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SHELL_WORDS = {"if", "then", "else", "fi", "exec", "!"}
_SHELL_BUILTINS = {"[", "test", "set", ":", "cd", "export", "echo"}


class MissingVariableError(Exception):
    """A variable the file requires is unset or empty."""


def load() -> dict[str, Any]:
    """The file with anchors and merge keys resolved, not yet interpolated."""
    document: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return document


def interpolate(node: Any, variables: Mapping[str, str]) -> Any:
    """Put variables into every string value, as ``docker compose config`` does."""
    if isinstance(node, dict):
        return {key: interpolate(value, variables) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolate(value, variables) for value in node]
    return substitute(node, variables) if isinstance(node, str) else node


def substitute(text: str, variables: Mapping[str, str]) -> str:
    """Resolve ``$$``, ``${NAME}``, ``${NAME:-default}`` (may nest) and ``${NAME:?message}``."""
    result, position = "", 0
    while (dollar := text.find("$", position)) >= 0:
        result += text[position:dollar]
        if text.startswith("$$", dollar):
            result, position = result + "$", dollar + 2
            continue
        if not text.startswith("${", dollar):
            raise ValueError(f"write ${{NAME}} or $$ in: {text}")
        end = _closing_brace(text, dollar + 2)
        result += _resolve(text[dollar + 2 : end], variables)
        position = end + 1
    return result + text[position:]


def _closing_brace(text: str, start: int) -> int:
    depth = 1
    for index in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return index
    raise ValueError(f"unclosed brace in: {text}")


def _resolve(expression: str, variables: Mapping[str, str]) -> str:
    name = _name(expression)
    operator, operand = expression[len(name) :][:2], expression[len(name) + 2 :]
    value = variables.get(name, "")
    if operator == "":
        return value
    if operator == ":-":
        return value or substitute(operand, variables)
    if operator == ":?":
        if not value:
            raise MissingVariableError(name)
        return value
    raise ValueError(f"unexpected operator in ${{{expression}}}")


def _name(expression: str) -> str:
    match = _NAME.match(expression)
    if match is None:
        raise ValueError(f"no variable name in ${{{expression}}}")
    return match.group()


def expressions(text: str) -> dict[str, set[str]]:
    """Every variable the text names, with the operators it is used with (``""`` when none)."""
    found: dict[str, set[str]] = {}
    for match in re.finditer(r"(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)(:?[-?+]|)", text):
        found.setdefault(match[1], set()).add(match[2])
    return found


def handed_on(document: Mapping[str, Any]) -> set[str]:
    """Variables that Compose hands on from ``.env`` when set there, and does without when not.

    Environment names without a value, and secrets made from a variable.
    """
    return {
        name
        for service in document["services"].values()
        for name, value in service.get("environment", {}).items()
        if value is None
    } | {secret["environment"] for secret in document["secrets"].values()}


def documented() -> dict[str, tuple[str, str]]:
    """Variables of ``.env.example``: value, and the comment block above."""
    found: dict[str, tuple[str, str]] = {}
    comment: list[str] = []
    for line in ENV_EXAMPLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
        elif line.strip():
            name, _, value = line.partition("=")
            found[name] = (value, "\n".join(comment))
            comment = []
        else:
            comment = []
    return found


def commands(argv: list[str]) -> list[list[str]]:
    """The programs an argument list starts: itself, or what its shell text runs."""
    if argv[0] in {"sh", "bash"}:
        return shell_commands(argv[-1])
    return [argv]


def shell_commands(text: str) -> list[list[str]]:
    """Split plain shell text (no heredocs, no loops) into the commands it runs."""
    found: list[list[str]] = []
    for line in text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        current: list[str] = []
        for token in [*lexer, ";"]:
            if token in {";", "&&", "||", "|"}:
                if current and current[0] not in _SHELL_BUILTINS:
                    found.append(current)
                current = []
            elif current or token not in _SHELL_WORDS:
                current.append(token)
    return found


def health_command(service: Mapping[str, Any]) -> list[list[str]]:
    """The programs a service's health check starts."""
    kind, *rest = service["healthcheck"]["test"]
    if kind == "CMD-SHELL":
        return shell_commands(rest[0])
    if kind == "CMD":
        return [rest]
    raise ValueError(f"unexpected health check: {kind}")


def dockerfile() -> list[str]:
    """The Dockerfile's instructions, one a line."""
    text = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def image_setting(name: str) -> str:
    """The value an ENV instruction of the image gives to a variable."""
    found = re.search(rf"^ENV\b.*?\b{name}=(\S+)", "\n".join(dockerfile()), re.MULTILINE)
    assert found, f"the image does not set {name}"
    return found[1]


def copied_into_image() -> list[str]:
    """Paths of the project that the Dockerfile copies."""
    return [
        source
        for line in dockerfile()
        if line.startswith("COPY") and "--from=" not in line
        for source in shlex.split(line)[1:-1]
    ]
