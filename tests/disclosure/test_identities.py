"""Every identity between KPIs that exact values show is declared in ``linked_kpis.csv``."""

from datetime import date
from functools import cache
from itertools import product

import pytest

from dean06.kpi import disclosure
from dean06.kpi.family import families
from tests.lib.disclosure.identities import Classes, Number, equal, series, sums
from tests.lib.syncing import true_kpis, truth

SCALE, DAY = 0.01, "2022-10-31"


@cache
def exact() -> dict[Number, dict[tuple[str, ...], int]]:
    """The numbers of a day of Tiền Giang at 1/100, nothing hidden; without those about no person
    (petitions, listings), which are published as they are."""
    shown = {code for each in families() if each.small_cells == "shown" for code in each.codes}
    values = {}
    for (code, level, unit, *member), (counted, whole) in true_kpis(truth(SCALE, DAY)).items():
        if code in shown:
            continue
        cell = (code, "as_reported", level, unit, *(member or ("", "")))
        values[cell] = (counted, None if whole is None else whole - counted)
    return series(values)


def declared_equal() -> Classes:
    links = [
        (
            (link.kpi_code, link.number, link.breakdown),
            (link.linked_code, link.linked_number, link.linked_breakdown),
        )
        for link in disclosure.read_links()
        if link.kind == "equal"
    ]
    # On 31 October the quarter has lasted as long as its month.
    on_the_day = [
        ((one, number, breakdown), (other, number, breakdown))
        for one, other in disclosure.same_days(date.fromisoformat(DAY), families())
        for number, breakdown in product(
            ("counted", "uncounted", "whole"), ("", "procedure", "essential_procedure")
        )
    ]
    assert len(on_the_day) == 19 * 3 * 3
    # The portal of this world begins in 2022: no definition says that nothing was before the year.
    of_this_world = [
        (("service.dossiers_essential", "counted", breakdown),
         ("service.dossiers_essential.year", "counted", breakdown))
        for breakdown in ("", "essential_procedure")
    ]  # fmt: skip
    # Nor that the national list has every dossier received since 23 June.
    synced = "service.synced_share.year"
    of_this_world.append(((synced, "counted", ""), (synced, "whole", "")))
    return Classes(links + on_the_day + of_this_world)


def declared_sums(classes: Classes, names: set[Number]) -> set[tuple[Number, frozenset[Number]]]:
    """Wholes with their two parts: declared, or the two numbers of a share."""
    parts: dict[tuple[Number, str], set[Number]] = {}
    for link in disclosure.read_links():
        if link.kind == "part":
            whole = (link.kpi_code, link.number, link.breakdown)
            part = (link.linked_code, link.linked_number, link.linked_breakdown)
            parts.setdefault((whole, link.linked_members), set()).add(part)
    told = [(whole, members) for (whole, _), members in parts.items()]
    # On 31 October the national list of September is the newest: what it can hold and the month.
    told += [
        ((f"service.online_share{period}", "whole", ""),
         {("service.online_share.month", "whole", ""),
          (f"service.synced_share{period}", "whole", "")})
        for period in ("", ".year")
    ]  # fmt: skip
    told += [
        (name, {(name[0], "counted", name[2]), (name[0], "uncounted", name[2])})
        for name in names
        if name[1] == "whole"
    ]
    return {
        (classes.of(whole), frozenset(classes.of(part) for part in members))
        for whole, members in told
    }


def test_equal_numbers_are_declared() -> None:
    found, classes = equal(exact()), declared_equal()
    assert len(found) > 20
    assert {pair for pair in found if classes.of(pair[0]) != classes.of(pair[1])} == set()


@pytest.mark.campaign
def test_sums_of_two_numbers_are_declared() -> None:
    found, classes = sums(exact()), declared_equal()
    known = declared_sums(classes, set(exact()))
    assert len(found) > 40
    assert {
        (whole, one, other)
        for whole, one, other in found
        if (classes.of(whole), frozenset({classes.of(one), classes.of(other)})) not in known
    } == set()


@pytest.mark.parametrize("kind", ["equal", "part"])
def test_what_is_declared_is_so(kind: str) -> None:
    """A line that values contradict would have the attack know what is not so."""
    values = exact()
    told: dict[tuple[Number, str], list[Number]] = {}
    for link in disclosure.read_links():
        if link.kind == kind:
            whole = (link.kpi_code, link.number, link.breakdown)
            part = (link.linked_code, link.linked_number, link.linked_breakdown)
            group = link.linked_members or str(part)
            told.setdefault((whole, group), []).append(part)
    assert told
    for (whole, _), parts in told.items():
        added: dict[tuple[str, ...], int] = {}
        for part in parts:
            for place, number in values[part].items():
                added[place] = added.get(place, 0) + number
        assert added == values[whole], (whole, parts)
