"""Breakdowns of KPIs and their members in words, also of members that no table lists."""

from functools import cache

from dean06 import contract
from dean06.contract import Bilingual
from dean06.details.texts import TEXTS
from dean06.reference import tables

_TEXT = "breakdown_"
BREAKDOWNS = {
    code.removeprefix(_TEXT): Bilingual.of(text, code)
    for code, text in TEXTS.items()
    if code.startswith(_TEXT)
}
"""What a KPI is broken down by, in the words of error details."""

OTHER_STATION = "khac"
"""Code of all places outside the offices of the police."""


def breakdown_name(breakdown: str) -> Bilingual:
    """A breakdown in words; one that only a KPI of an installation has, by its code."""
    return BREAKDOWNS.get(breakdown, Bilingual(breakdown, breakdown))


def name(breakdown: str, code: str) -> Bilingual | None:
    """The name of a member; None: it has none, and its code stands for it."""
    if breakdown == "outcome":
        dataset, _, verdict = code.partition("/")
        what, result = name("dataset", dataset), name("verdict", verdict)
        if what is None or result is None:
            return None
        return Bilingual(f"{what.en}: {_inner(result.en)}", f"{what.vi}: {_inner(result.vi)}")
    if breakdown == "hour":
        return Bilingual(f"{code}:00", f"{code} giờ")
    if breakdown == "shift":
        return Bilingual(f"Shift {code}", f"Ca {code}")
    if breakdown == "station" and code == OTHER_STATION:
        return Bilingual("Other", "Khác")
    return _listed().get((breakdown, code)) or _of_contract(breakdown, code)


def _inner(text: str) -> str:
    """A name after a colon; an abbreviation keeps its capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _of_contract(breakdown: str, code: str) -> Bilingual | None:
    """A dataset by its label, a source by the agency that delivers it."""
    if breakdown == "agency" and code in contract.known():
        return contract.load(code).owner
    if breakdown == "dataset":
        return next((each.label for each in contract.datasets() if each.code == code), None)
    return None


@cache
def _listed() -> dict[tuple[str, str], Bilingual]:
    found = {
        (row.breakdown, row.member_code): Bilingual(row.name_en, row.name_vi)
        for row in tables.members()
    }
    for agency in tables.agencies():
        found["owner", agency.agency_code] = Bilingual(agency.name_en, agency.name_vi)
    for row in tables.procedures():
        for breakdown in ("procedure", "essential_procedure"):
            found[breakdown, row.procedure_id] = Bilingual(row.name_en, row.name_vi)
    return found
