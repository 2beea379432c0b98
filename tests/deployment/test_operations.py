"""The operations guide speaks of commands, tasks and errors that exist, and leaves none out."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from dean06 import errors, settings
from dean06.cli.app import app

GUIDES = (
    "docs/operations.md", "docs/how-to.md", "docs/how-to.vi.md", "README.md", "README.vi.md",
)  # fmt: skip
_COMMAND = re.compile(r"-m dean06 ([a-z][a-z-]+)((?:\s+[^`\n]*)?)`")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_it_names_exists(guide: str) -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    named = _COMMAND.findall((settings.PROJECT / guide).read_text(encoding="utf-8"))
    assert len(named) >= 3
    for name, rest in named:
        assert name in commands, name
        options = {word for param in commands[name].params for word in param.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options | {"--help"}, name


def test_every_error_is_explained() -> None:
    ours = [name for name in vars(errors) if name.endswith("Error")]
    table = Path(settings.PROJECT / "docs/operations.md").read_text(encoding="utf-8")
    assert len(ours) >= 8
    assert [name for name in ours if f"`{name}`" not in table] == []
