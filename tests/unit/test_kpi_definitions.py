"""What a KPI counts may not change under its version, its words may; files that contradict each
other are named."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dean06.cli.app import app
from dean06.errors import ContractError
from dean06.kpi import family
from dean06.kpi.digest import definition_digest
from dean06.kpi.front_matter import Family
from dean06.reference import tables
from dean06.schema import targets

_FILE = """/*---
sources: [police]
counts: rows
kpis:
  - {code: test.people, version: 1, name_en: People, name_vi: Người, unit: person, grain: commune,
     additivity: additive, has_denominator: false, period: day, owner_agency: A, legal_basis: L,
     formula_en: f, formula_vi: f}
---*/
-- Purpose: people.
select 'test.people' as kpi_code, commune_code, true as is_counted, effective_on as counts_from,
    _valid_to as counts_to, effective_on as written_on, 'police.resident' as dataset_code,
    personal_id as record_key
from core.police__resident
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of KPI files and an empty record."""
    record = tmp_path / "kpi_versions.csv"
    record.write_text("# here\nkpi_code,kpi_version,digest\n", encoding="utf-8")
    monkeypatch.setattr(family, "_FOLDER", tmp_path)
    monkeypatch.setattr(family, "_RECORD", record)
    family.families.cache_clear()
    yield tmp_path
    family.families.cache_clear()


def _write(folder: Path, text: str, name: str = "people.sql") -> None:
    (folder / name).write_text(text, encoding="utf-8")
    family.families.cache_clear()


def test_every_definition_of_the_project_is_what_was_recorded() -> None:
    defined = {(k.code, k.version) for f in family.families() for k in f.kpis}
    assert len(defined & family.recorded().keys()) > 25
    for each in family.families():
        for kpi in each.kpis:
            digest = family.recorded().get((kpi.code, kpi.version))
            assert digest in (None, definition_digest(each, kpi)), kpi.code


@pytest.mark.parametrize(
    ("language", "mark", "naming"),
    [("vi", " – ", "chỉ tiêu “([^”]+)”"), ("en", ", ", "KPIs? “([^”]+)”(?: and “([^”]+)”)?")],
)
def test_words_name_kpis_as_readers_know_them(language: str, mark: str, naming: str) -> None:
    kpis = [kpi for each in family.families() for kpi in each.kpis]
    codes = re.compile("|".join(rf"\b{re.escape(kpi.code)}\b" for kpi in kpis))
    name = {kpi.code: getattr(kpi, f"name_{language}") for kpi in kpis}
    formula = {kpi.code: getattr(kpi, f"formula_{language}") for kpi in kpis}
    assert [x for x in name if codes.search(f"{name[x]} {formula[x]}")] == []
    names = {x.partition(mark)[0] for x in name.values()} | set(name.values())
    found = [x for text in formula.values() for x in re.finditer(naming, text)]
    assert {x for each in found for x in each.groups() if x} - names == set()


_CLOCK = re.compile(r"\b(as_of|current_date|current_time\w*|localtime\w*|now|clock_timestamp)\b")


@pytest.mark.parametrize("each", family.families(), ids=lambda each: each.name)
def test_no_query_knows_a_day(each: Family) -> None:
    assert days_known(each.query) == []


@pytest.mark.parametrize(
    "text",
    ["where effective_on <= :as_of", "current_date - 29", "now()::date", "where day < :today"],
)
def test_a_query_that_knows_a_day_is_seen(text: str) -> None:
    assert len(days_known(f"select 1 -- as_of: no day\n{text}")) == 1


def days_known(query: str) -> list[str]:
    """Clocks and parameters in a query, but those by which a build cuts spans."""
    text = re.sub(r"--.*", "", query)
    parameters = re.findall(r"(?<![:\w]):(\w+)", text)
    return sorted(
        {*_CLOCK.findall(text), *parameters} - {"wanted_from", "wanted_until", "by_thing"}
    )


def test_every_target_of_the_project_is_sound() -> None:
    assert len(targets.read()) >= 9


def test_recording_adds_what_is_new_and_nothing_else(folder: Path) -> None:
    _write(folder, _FILE)
    assert family.record() == ["test.people"]
    assert family.record() == []
    assert list(family.recorded()) == [("test.people", 1)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sources: [police]", "sources: [police, health]"),
        ("true as is_counted", "false as is_counted"),
        ("from core.police__resident", "from core.police__resident where not is_deleted"),
        ("has_denominator: false", "has_denominator: true"),
        ("unit: person", "unit: household"),
        ("counts: rows", "counts: persons"),
        ("additivity: non_additive", "additivity: additive"),
    ],
)
def test_a_change_without_another_version_is_refused(folder: Path, old: str, new: str) -> None:
    # Sound with rows and with persons, which may not be additive.
    file = _FILE.replace("additivity: additive", "additivity: non_additive")
    _write(folder, file)
    family.record()
    _write(folder, file.replace(old, new))
    with pytest.raises(ContractError, match=r"people\.sql: the definition of test\.people"):
        family.families()
    _write(folder, file.replace(old, new).replace("version: 1", "version: 2"))
    assert family.versions() == {"test.people": 2}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name_vi: Người", "name_vi: Dân"),
        ("name_en: People", "name_en: Residents"),
        ("formula_en: f", "formula_en: g"),
        ("formula_vi: f", "formula_vi: Số nhân khẩu"),
        ("-- Purpose: people.", "-- Purpose: all people."),
        ("select 'test.people'", "select\n    'test.people'"),
        ("counts: rows", "counts: rows\nposition: 7"),
    ],
)
def test_what_changes_no_meaning_is_no_change(folder: Path, old: str, new: str) -> None:
    _write(folder, _FILE)
    family.record()
    _write(folder, _FILE.replace(old, new))
    assert family.versions() == {"test.people": 1}


def test_a_fingerprint_that_included_words_is_not_compared(folder: Path) -> None:
    (folder / "kpi_versions.csv").write_text(
        f"# here\nkpi_code,kpi_version,digest\ntest.people,1,{'0' * 64}\n", encoding="utf-8"
    )
    _write(folder, _FILE)
    assert family.versions() == {"test.people": 1}
    (folder / "kpi_versions.csv").write_text(
        f"# here\nkpi_code,kpi_version,digest\ntest.people,1,2:{'0' * 64}\n", encoding="utf-8"
    )
    family.families.cache_clear()
    with pytest.raises(ContractError, match=r"people\.sql: the definition of test\.people"):
        family.families()


_TWO = """/*---
sources: [police]
counts: rows
kpis:
  - {code: test.men, version: 1, name_en: Men, name_vi: Nam, unit: person, grain: commune,
     additivity: additive, has_denominator: false, period: day, owner_agency: A, legal_basis: L,
     formula_en: f, formula_vi: f}
  - {code: test.women, version: 1, name_en: Women, name_vi: Nữ, unit: person, grain: commune,
     additivity: additive, has_denominator: false, period: day, owner_agency: A, legal_basis: L,
     formula_en: f, formula_vi: f}
---*/
-- Purpose: people by sex.
select kpi.kpi_code, commune_code, kpi.is_counted, effective_on as counts_from,
    _valid_to as counts_to, effective_on as written_on, 'police.resident' as dataset_code,
    personal_id as record_key
