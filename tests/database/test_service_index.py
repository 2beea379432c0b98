"""The index of QĐ 766: points worked out by hand, by period and by the rules of the day."""

from decimal import Decimal

import msgspec
import pytest

from dean06.errors import ContractError
from dean06.kpi import family
from dean06.reference import service_checks, tables
from dean06.warehouse import transaction
from tests.lib.loading import rows
from tests.lib.published import Value, publish, seen_by_bi

pytestmark = pytest.mark.usefixtures("warehouse")
OLD, NEW = "2022-10-31", "2025-11-30"
STATES = {
    "announced_in_time_share", "published_in_time_share", "published_in_full_share",
    "offered_online_share", "payment_set_up_share", "offices",
}  # fmt: skip


def of(code: str, above: int | None, below: int | None = None, period: str = "month") -> Value:
    """A value of a KPI, of a period unless it is a state of the day."""
    suffix = "" if code in STATES else f".{period}"
    return f"service.{code}{suffix}", "", "", above, below


def points(day: str, period: str = "month") -> dict[str, Decimal | None]:
    """Points of province 82 by metric; of one with two parts by ``metric/part``."""
    found = seen_by_bi(
        """select metric_id, part_no, count(*) over (partition by metric_id), points
           from mart.service_index
           where as_of_date = :day and period = :period and unit_level = 'province'""",
        day=day, period=period,
    )  # fmt: skip
    return {m if parts == 1 else f"{m}/{part}": value for m, part, parts, value in found}


def total(day: str, level: str = "province", period: str = "month") -> tuple[object, ...]:
    """Points, most points, and both without assumed formulas."""
    (found,) = seen_by_bi(
        """select points, measurable_points, sure_points, sure_measurable_points
           from mart.service_index_total
           where as_of_date = :day and unit_level = :level and period = :period""",
        day=day, level=level, period=period,
    )  # fmt: skip
    return found


@pytest.mark.parametrize("day", [OLD, NEW])
def test_six_groups_of_a_hundred_points_of_which_twelve_are_assumed(day: str) -> None:
    assert rows(
        """select metric.group_no, sum(rule.max_points)::int
           from mart.service_rule as rule join mart.dim_service_metric as metric using (metric_id)
           where :day >= rule.valid_from and (rule.valid_to is null or :day < rule.valid_to)
           group by 1 order by 1""",
        day=day,
    ) == [(1, 18), (2, 20), (3, 12), (4, 10), (5, 22), (6, 18)]
    in_force = [r for r in tables.service_rules() if str(r.valid_from) <= day]
    in_force = [r for r in in_force if r.valid_to is None or day < str(r.valid_to)]
    assert {r.metric_id: None for r in in_force if r.sureness == "A"} == dict.fromkeys(
        ("3.1", "3.2", "3.3")
    )
    assert sum(r.max_points for r in in_force if r.sureness == "A") == 12
    bases = {kpi.base for f in family.families() for kpi in f.kpis}
    assert {r.kpi_code for r in in_force} - {None} <= bases
    assert {r.whole_code for r in in_force} - {None} <= bases


def test_points_of_2026_follow_the_formulas() -> None:
    publish(
        NEW,
        of("announced_in_time_share", 9, 10),  # 6 · 0.9
        of("published_in_time_share", 3, 4),  # 4 · 0.75
        of("published_in_full_share", 1, 2),  # 2 · 0.5
        of("synced_share", 97, 100),  # 6 · 0.97
        of("on_time_share", 19, 20),  # 20 · 0.95
        of("offered_online_share", 40, 60),  # 2 · (2/3) / 0.8
        of("procedures_used_online", 10),  # 4 · 10/40: of those offered
        of("online_share", 42, 100),  # 6 · 0.42 / 0.5
        of("paid_online_share", 1, 3),  # 6A
        of("payment_set_up_share", 30, 50),  # 2.5B = 1.5
        of("fee_procedures_used", 41),  # 2.5C = 2.05, at most 2
        of("electronic_result_share", 2, 3),
        of("digitised_share", 9, 10),  # 4 · 0.9: linear to 100 %
        of("reused_share", 2, 5),  # 2 · 0.4 / 0.8
        of("from_store_share", 1, 4),
        of("vneid_verified_share", 3, 10),
        of("population_checked_share", 7, 10),
        of("offices", 8),
        of("offices_certifying", 6),
        of("petitions_in_time_share", 8, 9),
        of("petitions_satisfied_share", 5, 8),
        of("faultless_share", 81, 100),  # 6 · 0.81 / 0.9
    )
    measured = {
        "1.1": "5.40", "1.2": "3.00", "1.3": "1.00", "1.4": "5.82", "2.1": "19.00",
        "3.1": "1.67", "3.2": "1.00", "3.3": "5.04", "3.5/1": "1.50", "3.5/2": "2.00",
        "3.6": "2.00", "4.1": "4.00", "4.2": "3.60", "4.3": "1.00", "4.4": "1.00",
        "4.5/1": "0.60", "4.5/2": "1.40", "4.6": "1.50", "5.2": "5.33", "5.3": "3.75",
        "5.4": "5.40",
    }  # fmt: skip
    found = points(NEW)
    assert found.pop("2.2") is None
    assert found == {metric: Decimal(value) for metric, value in measured.items()}
    assert total(NEW) == (Decimal("75.01"), 100, Decimal("67.30"), 88)


