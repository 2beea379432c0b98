"""What the quality page shows beside its dimensions: index, consistency, groups of errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dean06.figures import published
from dean06.figures.published import View
from dean06.warehouse import Session, sql_file

_ATTRIBUTES = ("name", "birth_date", "sex", "commune")


@dataclass(frozen=True)
class Attribute:
    """On how many persons sources agree by one attribute, and how many cannot be compared."""

    code: str
    share: Any
    not_comparable: Any
    """None of the name, which every record has."""


@dataclass(frozen=True)
class Index:
    """Index of a province, its sources and communes; what its sources disagree on; its errors."""

    total: Any
    sources: Sequence[Any]
    communes: Sequence[Any]
    attributes: Sequence[Attribute]
    disagreements: Sequence[Any]
    groups: Sequence[Any]


def read(session: Session, view: View, day: date, province: str) -> Index:
    """Everything of one province on one day."""
    rows = session.rows(
        sql_file("ui/quality_index.sql"), day=day, boundaries=view.boundaries, unit=province
    )
    provinces = [row for row in rows if row.unit_level == "province"]
    return Index(
        total=next((row for row in provinces if not row.source_code), None),
        sources=[row for row in provinces if row.source_code],
        communes=[row for row in rows if row.unit_level == "commune"],
        attributes=_attributes(session, view, day, province),
        disagreements=[
            row
            for row in published.values(
                session, view, day, day,
                kpi="quality.disagreements", level="province", unit=province,
                breakdown="disagreement",
            )
            if row.numerator
        ],
        groups=session.rows(sql_file("ui/quality_groups.sql"), day=day),
    )  # fmt: skip


def _attributes(session: Session, view: View, day: date, province: str) -> list[Attribute]:
    place = {"level": "province", "unit": province}
    values = {
        row.kpi_code: row
        for row in published.values(session, view, day, day, **place)
        if row.kpi_code.startswith("quality.")
    }
    return [
        Attribute(
            each,
            values.get(f"quality.consistent_{each}_share"),
            values.get(f"quality.not_comparable_{each}"),
        )
        for each in _ATTRIBUTES
    ]