from core.police__resident
cross join lateral (
    values ('test.men', sex_code = '1'), ('test.women', (sex_code = '2'))
) as kpi (kpi_code, is_counted)
"""


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("(sex_code = '2')", "(sex_code = '3')", {"test.women"}),
        ("sex_code = '1'", "sex_code <> '2'", {"test.men"}),
        ("core.police__resident", "core.police__household", {"test.men", "test.women"}),
        ("('test.men', sex_code = '1'), ('test.women', (sex_code = '2'))",
         "('test.women', (sex_code = '2')), ('test.men', sex_code = '1')", set()),
    ],
)  # fmt: skip
def test_a_change_of_one_kpi_is_none_of_its_neighbours(
    folder: Path, old: str, new: str, changed: set[str]
) -> None:
    _write(folder, _TWO)
    before = _digests()
    _write(folder, _TWO.replace(old, new))
    after = _digests()
    assert {code for code in before if before[code] != after[code]} == changed


def _digests() -> dict[str, str]:
    return {
        kpi.code: definition_digest(each, kpi) for each in family.families() for kpi in each.kpis
    }


def test_a_command_prints_what_is_wrong_and_no_traceback(folder: Path) -> None:
    _write(folder, _FILE.replace("version: 1", "version: 1, daily_chnage: 0.1"))
    printed = CliRunner().invoke(app, ["record-kpis"])
    assert printed.exit_code == 1
    assert printed.stderr == (
        "dean06: people.sql: KPI test.people: unknown key daily_chnage (did you mean "
        "daily_change?)\n"
    )


def test_two_kpis_with_one_code_are_refused_naming_both_files(folder: Path) -> None:
    _write(folder, _FILE)
    _write(folder, _FILE, "persons.sql")
    with pytest.raises(
        ContractError, match=r"persons\.sql: test\.people is defined in people\.sql too"
    ):
        family.families()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("name_vi: Người, ", "", "lacks name_vi"),
        ("grain: commune,", "", "lacks grain"),
        ("additivity: additive, has_denominator: false,", "", "lacks additivity, has_denominator"),
        ("period: day,", "", "lacks period"),
        ("version: 1", "version: first", "KPI test.people: version: expected `int`"),
        ("/*---", "", "begin the file with front matter"),
        ("sources: [police]", "sources: [tax]", "sources: tax has no contract"),
        ("counts: rows", "counts: heads", "counts must be one of rows, persons"),
        ("version: 1", "version: 0", "KPI test.people: version: expected `int` >= 1"),
        (
            "version: 1",
            "version: 1, daily_chnage: 0.1",
            r"KPI test.people: unknown key daily_chnage \(did you mean daily_change\?\)",
        ),
        (
            "counts: rows",
            "counts: rows\npostion: 7",
            r"unknown key postion \(did you mean position",
        ),
        ("additivity: additive", "additivity: sum", "additivity must be one of additive, ratio"),
        ("counts: rows", "counts: persons", "a person may count in several communes"),
        ("additivity: additive", "additivity: ratio", "unit: share and additivity: ratio belong"),
        ("unit: person", "unit: share", "unit: share and additivity: ratio belong"),
        (
            "unit: person, grain: commune,\n     additivity: additive",
            "unit: share, grain: commune,\n     additivity: ratio",
            "additivity: ratio needs has_denominator",
        ),
        ("version: 1", "version: 1, daily_change: 0", "daily_change: expected `float` > 0"),
        ("grain: commune", "grain: province", r"grain must equal located_by \(commune\)"),
        ("version: 1", "version: 1, ceiling: test.none", "no file defines its ceiling test.none"),
        (
            "core.police__resident",
            "core.police__resident where effective_on <= :as_of",
            "the query must not use the parameter :as_of",
        ),
        ("_valid_to as counts_to", "_valid_to", "the query does not return counts_to"),
    ],
)
def test_incomplete_front_matter_is_refused(folder: Path, old: str, new: str, problem: str) -> None:
    _write(folder, _FILE.replace(old, new))
    with pytest.raises(ContractError, match=rf"people\.sql: .*{problem}"):
        family.families()


def test_every_kpi_is_in_one_of_the_five_groups_of_the_decision() -> None:
    """QĐ 06/QĐ-TTg names five groups of utilities; pages are arranged by them."""
    known = {member.member_code for member in tables.members() if member.breakdown == "group"}
    assert len(known) == 5
    assert family.groups().keys() == family.versions().keys()
    assert set(family.groups().values()) == known