@pytest.mark.parametrize(
    ("value", "metric", "expected"),
    [
        (of("on_time_share", 0, 7), "2.1", "0.00"),
        (of("on_time_share", 7, 7), "2.1", "20.00"),
        (of("on_time_share", 0, 0), "2.1", None),  # nothing received: unknown
        (of("reused_share", 79, 100), "4.3", "1.98"),
        (of("reused_share", 80, 100), "4.3", "2.00"),
        (of("reused_share", 100, 100), "4.3", "2.00"),
        (of("payment_set_up_share", 79, 100), "3.5/1", "1.98"),
        (of("payment_set_up_share", 81, 100), "3.5/1", "2.00"),
        (of("payment_set_up_share", 0, 0), "3.5/1", None),
        (of("paid_online_share", 0, 0), "3.6", None),
        (of("faultless_share", 0, 0), "5.4", "0"),  # no dossiers: 0
        (of("faultless_share", 89, 100), "5.4", "5.93"),
        (of("faultless_share", 90, 100), "5.4", "6.00"),
        (of("petitions_in_time_share", 0, 0), "5.2", "6"),  # no petitions: all points
        (of("petitions_satisfied_share", 0, 0), "5.3", "6"),
        (of("petitions_in_time_share", 0, 1), "5.2", "0.00"),
        (of("synced_share", 0, 0), "1.4", None),
    ],
)
@pytest.mark.one_in(3)
def test_boundaries_of_the_formulas(value: Value, metric: str, expected: str | None) -> None:
    publish(NEW, value)
    assert points(NEW)[metric] == (None if expected is None else Decimal(expected))


def test_a_count_of_no_whole_has_no_points() -> None:
    publish(NEW, of("procedures_used_online", 0), of("offered_online_share", 0, 3))
    assert points(NEW)["3.2"] is None
    assert seen_by_bi(
        "select reason_en from mart.service_index where metric_id = '3.2' and period = 'month'"
    ) == [("not available: nothing to count, 0 of 0",)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2022-06-22", {}),  # before the decision
        ("2022-06-23", {"4.2": "4.00", "3.6": "4.00", "5.4": None}),
        ("2025-06-30", {"4.2": "4.00", "3.6": "4.00", "5.4": None}),
        ("2025-07-01", {"4.2": "3.20", "3.6": "3.00", "5.4": "0"}),
    ],
)
def test_the_rules_of_the_day_give_the_points(day: str, expected: dict[str, str | None]) -> None:
    publish(
        day,
        of("digitised_share", 8, 10),
        of("paid_online_share", 1, 2),
        of("faultless_share", 0, 0),
    )
    found = points(day)
    assert {metric: found[metric] for metric in expected} == {
        metric: value and Decimal(value) for metric, value in expected.items()
    }
    assert bool(found) == bool(expected)


def test_each_period_has_its_own_index() -> None:
    publish(
        NEW,
        of("on_time_share", 1, 2, "month"),
        of("on_time_share", 3, 4, "quarter"),
        of("on_time_share", 4, 4, "year"),
        ("service.on_time_share", "", "", 1, 100),  # since the beginning: of no index
        of("published_in_full_share", 1, 2),
    )
    found = {period: points(NEW, period)["2.1"] for period in ("month", "quarter", "year")}
    assert found == {"month": 10, "quarter": 15, "year": 20}
    assert {points(NEW, period)["1.3"] for period in found} == {Decimal("1.00")}
    assert {total(NEW, period=period)[1] for period in found} == {22}


def test_assumption_and_sureness_stand_beside_the_points() -> None:
    publish(NEW, of("online_share", 1, 2), of("on_time_share", 1, 2), of("from_store_share", 1, 2))
    found = seen_by_bi(
        """select metric_id, sureness, assumption_id, assumption_en, assumption_vi, sureness_en,
                  sureness_vi
           from mart.service_index
           where period = 'month' and metric_id in ('2.1', '3.3', '4.4') order by 1"""
    )
    assert [row[:3] for row in found] == [
        ("2.1", "S", None), ("3.3", "A", "online-2-4-6"), ("4.4", "G", "digitisation-order"),
    ]  # fmt: skip
    assert found[1][3].startswith("The formula of the group Online services")
    assert found[1][4].startswith("Chưa biết công thức")
    assert found[1][5:] == ("no formula is known: assumed", "chưa biết công thức, dùng giả định")
    (told,) = seen_by_bi(
        """select told_en, told_vi, assumption_en, assumption_vi
           from mart.service_index_total where period = 'month'"""
    )
    assert told[0] == (
        "18.00 of the 30 points that can be measured (100 in total); "
        "without assumed formulas 12.00 of 24"
    )
    assert told[1] == (
        "18,00 trên 30 điểm của các chỉ số đã tính được (tổng số 100 điểm); nếu không tính nhóm có "
        "công thức giả định: 12,00 trên 24"
    )
    assert len(told[2].splitlines()) == len(told[3].splitlines()) == 5, "one a line"
    assert "1 July 2025" in told[2]


