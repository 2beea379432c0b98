"""Fingerprints of KPI definitions: what may not change under one version.

Words are not the definition (``docs/decisions/0058-words-are-not-the-definition.md``): a name or a
formula that is written better counts the same. The query is what decides.
"""

import hashlib
import json
import re
from typing import Any

import msgspec

from dean06.kpi import periods
from dean06.kpi.front_matter import Family, Kpi

WAY = "2:"
"""How a fingerprint was computed: what it begins with. Fingerprints without it included words; two
of different ways cannot be compared."""

_WORDS = {"name_en", "name_vi", "formula_en", "formula_vi"}
_FOR_THE_AUDIT = {"ceiling", "is_cumulative", "daily_change", "restatement"}
_OF_THE_PERIOD = {"period", "counts_from"}
_OF_OTHER_PERIODS = {"also_by", "event_en", "event_vi", "base_code", "of"}


def definition_digest(family: Family, kpi: Kpi) -> str:
    """Fingerprint of all that gives a KPI its values: its front matter, its family's, the query.

    Its name and its formula in words, comments of the query, line breaks, the order in which KPIs
    are shown, what the audit goes by, and rows of the query's list of values that are about other
    KPIs do not count. Nor does the period, and the day of a fact, of a KPI that counts all that its
    query returns.
    """
    front: dict[str, Any] = msgspec.to_builtins(kpi)
    by_days = family.has_days and kpi.period in periods.BOUNDED
    left_out = _WORDS | _FOR_THE_AUDIT | _OF_OTHER_PERIODS | (set() if by_days else _OF_THE_PERIOD)
    meaning = {
        "kpi": {name: value for name, value in front.items() if name not in left_out},
        "sources": family.sources,
        "counts": family.counts,
        "located_by": family.located_by,
        **({"by": family.commune_breakdowns} if family.commune_breakdowns else {}),
        "query": _about(kpi.counted_as, family, by_days=by_days),
    }
    text = json.dumps(meaning, ensure_ascii=False, sort_keys=True, default=str)
    return WAY + hashlib.sha256(text.encode()).hexdigest()


def is_comparable(digest: str | None) -> bool:
    """Whether a stored fingerprint was computed as ``definition_digest`` computes one now."""
    return digest is not None and digest.startswith(WAY)


def _about(code: str, family: Family, *, by_days: bool) -> str:
    """The query on one line, without rows ``('other.kpi', …)`` of a list of values; without lines
    that select the day of a fact, unless the KPI is counted ``by_days``."""
    query = re.sub(r"^\s*--.*$", "", family.query, flags=re.MULTILINE)
    if not by_days:
        query = re.sub(r"^.*\bfalls_on,$", "", query, flags=re.MULTILINE)
    for other in family.codes:
        while other != code and (row := re.search(rf"\(\s*'{re.escape(other)}',", query)):
            query = query[: row.start()] + query[_closed(query, row.start()) :].removeprefix(",")
    return " ".join(query.split()).replace(", )", " )")


def _closed(text: str, opened: int) -> int:
    """Behind the bracket that closes the one at ``opened``."""
    depth = 0
    for at in range(opened, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    return len(text)
