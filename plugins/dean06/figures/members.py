"""Breakdowns of KPIs and their members in words, also of members that no table lists."""

from functools import cache

from dean06.contract import Bilingual
from dean06.reference import tables

BREAKDOWNS = {
    "dataset": Bilingual("dataset", "bộ dữ liệu"),
    "disagreement": Bilingual("pair of sources", "cặp nguồn"),
    "essential_procedure": Bilingual("essential procedure", "thủ tục thiết yếu"),
    "group": Bilingual("service group", "nhóm tiện ích"),
    "hour": Bilingual("hour", "giờ"),
    "outcome": Bilingual("outcome", "kết quả xác thực"),
    "owner": Bilingual("owner", "đơn vị chủ trì"),
    "phase": Bilingual("phase", "giai đoạn"),
    "procedure": Bilingual("procedure", "thủ tục"),
    "shift": Bilingual("shift", "ca"),
    "source": Bilingual("source", "nguồn"),
    "station": Bilingual("collection station", "điểm thu nhận"),
    "verdict": Bilingual("outcome of verification", "kết quả xác thực"),
}
"""What a KPI is broken down by."""

_OTHER_STATION = "khac"


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
    if breakdown == "station" and code == _OTHER_STATION:
        return Bilingual("Other", "Khác")
    return _listed().get((breakdown, code))


def _inner(text: str) -> str:
    """A name after a colon; an abbreviation keeps its capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


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
