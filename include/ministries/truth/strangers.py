"""What the profile of strangers adds to the truth: records that must be flagged, by key and class.

Its other forms say the same facts, so every other figure stays as it is.
"""

from collections.abc import Iterable

from ..dirt.stranger_records import STRANGE
from ..faults import STRANGE_RECORDS, Fault
from .tally import Json


def flagged(faults: Iterable[Fault]) -> list[Json]:
    """The records that come in every window with a sound record, and the rule that each breaks."""
    on = [fault for fault in faults if fault.kind == STRANGE_RECORDS]
    return [
        {"dataset": dataset, "class": way.error_class, "rule": way.rule, "key": way.key}
        for dataset, ways in STRANGE.items()
        for way in ways
        if any(_means(fault, *dataset.split(".")) for fault in on)
    ]


def _means(fault: Fault, source: str, name: str) -> bool:
    return fault.source == source and fault.dataset in (None, name)
