"""Provinces whose signed publications a test writes itself, and a country that takes them."""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dean06 import contract
from dean06.kpi import family
from dean06.kpi.build import build_kpis
from dean06.kpi.publication import Built
from dean06.load.extract import extract
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.validate import validate
from dean06.sources import Endpoint
from tests.lib.forged import rewrite
from tests.lib.loading import rows

DAY = "2022-10-31"
COLUMNS = (
    "kpi_code,kpi_version,unit_level,unit_code,boundary_version,breakdown,member_code,numerator,"
    "denominator,value,missing_reason,is_rounded,counted_on,part_codes"
)
Shown = Mapping[str, int | tuple[int, int] | str]
"""By KPI (``kpi/breakdown/member``): a count, counts of a share, or the reason for none."""
_runs = iter(range(10_000))


@dataclass
class Signing:
    """A province with a key and a log of its own."""

    key: str
    code: str
    folder: Path
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    bodies: dict[int, bytes] = field(default_factory=dict)

    @property
    def public_key(self) -> str:
        """In PEM."""
        return (
            self.private.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )

    def publish(self, shown: Shown, day: str = DAY, **header: Any) -> None:
        """Append a publication of the day and sign the whole log."""
        number = max(self.bodies, default=0) + 1
        self.bodies[number] = self.body(number, shown, day, **header)
        self.sign()

    def sign(self) -> None:
        """Write every file as it should be."""
        rewrite(self.folder, self.bodies, self.private)

    def body(self, number: int, shown: Shown, day: str = DAY, **header: Any) -> bytes:
        """A publication's file."""
        before = [n for n, body in self.bodies.items() if head_of(body)["as_of_date"] == day]
        recorded = family.recorded()
        told = {
            "format": "dean06 publication 1",
            "publication": number,
            "place": number - 1,
            "as_of_date": day,
            "published_at": f"2022-11-01T00:00:{number:02}.000000Z",
            "reason": "test",
            "replaces": max(before, default=None),
            "smallest_shown": 5,
            "sources": ["police"],
            "verification": None,
            "boundaries": {"as_reported": day, "current": "2025-07-01", "units": "0" * 64},
            "datasets": [],
            "definitions": [
                [code, version, recorded[code, version]]
                for code, version in sorted(family.versions().items())
            ],
        } | header
        lines = [f"# {json.dumps(told)}", COLUMNS]
        for cell, value in sorted(shown.items()):
            lines += [self._line(cell, value, bounds) for bounds in ("as_reported", "current")]
        return ("\n".join(lines) + "\n").encode()

    def _line(self, cell: str, value: int | tuple[int, int] | str, boundaries: str) -> str:
        kpi, breakdown, member = (*cell.split("/"), "", "")[:3]
        counts, reason = ("", ""), ""
        if isinstance(value, str):
            reason = value
        else:
            counts = (str(value), "") if isinstance(value, int) else (str(value[0]), str(value[1]))
        # A share's value is left out: the country divides sums.
        fields = (
            kpi, str(family.versions()[kpi]), "province", self.code, boundaries, breakdown, member,
            *counts, counts[0] if not counts[1] else "", reason, "t" if breakdown else "f", "", "",
        )  # fmt: skip
        return ",".join(fields)


def head_of(body: bytes) -> dict[str, Any]:
    """The first line of a publication's file."""
    return dict(json.load(io.BytesIO(body.partition(b"\n")[0].removeprefix(b"# "))))


def place_of(provinces: Iterable[Signing], **other: Any) -> Endpoint:
    """The connection that names them; ``other``: instead of what it says of a province."""
    named = {
        each.key: {
            "folder": str(each.folder),
            "public_key": each.public_key,
            "codes": [each.code],
        }
        | other.get(each.key, {})
        for each in provinces
    }
    return Endpoint("generic://", extra={"provinces": named})


def load(place: Endpoint, day: str = DAY) -> None:
    """One run of the source. Raises as its steps."""
    (dataset,) = contract.load("publications").datasets
    run = f"run-{next(_runs)}"
    extract(place, dataset, run, date.fromisoformat(day))
    for step in (stage, validate, quarantine):
        step(dataset, run)
    publish("publications", run)


def take(place: Endpoint, day: str = DAY) -> list[Built]:
    """Load what is new, and build the country."""
    load(place, day)
    return build_kpis()


def later(day: str, days: int) -> str:
    """The day so many days later."""
    return str(date.fromisoformat(day) + timedelta(days))


def country(day: str = DAY, level: str = "country", boundaries: str = "as_reported") -> Any:
    """What readers see of a day: (unit, KPI or KPI/breakdown/member) → number, of a share both, or
    the reason for none."""
    found = rows(
        """select unit_code, kpi_code, breakdown, member_code, numerator, denominator,
                  missing_reason
           from mart.kpi_latest
           where as_of_date = :day and unit_level = :level and boundary_version = :boundaries""",
        day=day,
        level=level,
        boundaries=boundaries,
    )
    return {
        (unit, "/".join(filter(None, cell))): (
            reason if numerator is None else numerator if of is None else (numerator, of)
        )
        for unit, *cell, numerator, of, reason in found
    }
