"""Every command that a text hints at is known to the real command line, with all it needs."""

import os
import re
import shlex
import subprocess

import pytest
import typer
from typer._click.exceptions import UsageError  # typer has a click of its own

import ministries.cli
import onebox.cli
from dean06 import settings
from dean06.__main__ import serve
from dean06.cli.app import app
from tests.lib import documented
from tests.lib.commands import Command, commands_in, written

assert callable(serve), "a command that the import above adds"
PROGRAMS = {"dean06": app, "onebox": onebox.cli.app, "ministries": ministries.cli.app}
MAKEFILE = (settings.PROJECT / "Makefile").read_text(encoding="utf-8")


def parse(command: Command) -> None:
    """Raises UsageError for a command or option that does not exist, or one that lacks."""
    words = shlex.split(command.filled)
    program = words[words.index("-m") + 1]
    if words[words.index("-m") + 2 :] == ["--help"]:
        return
    group = typer.main.get_command(PROGRAMS[program])
    assert isinstance(group, typer.core.TyperGroup)
    with group.make_context(program, words[words.index("-m") + 2 :]) as context:
        name, found, rest = group.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        assert found is not None
        if not command.names_only:
            found.make_context(name, rest, parent=context)


def dry_run(command: Command) -> subprocess.CompletedProcess[str]:
    """``make -n``, and really what its targets ask of their variables."""
    words = shlex.split(command.filled)
    done = make(words)
    if done.returncode == 0 and len(words) > 2:
        for guard in re.findall(r"^test -n .*?(?= \|\| )", done.stdout, re.MULTILINE):
            assert subprocess.run(["sh", "-c", guard], check=False).returncode == 0, command
    return done


def make(words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-n", *words[1:]], cwd=settings.PROJECT, capture_output=True, text=True,
        check=False, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip


COMMANDS = written()


def test_commands_are_collected_from_every_kind_of_text() -> None:
    places = {place for command in COMMANDS for place in command.places}
    assert {"README.md", "README.vi.md", "docs/how-to.vi.md", "Makefile"} <= places
    assert {"include/onebox/cli.py", "plugins/dean06/reports/day.py"} <= places
    assert len(COMMANDS) > 60


@pytest.mark.parametrize(
    "command", [c for c in COMMANDS if not c.is_make], ids=lambda command: command.text
)
def test_a_command_is_one_of_the_command_line(command: Command) -> None:
    parse(command)


def test_a_target_is_one_of_the_makefile_and_gets_what_it_needs() -> None:
    for command in COMMANDS:
        if command.is_make:
            done = dry_run(command)
            assert done.returncode == 0, (command, done.stderr)
            for name in re.findall(r"\b([A-Z_]+)=", command.text):
                assert f"$({name})" in MAKEFILE, (command, name)


@pytest.mark.parametrize(
    "wrong", ["quarantines", "report --dey 2022-10-31", "kpi --day 2022-10-31", "report --day now"]
)
def test_a_command_that_does_not_exist_or_lacks_something_is_noticed(wrong: str) -> None:
    with pytest.raises(UsageError):
        parse(Command(f"python -m dean06 {wrong}", ("README.md",)))


def test_every_command_is_run_as_written_or_listed_with_the_reason_why_not() -> None:
    """``tests/end_to_end/test_documented_commands.py`` runs them."""
    assert documented.uncovered(COMMANDS) == set()
    assert documented.stale(COMMANDS) == set()
    run = {documented.canonical(step.command) for step in documented.steps()}
    assert run & set(map(documented.canonical, documented.NOT_RUN)) == set()


def test_a_command_that_nobody_runs_and_one_that_nobody_writes_are_noticed() -> None:
    new = Command("python -m dean06 report --day 2022-10-31", ("README.md",))
    assert documented.uncovered([new]) == {new.text}
    assert documented.MAKE_RUN in documented.stale([new])


def test_a_target_that_does_not_exist_is_noticed() -> None:
    assert make(["make", "runn"]).returncode != 0


def test_commands_are_recognised_in_code_in_quotes_and_bare() -> None:
    text = (
        "`make run` or 'make sync DAY=2022-11-03', then: python -m dean06 report --day 2022-11-03."
    )
    assert list(commands_in(text)) == [
        "make run", "make sync DAY=2022-11-03", "python -m dean06 report --day 2022-11-03",
    ]  # fmt: skip
    block = "```\nmake run     # start\n```\nPeople make no errors; `make` it so."
    assert list(commands_in(block, fenced=True)) == ["make run"]
