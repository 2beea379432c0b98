"""Both engines judge alike: each kind of rule over hostile texts, in PostgreSQL and in DuckDB.

PostgreSQL evaluates the condition as Great Expectations has it, with the parameters of a load as
literals; DuckDB evaluates what was compiled for all loads, with the parameters as variables. Every
way in which a suite uses an expectation is tried.
"""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import sqlalchemy as sa
from duckdb import DuckDBPyConnection
from psycopg2 import sql

from dean06 import contract, settings
from dean06.reference.tables import unit_spans
from dean06.rules import conditions, derived, variables
from dean06.rules.ahead import Request
from dean06.rules.compiled import CompiledSuite, ScanRule
from dean06.rules.compiler import compiled
from dean06.rules.conditions import RowRule
from dean06.rules.functions import define, give
from dean06.rules.suite import Rule, RuleMeta, Suite, read_suite
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib.hostile_texts import Pair, texts
from tests.lib.scaffolded import scaffolded

COLUMNS = ("value", "other")
CODES = ["28249", "28252", "28270", "11948", "03980", "82", "80", "001", "99999"]
NAMES = [
    "Nguyễn Thị Thử", "LÊ VĂN ĐỨC", "H'Hen Niê", "K’Brêu", "Trần Quốc Toản", "Y Ñơn Niê Kđăm",
    "Nguyeãn Vaên Huøng", "Phaïm Ñöùc Anh", "NguyÔn V¨n Hïng", "Lª ThÞ Hoa", "TrÇn §øc Th¾ng",
    "Phường Tân Định", "UBND xã Yên Lộc", "Michaël Noël", "Ðặng Văn An", "Нguyễn Văn",
    "Cao Bá Quát",
]  # fmt: skip
WRITTEN = [  # a text for each regular expression and list of values of the suites
    "2022", "A-1.b", "12", "DN4010123456789", "CT82-000000001", "000.00.18.H58-221030-0002",
    "1234", "NY82-000000001", "01/2022", "QG82-000000001", "PA82-000000001",
    "Sở Y tế, Công an tỉnh",
    "082190000001", "082490000001",
    "00000000", "H28249000001", "TC0000000001", "CC000000000001", "D001", "NV01",
    "E00000000001", "3401", "8219000000", "08219000001", "2023-2025", *CODES,
    "HS000001", "done", "true", "1000", "1000.50",
]  # fmt: skip
LISTS = [
    '[{"DuocSoHoa":"1","DuocTaiSuDung":"2","DuocLayTuKhoDMQG":"0"}]', '[{"Gia":20000}]', "[]",
    '[{"MaGiayToKetQua":"a","DuongDanTepTinKetQua":"http://a/b"}]',
]  # fmt: skip
KINDS = {
    "expect_column_values_to_be_null": "name",
    "expect_column_values_to_not_be_null": "name",
    "expect_column_values_to_match_regex": "code",
    "expect_column_values_to_have_shape": "code",
    "expect_column_values_to_be_vietnamese_text": "name",
    "expect_column_values_to_be_valid_dates": "date",
    "expect_column_values_to_be_no_later_than": "date",
    "expect_column_values_to_be_in_set": "code",
    "expect_column_values_to_be_numbers": "code",
    "expect_column_values_to_be_personal_ids": "code",
    "expect_column_values_to_be_units_of_their_day": "unit",
    "expect_column_values_to_be_clock_times": "date",
    "expect_column_values_to_be_within_window": "date",
    "expect_column_values_to_be_json_lists_of": "json",
}
SEEDS = {"name": NAMES, "code": WRITTEN, "json": LISTS, "date": WRITTEN, "unit": CODES}


def _spans(level: str, codes: set[str]) -> list[Any]:
    """As a load gives them: spans that allow the same of the codes are one."""
    spans: list[Any] = []
    for end, held in unit_spans(level):
        allowed = sorted(held & codes)
        if spans and spans[-1][1] == allowed:
            spans.pop()
        spans.append([end, allowed])
    return spans


@cache
def parameters() -> tuple[dict[str, Any], ...]:
    """What suites are given by a load: two loads, one of them the first."""
    common = {
        "commune_spans": _spans("commune", set(CODES)),
        "province_spans": _spans("province", set(CODES)),
        "procedure_codes": ["2.000889", *CODES],
    }
    return (
        {**common, "window_after": "", "window_until": "2025-07-01T00:00:00+07:00"},
        {
            **common,
            "commune_spans": _spans("commune", {"28249", "28252", "11948"}),
            "province_spans": [[None, ["80", "82"]]],
            "window_after": "2022-10-31T15:00:00+07:00",
            "window_until": "2022-10-31T15:30:00+07:00",
        },
    )


