"""What was printed, against what is computed: which statements agree, and which must not."""

from pathlib import Path
from typing import Any

import pytest

from onebox import published_facts
from onebox.config import ConfigError

LAST = "2023-05-09"


def test_every_statement_has_a_measure_or_says_where_it_appears() -> None:
    printed = {row.fact_id for row in published_facts.statements()}
    assert len(printed) == 49
    measured = published_facts.measures()
    assert set(measured.facts) == printed
    observed = [row for row in published_facts.statements() if row.kind == "observed"]
    simulated = [row for row in observed if row.gso_province_code in measured.provinces]
    assert all(measured.facts[row.fact_id].kpi for row in simulated)
    by_hand = {measured.facts[row.fact_id].where for row in observed if row not in simulated}
    tests = {where.partition(":")[0] for where in by_hand}
    assert tests == {"tests/database/test_printed_index.py"}
    assert all((Path(__file__).parents[2] / test).is_file() for test in tests)


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("published_facts.csv", "statement_vi", "statment_vi", "unknown field `statment_vi`"),
        ("published_facts.csv", ",observed,", ",seen,", "Invalid enum value 'seen'"),
        ("fact_measures.yaml", "breakdown: group", "braekdown: group", "unknown field `braekdown`"),
        (
            "fact_measures.yaml",
            "TB01: {kpi",
            "TB01: {where",
            "give either 'kpi' and 'take', or 'where'",
        ),
        ("fact_measures.yaml", "scenario:", "scenery:", "unknown field `scenery`"),
    ],
)
def test_a_typo_is_refused_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str, problem: str
) -> None:
    text = (published_facts._REFERENCE / name).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(published_facts, "_REFERENCE", tmp_path)
    read = published_facts.statements if name.endswith(".csv") else published_facts.measures
    read.cache_clear()
    with pytest.raises(ConfigError, match=rf"^{name}: .*{problem}"):
        read()
    read.cache_clear()


def _found(
    fact: str, values: dict[Any, Any], true: dict[Any, Any], scale: float
) -> published_facts.Finding:
    province = "34" if fact.startswith("TB") else "82"
    return next(
        f for f in published_facts.findings(province, values, true, scale) if f.fact == fact
    )


@pytest.mark.parametrize(
    ("fact", "kpi", "numerator", "denominator", "agrees"),
    [
        ("TB01", "id_card.dossiers_received", 1_600_001, None, True),
        ("TB01", "id_card.dossiers_received", 1_600_000, None, False),
        ("TB04", "insurance.verified_share", 940_049, 1_000_000, True),
        ("TB04", "insurance.verified_share", 945_001, 1_000_000, False),
        ("TG12", "population.permanent_residents", 2_093_800, None, True),
        ("TG12", "population.permanent_residents", 2_093_799, None, False),
        ("TB07", "service.online_share", 60, 100, None),
    ],
)
def test_a_value_meets_what_was_printed_to_its_digits(
    fact: str, kpi: str, numerator: int, denominator: int | None, agrees: bool | None
) -> None:
    day = LAST if fact.startswith("TB") else "2022-10-31"
    values = {(day, kpi, "", ""): (numerator, denominator)}
    assert _found(fact, values, values, scale=1).agrees is agrees
    wrong = {(day, kpi, "", ""): (numerator + 1, denominator)}
    assert _found(fact, wrong, values, scale=0.01).agrees in (False, None)


def test_slightly_under_is_under() -> None:
    key = ("2023-04-30", "health.id_card_visits_month", "", "")
    for visits, agrees in ((146_999, True), (147_000, False)):
        values = {key: (visits, 350_000)}
        assert _found("TB06", values, values, scale=1).agrees is agrees


def test_not_applicable_is_no_zero_and_both_members_count() -> None:
    keys = [(LAST, "service.digitised_share", "procedure", m) for m in ("DA06-02", "DA06-09")]
    none = dict.fromkeys(keys, (0, 0))
    assert _found("TB20", none, none, scale=1).agrees is True
    one = none | {keys[1]: (0, 5)}
    assert _found("TB20", one, one, scale=1).agrees is False


def test_a_value_that_is_missing_agrees_with_nothing() -> None:
    finding = _found("TG15", {}, {}, scale=1)
    assert (finding.computed, finding.agrees) == ("missing", False)


def test_members_of_a_breakdown_are_counted() -> None:
    values = {
        ("2022-10-31", "programme.tasks", "group", str(number)): (10, None) for number in range(5)
    }
    assert _found("TG02", values, values, scale=1).agrees is True
    assert _found("TG03", values, values, scale=1).agrees is False
