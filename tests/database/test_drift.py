"""Fields that the contract does not know: their names are reported, and hide no personal ID."""

from typer.testing import CliRunner

from dean06 import contract
from dean06.cli.app import app
from dean06.load.stage import stage
from tests.lib.loading import land, load_police, resident, rows

DAY = "2022-10-31"


def test_unknown_field_names_are_masked(warehouse: str) -> None:
    load_police("one", DAY, [resident(**{"082190777777": "x", "x" * 200: "y"})])
    ((drift,),) = rows("select drift from ops.load where dataset_code = 'resident'")
    assert sorted(drift) == ["#", "x" * 60]


def test_an_unknown_field_name_that_is_no_utf8_stops_nothing(warehouse: str) -> None:
    insured = contract.load("insurance").dataset("participant")
    names = [*(str(column.wire_name) for column in insured.staged), "Ghi ch\udcfa"]
    text = f"{','.join(names)}\n{','.join('x' for _ in names)}\n"
    land(insured, "one", DAY, text.encode(errors="surrogateescape"), 1)
    stage(insured, "one")
    assert rows("select status, drift from ops.load") == [("staged", ["Ghi ch#"])]


def test_a_field_name_is_no_style_of_the_report(warehouse: str) -> None:
    load_police("one", DAY, [resident(**{"ghi chú [/x][conceal]": "y"})])
    shown = CliRunner().invoke(app, ["report", "--day", DAY])
    assert shown.exit_code == 0, shown.output
    assert "ghi chú [/x][conceal]" in shown.output