@cache
def uses() -> dict[str, list[Rule]]:
    """Every expectation that a suite of a dataset uses, or that follows from the contract of a new
    source, once for each of its arguments, about the columns ``value`` and ``other``."""
    found: dict[str, dict[str, Rule]] = {}
    suites = [read_suite(dataset) for dataset in contract.datasets()]
    suites += [derived.suite_of(scaffolded(kind)) for kind in ("csv", "workbook")]
    for suite in suites:
        for rule in suite.expectations:
            kwargs = {**rule.kwargs, "column": "value"}
            kwargs |= {name: "other" for name in ("other", "written_at") if name in kwargs}
            if "among" in kwargs:
                kwargs["among"] = {"other": "1"}
            made = Rule(
                type=rule.type,
                kwargs=kwargs,
                severity="critical",
                description=rule.description,
                meta=RuleMeta(rule=f"{suite.name} {rule.code}", dimension="sạch"),
            )
            asked = {name: kwargs[name] for name in sorted(kwargs) if name != "mostly"}
            found.setdefault(rule.type, {}).setdefault(json.dumps(asked), made)
    return {name: list(rules.values()) for name, rules in found.items()}


@pytest.fixture(scope="module", autouse=True)
def warehouse_of_all(cluster: Cluster, migrated: str) -> Iterator[None]:
    with cluster.copy(migrated):
        yield


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"set timezone = '{settings.TIMEZONE}'")
        define(connection)
        yield connection


def _suite(kind: str) -> Suite:
    return Suite(name="alike", expectations=tuple(uses()[kind]))


def _rules(kind: str) -> dict[str, RowRule]:
    """The conditions with the parameters of each load as literals."""
    return {
        f"{rule.code} {rule.number}.{number}": rule
        for number, given in enumerate(parameters())
        for rule in conditions.read(dict.fromkeys(COLUMNS, sa.Text()), _suite(kind), given)
    }


def _compiled(kind: str) -> CompiledSuite:
    """The same for all loads."""
    return compiled(Request(_suite(kind), COLUMNS, "duckdb", variables.span_counts()))


def _by_postgresql(pairs: Sequence[Pair], rules: Iterable[RowRule]) -> list[str]:
    """The verdicts on each pair, a character for each rule: 1 broken, 0 kept."""
    csv = "".join(f"{n},{','.join(map(_quoted, pair))}\n" for n, pair in enumerate(pairs))
    bits = [sa.case((rule.broken, "1"), else_="0") for rule in rules]
    table = sa.table("alike", *(sa.column(name) for name in ("n", *COLUMNS)))
    with transaction() as session:
        session.run("create temporary table alike (n int, value text, other text) on commit drop")
        session.copy_in(sql.Identifier("alike"), ["n", *COLUMNS], io.BytesIO(csv.encode()))
        query = sa.select(sa.func.concat(*bits)).select_from(table).order_by(table.c.n)
        return [verdicts for (verdicts,) in session.connection.execute(query)]


def _quoted(text: str | None) -> str:
    return "" if text is None else '"' + text.replace('"', '""') + '"'


def _by_duckdb(
    connection: DuckDBPyConnection, pairs: Sequence[Pair], rules: Sequence[ScanRule]
) -> list[str]:
    """Likewise, for one load after the other; L where a look would spare a row that breaks the
    rule."""
    columns = dict(zip(COLUMNS, zip(*pairs, strict=True), strict=True))
    arrays = {name: pa.array(column, pa.string()) for name, column in columns.items()}
    connection.register("alike", pa.table({"n": pa.array(range(len(pairs))), **arrays}))
    query = f"select concat({', '.join(map(_verdict, rules))}) from alike order by n"
    found = []
    for given in parameters():
        give(connection, rules, given)
        found.append([verdicts for (verdicts,) in connection.execute(query).fetchall()])
    return ["".join(verdicts) for verdicts in zip(*found, strict=True)]


def _verdict(rule: ScanRule) -> str:
    return f"case when not {rule.broken} then '0' when {rule.look or 'false'} then 'L' else '1' end"


def differences(
    connection: DuckDBPyConnection, kind: str, size: int, seed: int
) -> tuple[list[str], set[str]]:
    """Rule and texts of verdicts that differ; and the rules that all texts kept or all broke."""
    rules = _rules(kind)
    pairs = texts(KINDS[kind], SEEDS[KINDS[kind]], size, seed)
    expected = _by_postgresql(pairs, rules.values())
    found = _by_duckdb(connection, pairs, _compiled(kind).rules)
    assert len(expected) == len(found) == size
    wrong = [
        f"{rule}: {pair!a}: PostgreSQL {one[place]}, DuckDB {two[place]}"
        for pair, one, two in zip(pairs, expected, found, strict=True)
        if one != two
        for place, rule in enumerate(rules)
        if one[place] != two[place]
    ]
    decided = {
        rule for place, rule in enumerate(rules) if len({each[place] for each in expected}) == 2
    }
    return wrong, _uses_of(rules) - _uses_of(decided)


def _uses_of(rules: Iterable[str]) -> set[str]:
    return {rule.rpartition(".")[0] for rule in rules}


def test_every_expectation_of_a_suite_is_tried() -> None:
    assert uses().keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_both_engines_judge_alike(kind: str, engine: DuckDBPyConnection) -> None:
    wrong, _ = differences(engine, kind, 1000, 1)
    assert wrong == []


@pytest.mark.campaign
@pytest.mark.parametrize("kind", KINDS)
def test_both_engines_judge_fifty_thousand_alike(kind: str, engine: DuckDBPyConnection) -> None:
    wrong, undecided = differences(engine, kind, 50_000, 2)
    assert wrong == []
    assert undecided == set()