def test_a_hidden_part_leaves_no_total_and_a_hidden_assumed_one_leaves_the_other() -> None:
    publish(NEW, of("on_time_share", 9, 10), of("online_share", None, None))
    assert total(NEW) == (None, 20, Decimal("18.00"), 20)
    publish(OLD, of("on_time_share", 9, 10), of("digitised_share", None, None))
    assert total(OLD) == (None, 20, None, 20)
    assert seen_by_bi(
        """select told_en from mart.service_index_total
           where as_of_date = :day and period = 'month'""",
        day=OLD,
    ) == [("no total: suppressed metrics: 1",)]
    assert seen_by_bi(
        """select points, reason_en from mart.service_index
           where is_suppressed and as_of_date = :day and period = 'month'""",
        day=OLD,
    ) == [(None, "not shown: small count, or could reveal another one")]


def commune(numerator: int | None, denominator: int | None, because: str | None) -> None:
    """Digitisation in a commune as it is published: rounded, or why it is not known."""
    code = "service.digitised_share.month"
    with transaction() as session:
        session.run(
            """insert into mart.kpi_value
                   (publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code,
                    numerator, denominator, value, is_rounded, unknown_because)
               select max(publication_id), :day, :code, :version, 'commune', '28249', :numerator,
                      :denominator, null, :is_rounded, :because
               from mart.kpi_publication""",
            day=OLD, code=code, version=family.versions()[code], numerator=numerator,
            denominator=denominator, is_rounded=because is None, because=because,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "because", "points_", "told"),
    [
        ((10, 20), None, "2.50", "2.50 of the 4 points that can be measured (100 in total)"),
        ((0, 10), None, "0.00", "0.00 of the 4 points that can be measured (100 in total)"),
        ((0, 0), None, None, "no total: suppressed metrics: 1"),
        ((None, None), "source_missing", None,
         "no total: not available: a source has not delivered this day"),
    ],
)  # fmt: skip
def test_a_commune_is_not_ranked_by_what_rounding_leaves_of_it(
    numbers: tuple[int | None, int | None], because: str | None, points_: str | None, told: str
) -> None:
    """Rounded to 0 of 0, a metric may have anything up to its full points."""
    publish(OLD)
    commune(*numbers, because)
    (found,) = seen_by_bi(
        """select points, told_en from mart.service_index_total
           where unit_level = 'commune' and period = 'month'"""
    )
    assert found[0] == (None if points_ is None else Decimal(points_))
    assert found[1].startswith(told)


def test_a_province_of_which_nothing_is_measured_has_no_points() -> None:
    publish(NEW, of("on_time_share", 0, 0))
    assert total(NEW) == (None, 0, None, 0)
    assert seen_by_bi(
        "select told_en, told_vi from mart.service_index_total where period = 'month'"
    ) == [
        (
            "no total: no metric has anything to count",
            "chưa tính được tổng điểm: không chỉ số nào có số liệu phát sinh",
        )
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"metric_id": "9.9"}, "9.9, part 1 from 2022-06-23: qd766_metrics.csv has no such metric"),
        ({"assumption_id": "none"}, "qd766_assumptions.csv has no none"),
        ({"sureness": "G"}, "a guess needs an assumption_id"),
        ({"kpi_code": None}, "give either kpi_code or na_reason"),
        ({"full_at": None}, "kpi_code and full_at go together"),
        ({"whole_number": "whole"}, "whole_code and whole_number go together"),
        ({"valid_to": None}, "1.1, part 1 has two rules on 2025-07-01"),
        ({"max_points": Decimal(7)}, "the rules of 2022-06-23 have 101 points, expected 100"),
    ],
)
def test_rules_that_cannot_be_right_are_refused(changes: dict[str, object], message: str) -> None:
    first, *others = tables.service_rules()
    broken = msgspec.structs.replace(first, **changes)
    with pytest.raises(ContractError, match=message):
        service_checks.check_rules(
            [broken, *others], tables.service_metrics(), tables.service_assumptions()
        )


def test_a_metric_without_a_rule_is_refused() -> None:
    rules = [r for r in tables.service_rules() if r.metric_id != "1.1"]
    with pytest.raises(ContractError, match=r"1\.1 has no rule on 2022-06-23"):
        service_checks.check_rules(rules, tables.service_metrics(), tables.service_assumptions())
