"""The help lists every command in a group, in the order of use."""

from itertools import chain

import typer
from typer.testing import CliRunner

from dean06.__main__ import serve
from dean06.cli.app import app
from dean06.cli.groups import GROUPS

assert callable(serve), "a command that the import above adds"


def test_every_command_is_in_one_group() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    listed = list(chain.from_iterable(GROUPS.values()))
    assert sorted(listed) == sorted(group.commands)
    assert len(set(listed)) == len(listed)


def test_the_help_lists_the_groups_in_their_order() -> None:
    said = CliRunner().invoke(app, ["--help"]).output
    places = [said.index(f" {title} ─") for title in GROUPS]
    assert places == sorted(places)
    assert said.index("summary") < said.index("backfill") < said.index("restricted-reads")
