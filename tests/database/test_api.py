"""The API shows what mart shows its readers, all of it and nothing else: on a real server."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dean06 import settings
from dean06.proof import keys, signing
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib import api, published
from tests.lib.api import DAY, RESTATING, REVISED, SMALL, Program
from tests.lib.loading import rows
from tests.lib.published import seen_by_bi

KEY = ("as_of_date", "kpi_code", "unit_level", "unit_code", "breakdown", "member_code")
CELL = (*KEY[1:4], "boundary_version", *KEY[4:])
NUMBERS = ("numerator", "denominator", "value")
RESIDENTS = "population.permanent_residents"


@pytest.fixture(scope="module")
def prepared(cluster: Cluster, migrated: str) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
        with cluster.prepared(migrated, api.publish_world) as (name, _):
            yield name


@pytest.fixture
def program(cluster: Cluster, prepared: str, signed_folder: Path) -> Iterator[Program]:
    """A program that may read everything, of a warehouse of its own."""
    with cluster.copy(prepared), api.served() as url:
        yield Program(url)


def exact(body: bytes) -> list[dict[str, Any]]:
    """Rows of a page, with every digit of their numbers."""
    return list(json.loads(body, parse_float=Decimal)["data"])


def shown(row: Any, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("" if row[name] is None else str(row[name]) for name in columns)


@pytest.mark.parametrize("boundaries", ["as_reported", "current"])
def test_pages_hold_every_value_of_mart_once(program: Program, boundaries: str) -> None:
    columns = (*KEY, *NUMBERS, "missing_reason", "publication_id")
    expected = seen_by_bi(
        f"select {', '.join(columns)} from mart.kpi_latest where boundary_version = :boundaries",
        boundaries=boundaries,
    )
    found: list[dict[str, Any]] = []
    answer = program.ask(
        "/values", **{"from": DAY, "to": SMALL}, breakdown="all", boundaries=boundaries, limit=97
    )
    while following := answer.json()["next"]:
        found += exact(answer.content)
        assert len(answer.json()["data"]) == 97
        answer = program.ask(following)
    found += exact(answer.content)
    assert len(expected) > 500
    assert sorted(shown(row, columns) for row in found) == sorted(
        tuple("" if each is None else str(each) for each in row) for row in expected
    )
    assert [row["as_of_date"] for row in found] == sorted(row["as_of_date"] for row in found)


def test_what_is_published_meanwhile_is_on_no_later_page(program: Program) -> None:
    first = program.ask("/values", day=REVISED, limit=50).json()
    published.publish(REVISED, (RESIDENTS, "", "", 7, None))
    found, following = first["data"], first["next"]
    while following:
        page = program.ask(following).json()
        assert page["newest_publication"] == first["newest_publication"]
        found, following = found + page["data"], page["next"]
    assert {row["publication_id"] for row in found} == {RESTATING}
    ((many,),) = seen_by_bi(
        """select count(*) from mart.kpi_value where publication_id = :number and breakdown = ''
               and boundary_version = 'as_reported'""",
        number=RESTATING,
    )
    assert len({shown(row, KEY) for row in found}) == len(found) == many
    (row,) = program.all("/values", day=REVISED)
    assert (row["numerator"], row["publication_id"]) == (7, first["newest_publication"] + 1)


def test_values_are_as_they_were_known_at_a_moment(program: Program) -> None:
    moments = {row["publication_id"]: row["published_at"] for row in program.all("/publications")}
    for moment, number in (
        (moments[RESTATING - 1], RESTATING - 1), (moments[RESTATING], RESTATING),
        ("2099-01-01T00:00:00", RESTATING),
    ):  # fmt: skip
        found = program.all("/values", day=REVISED, breakdown="all", as_of=moment, limit=1000)
        assert {row["publication_id"] for row in found} == {number}
    assert program.all("/values", as_of="2001-01-01T00:00:00Z") == []
    newest = program.ask("/values", as_of=moments[1]).json()
    assert {row["as_of_date"] for row in newest["data"]} == {DAY}


def test_a_hidden_cell_says_that_it_is_hidden_and_no_number(program: Program) -> None:
    withheld = rows(
        f"""select {", ".join(CELL)}, numerator from ops.kpi_withheld where publication_id =
            (select max(publication_id) from mart.kpi_publication)"""
    )
    known = {tuple(row[:6]): row[6] for row in withheld}
    assert known["eid.accounts_level_1", "province", "82", "as_reported", "", ""] == 2
    hidden = [
        row
        for boundaries in ("as_reported", "current")
        for row in program.all("/values", breakdown="all", boundaries=boundaries, limit=1000)
        if row["is_suppressed"]
    ]
    assert len(hidden) >= 2
    for row in hidden:
        assert (row["missing_reason"], *(row[name] for name in NUMBERS)) == ("hidden", *[None] * 3)
    assert {tuple(row[name] for name in CELL) for row in hidden} <= known.keys()
    table = program.ask("/values", {"Accept": "text/csv"}, kpi="eid.accounts_level_1").text
    (line,) = [row for row in csv.DictReader(io.StringIO(table)) if row["unit_level"] == "province"]
    assert (line["missing_reason"], *(line[name] for name in NUMBERS)) == ("hidden", "", "", "")


def test_filters_choose_as_mart_would(program: Program) -> None:
    everything = program.all("/values", day=DAY, breakdown="all", limit=1000)
    for query, condition in (
        ({"kpi": RESIDENTS}, lambda row: row["kpi_code"] == RESIDENTS),
        ({"level": "commune"}, lambda row: row["unit_level"] == "commune"),
        ({"unit": "82"}, lambda row: row["unit_code"] == "82"),
        ({"province": "82", "period": "day"}, lambda row: row["period"] == "day"),
        ({"base": RESIDENTS}, lambda row: row["base_code"] == RESIDENTS),
        ({"breakdown": "dataset"}, lambda row: row["breakdown"] == "dataset"),
        ({"kpi": "no.such_kpi"}, lambda _: False),
    ):
        found = program.all("/values", day=DAY, **{"breakdown": "all", **query}, limit=333)
        assert found == [row for row in everything if condition(row)], query


def test_csv_has_the_same_rows_and_names_the_next_page_in_a_header(program: Program) -> None:
    for path in ("/values", "/kpis", "/revisions", "/publications"):
        document = program.ask(path, limit=2).json()
        answer = program.ask(path, {"Accept": "text/csv;q=0.9, application/json;q=0.1"}, limit=2)
        assert answer.headers["content-type"].startswith("text/csv")
        lines = list(csv.reader(io.StringIO(answer.text)))
        assert lines[0] == list(document["data"][0])
        assert len(lines) - 1 == len(document["data"])
        assert answer.headers["link"] == f'<{document["next"]}>; rel="next"'
        following = program.ask(document["next"], {"Accept": "text/csv"})
        assert following.text.splitlines()[0] == answer.text.splitlines()[0]
        assert following.text.splitlines()[1] not in answer.text
    assert program.ask("/values", {"Accept": "application/xml"}).status_code == 406
    assert program.ask("/kpis/eid.accounts", {"Accept": "text/csv"}).status_code == 406


def test_what_has_not_changed_is_not_sent_again(program: Program) -> None:
    first = program.ask("/values")
    tag = {"If-None-Match": f'"other", {first.headers["etag"]}'}
    again = program.ask("/values", tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert program.ask("/values", {**tag, "Accept": "text/csv"}).status_code == 200
    assert program.ask("/values", tag, limit=1).status_code == 200
    published.publish(SMALL, (RESIDENTS, "", "", 8, None))
    assert program.ask("/values", tag).status_code == 200
    for path in ("/kpis", f"/kpis/{RESIDENTS}", "/publications", "/keys"):
        tag = {"If-None-Match": program.ask(path).headers["etag"]}
        assert program.ask(path, tag).status_code == 304, path


@pytest.mark.parametrize("limit", [7, 1000])
def test_revisions_are_those_of_mart_with_their_causes(program: Program, limit: int) -> None:
    found = program.all("/revisions", breakdown="all", limit=limit)
    columns = ("publication_id", *CELL, "numerator_before", "denominator_before", *NUMBERS[:2])
    expected = seen_by_bi(f"select {', '.join(columns)} from mart.kpi_revision")
    assert len(expected) > 20
    assert sorted(shown(row, columns) for row in found) == sorted(
        tuple("" if each is None else str(each) for each in row) for row in expected
    )
    assert {row["replaces"] for row in found} == {RESTATING - 1}
    ours = [row["causes"] for row in found if row["kpi_code"] == "eid.accounts"]
    assert ours[0] == [
        {"cause": "late_rows", "dataset": "police.eid_account", "rows": 12},
        {"cause": "corrected_rows", "dataset": "police.eid_account", "rows": None},
    ]
    assert program.all("/revisions", since=RESTATING) == []


def test_many_publications_are_compared_a_few_at_a_time(program: Program) -> None:
    for number in range(1, 41):
        published.publish("2022-12-01", (RESIDENTS, "", "", number, None))
    first = program.ask("/revisions", **{"from": "2022-12-01"}, limit=1000).json()
    assert len(first["data"]) == 31
    for limit in (3, 1000):
        found = program.all("/revisions", day="2022-12-01", limit=limit)
        assert [row["numerator"] for row in found] == list(range(2, 41))
        assert [row["numerator_before"] for row in found] == list(range(1, 40))


def test_a_revision_shows_nothing_of_a_cell_that_was_hidden(program: Program) -> None:
    published.publish(SMALL, ("eid.accounts_level_1", "", "", 70, None))
    found = program.all("/revisions", day=SMALL, breakdown="all", limit=13)
    columns = (*CELL, "numerator_before", "denominator_before", "value_before", *NUMBERS)
    expected = seen_by_bi(
        f"select {', '.join(columns)} from mart.kpi_revision where as_of_date = :day", day=SMALL
    )
    assert sorted(shown(row, columns[:-1]) for row in found) == sorted(
        tuple("" if each is None else str(each) for each in row[:-1]) for row in expected
    )
    cell = ("eid.accounts_level_1", "province", "82", "as_reported", "", "")
    (row,) = [row for row in found if tuple(row[name] for name in CELL) == cell]
    assert (row["value_before"], row["missing_reason_before"]) == (None, "hidden")
    assert (row["numerator_before"], row["numerator"]) == (None, 70)


def test_a_folder_copied_through_the_api_is_genuine(program: Program, tmp_path: Path) -> None:
    assert program.ask("/publications/1/proof").status_code == 404
    signing.sign_due()
    keys.write_public(keys.newest(), tmp_path / "public.pem")
    copy = tmp_path / "copy"
    for folder in ("publications", "proofs", "heads", "keys"):
        (copy / folder).mkdir(parents=True)
    for row in program.all("/publications", limit=2):
        number = row["publication_id"]
        proof = program.ask(f"/publications/{number}/proof").json()
        for head in proof.pop("heads"):
            (copy / f"heads/{number:06}-{head['key_id']}.txt").write_text(head["note"])
        (copy / f"proofs/{number:06}.json").write_text(msgspec.json.encode(proof).decode())
        file = program.ask(f"/publications/{number}/file", {"Accept": "text/csv"})
        (copy / f"publications/{number:06}.csv").write_bytes(file.content)
        tag = {"If-None-Match": file.headers["etag"]}
        assert program.ask(f"/publications/{number}/file", tag).status_code == 304
    for statement in program.ask("/keys").json()["statements"]:
        (copy / "keys" / statement["name"]).write_text(statement["note"])
    done = subprocess.run(
        [sys.executable, settings.PROJECT / "include/verify.py", copy, "--key",
         tmp_path / "public.pem"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("GENUINE: 4 publications"), done.stdout + done.stderr


def test_the_catalogue_has_every_kpi_once(program: Program) -> None:
    expected = seen_by_bi("select distinct kpi_code from mart.kpi_definition order by 1")
    found = program.all("/kpis", limit=17)
    assert sorted(row["kpi_code"] for row in found) == [code for (code,) in expected]
    assert program.ask(f"/kpis/{RESIDENTS}").json() in found
    assert program.ask("/kpis/no.such_kpi").status_code == 404


def test_it_reads_as_a_reader_of_mart_and_cannot_do_more(program: Program) -> None:
    """Were ``mart`` closed to BI, the API would have nothing to show."""
    with transaction(role="") as session:
        session.run("revoke select on mart.kpi_value from dean06_bi")
    answer = program.ask("/values")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "kpi_value" not in answer.text
    assert program.ask("/kpis").status_code == 200
