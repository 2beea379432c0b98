"""The judge: what one record that was sent means in each column of core, or that it means nothing.

Columns of their own (years of birth, counts of documents …) follow the ``transformDescription`` of
the contract.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.faults.meaning import csv_text, fhir, json_text
from tests.faults.meaning.agreement import Agreed, Dataset
from tests.faults.meaning.values import (
    VIETNAM,
    LostError,
    birth,
    day,
    flag,
    moment,
    said,
    total,
    whole,
)

Values = dict[str, Any]
NAMES = ("full_name", "family_name", "given_name_1", "given_name_2", "applicant_name", "title")
"""Columns of text that people wrote, whose encoding may be wrong."""


@dataclass(frozen=True)
class Reading:
    """What a record means."""

    values: Values | None
    """By column of core; None: it has to be flagged."""
    lost: str = ""
    """Why it has to be."""
    texts: Mapping[str, str] | None = None
    """What it says in the columns of ``NAMES``; None for a record that nobody can read."""


def read(dataset: Dataset, written: bytes, titles: list[str]) -> Reading:
    """One record as its source writes it; ``titles`` of its file's columns, of CSV alone."""
    try:
        sent = _sent(dataset, written, titles)
    except LostError as lost:
        return Reading(None, str(lost))
    return of_fields(dataset, sent)


def _sent(dataset: Dataset, written: bytes, titles: list[str]) -> dict[str, object]:
    if dataset.source in ("insurance", "programme"):
        fields = csv_text.read(written, ";" if dataset.source == "programme" else ",")
        if len(fields) != len(titles):
            raise LostError("another number of fields than titles")
        return dict(zip(titles, fields, strict=True))
    found = json_text.read(written)
    return fhir.read(dataset, found) if dataset.source == "health" else found


def of_fields(dataset: Dataset, sent: Mapping[str, object]) -> Reading:
    """A record by the names of its source."""
    texts = {
        column.name: value
        for column in dataset.sent
        if column.name in NAMES and isinstance(value := sent.get(str(column.wire)), str)
    }
    try:
        values = {c.name: _value(dataset, c, sent.get(str(c.wire))) for c in dataset.sent}
        for derive in _DERIVED.get(f"{dataset.source}.{dataset.name}", ()):
            derive(values)
        if "birth_date" in values:
            notations = dataset.notations("birth_date")
            values["born_on"], values["birth_year"] = birth(values["birth_date"], notations)
    except LostError as lost:
        return Reading(None, str(lost), texts)
    return Reading(values, texts=texts)


def _value(dataset: Dataset, column: Agreed, sent: object) -> object:
    value = said(column, sent)
    if column.name == "is_synthetic":
        return flag(value, {"x": True}) or False
    if value is None:
        if column.is_required:
            raise LostError(f"{column.name}: nothing")
        return None
    try:
        return _typed(dataset, column, value)
    except LostError as lost:
        raise LostError(f"{column.name}: {lost}") from None


def _typed(dataset: Dataset, column: Agreed, value: object) -> object:
    kind = column.physical
    if kind in ("smallint", "integer"):
        return whole(value)
    if kind == "boolean":
        return flag(value, {"0": False, "1": True})
    if kind == "date":
        return day(value, dataset.notations(column.name))
    if kind == "timestamptz":
        return moment(value, dataset.notations(column.name))
    if kind == "text[]":
        return _listed(str(value))
    return value


def _listed(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise LostError("an empty name in a list")
    return parts


def _deleted_when(column: str, text: str) -> Callable[[Values], None]:
    def derive(values: Values) -> None:
        values["is_deleted"] = values[column] == text

    return derive


def _full_name(values: Values) -> None:
    parts = (values["family_name"], values["given_name_1"], values["given_name_2"])
    whole_name = values["full_name"] or " ".join(part for part in parts if part)
    values["full_name"] = whole_name or None


def _dossier(values: Values) -> None:
    values["channel_code"] = values["channel_code"] or "1"
    papers, results, fees = values["components"], values["results"], values["fees"]
    values["component_count"] = len(papers)
    for column, member, meant in (
        ("digitised_component_count", "DuocSoHoa", ("1",)),
        ("reused_component_count", "DuocTaiSuDung", ("1", "2")),
        ("from_store_component_count", "DuocLayTuKhoDMQG", ("1",)),
    ):
        states = [paper.get(member) for paper in papers]
        if None in states:
            raise LostError(f"components: a document without {member}")
        values[column] = sum(state in meant for state in states)
    links = [result.get("DuongDanTepTinKetQua") for result in results]
    values["has_electronic_result"] = any(link and str(link).strip() for link in links)
    amounts = [fee.get("Gia") for fee in fees]
    if not all(isinstance(amount, Decimal) for amount in amounts):
        raise LostError("fees: a fee without an amount")
    values["fee_total"] = total(amounts)


def _candidate(values: Values) -> None:
    if values["withdrawn_mark"] not in (None, "x", "X"):
        raise LostError("withdrawn_mark: another mark than x")
    values["is_withdrawn"] = values["withdrawn_mark"] is not None


def _period(values: Values) -> None:
    written = re.fullmatch(r"([01][0-9])/((?:19|20)[0-9]{2})", str(values["period_code"]), re.ASCII)
    if written is None or not 1 <= int(written[1]) <= 12:
        raise LostError("period_code: no month")
    values["period_month"] = date(int(written[2]), int(written[1]), 1)


def _task(values: Values) -> None:
    days = [values["deadline"], values["completed_on"]]
    days.append(values["updated_at"].astimezone(VIETNAM).date())
    values["counts_from"] = min(found for found in days if found)


_DERIVED: dict[str, tuple[Callable[[Values], None], ...]] = {
    "education.exam_registration": (_candidate,),
    "insurance.participant": (_deleted_when("change_type", "D"),),
    "health.encounter": (_full_name, _deleted_when("encounter_status", "entered-in-error")),
    "health.immunization": (_full_name, _deleted_when("immunization_status", "entered-in-error")),
    "portal.dossier": (_dossier, _deleted_when("dossier_status", "9")),
    "portal.national_dossier": (_period, _deleted_when("dossier_status", "9")),
    "portal.national_count": (_period,),
    "portal.listed_procedure": (_deleted_when("listing_status", "9"),),
    "portal.petition": (_deleted_when("petition_status", "9"),),
    "portal.certified_copy": (_deleted_when("copy_status", "9"),),
    "programme.task": (_task,),
}
