"""Rows as FHIR R4 resources, one a line. Neither diagnosis nor drug is ever exported."""

import json

from .feed import Rows
from .lines import AS_AGREED, EXTRA_FIELD, EXTRA_VALUE, Shape, assemble, in_octets, octets

BASE = "https://dean06.example/fhir"
_IDENTIFIER = f"{BASE}/sid/"
_EXTENSION = f"{BASE}/StructureDefinition/"
_FACILITY = f"{BASE}/sid/co-so-kham-chua-benh"
_CLASS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_CVX = "http://hl7.org/fhir/sid/cvx"

Record = dict[str, str | None]
JsonObject = dict[str, object]

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_TEMPLATE_ORDER = {
    "Encounter": (
        "encounter_id",
        "updated_at",
        "personal_id",
        "full_name",
        "sex_code",
        "birth_date",
        "document_used",
        "is_insurance_checked",
        "commune_code",
        "encounter_status",
        "started_at",
        "facility_code",
    ),
    "Immunization": (
        "immunization_id",
        "updated_at",
        "personal_id",
        "full_name",
        "sex_code",
        "birth_date",
        "commune_code",
        "immunization_status",
        "vaccine_code",
        "occurred_on",
        "facility_code",
        "dose_number",
    ),
}
"""The order in which columns occur in the text of a resource."""


def fhir_lines(rows: Rows, resource_type: str, shape: Shape = AS_AGREED) -> list[bytes]:
    """The resources of some rows: ordinary ones by template, odd ones element by element."""
    if shape == AS_AGREED:
        lines = _templated(rows, resource_type)
        forms = rows.columns["name_form"]
        careful = rows.odd | {index for index, form in enumerate(forms) if form != "text"}
    else:
        lines = [""] * len(rows)
        careful = set(range(len(rows)))
    for index in careful:
        lines[index] = octets(_ENCODE(_resource(rows.record(index), resource_type, shape)))
    return assemble(lines, rows)


def _templated(rows: Rows, resource_type: str) -> list[str]:
    """Columns are put into the text of one resource whose values are placeholders."""
    columns = dict(rows.columns)
    names = [name for name in columns if name != "id_type"]
    blank: Record = dict.fromkeys(columns, "%s")
    blank |= {"is_insurance_checked": "true", "dose_number": "1", "name_form": "text"}
    text = _ENCODE(_resource(blank, resource_type, AS_AGREED))
    start, end = text.index('"identifier":[{'), text.index('"name":[')
    text = text[:start] + "%s" + text[end:]
    text = text.replace('"valueBoolean":true', '"valueBoolean":%s')
    text = text.replace('"doseNumberPositiveInt":1', '"doseNumberPositiveInt":%s')
    columns["personal_id"] = [
        f'"identifier":[{{"system":"{_IDENTIFIER}{kind}","value":"{value}"}}],' if value else ""
        for kind, value in zip(columns["id_type"], columns["personal_id"], strict=True)
    ]
    order = [name for name in _TEMPLATE_ORDER[resource_type] if name in names]
    chosen = [in_octets(columns[name]) for name in order]
    return [text % values for values in zip(*chosen, strict=True)]


def _resource(record: Record, resource_type: str, shape: Shape) -> JsonObject:
    build = _encounter if resource_type == "Encounter" else _immunization
    resource = build(record)
    return _reshaped(resource, shape) if shape.dropped or shape.extra else resource


def _reshaped(resource: JsonObject, shape: Shape) -> JsonObject:
    if "full_name" in shape.dropped or "birth_date" in shape.dropped:
        patient = resource["contained"][0]  # type: ignore[index]
        for column, element in (("full_name", "name"), ("birth_date", "birthDate")):
            if column in shape.dropped:
                patient.pop(element, None)
    kept = {k: v for k, v in resource.items() if k not in shape.dropped}
    if shape.extra:
        kept[EXTRA_FIELD] = EXTRA_VALUE
    return kept


def _patient(record: Record) -> list[JsonObject]:
    patient: JsonObject = {"resourceType": "Patient", "id": "p"}
    if record["personal_id"] is not None:
        system = f"{_IDENTIFIER}{record['id_type']}"
        patient["identifier"] = [{"system": system, "value": record["personal_id"]}]
    if record["full_name"] is not None:
        patient["name"] = [_human_name(record["full_name"], record["name_form"])]
    patient["gender"] = record["sex_code"]
    patient["birthDate"] = record["birth_date"]
    return [patient]


def _human_name(name: str, form: str | None) -> JsonObject:
    """A HumanName, whose parts software fills in differently (E07)."""
    if form == "parts":
        family, *given = name.split(" ")
        return {"family": family, "given": given}
    return {"given": [name]} if form == "given" else {"text": name}


def _start(resource_type: str, record: Record, key: str) -> JsonObject:
    resource: JsonObject = {"resourceType": resource_type}
    if record[key] is not None:
        resource["id"] = record[key]
    resource["meta"] = {"lastUpdated": record["updated_at"]}
    resource["contained"] = _patient(record)
    return resource


def _facility(record: Record) -> JsonObject:
    return {"identifier": {"system": _FACILITY, "value": record["facility_code"]}}


def _encounter(record: Record) -> JsonObject:
    resource = _start("Encounter", record, "encounter_id")
    resource["extension"] = [
        {"url": f"{_EXTENSION}check-in-document", "valueCode": record["document_used"]},
        {
            "url": f"{_EXTENSION}insurance-checked",
            "valueBoolean": record["is_insurance_checked"] == "true",
        },
        {"url": f"{_EXTENSION}facility-commune", "valueCode": record["commune_code"]},
    ]
    resource["status"] = record["encounter_status"]
    resource["class"] = {"system": _CLASS, "code": "AMB"}
    resource["subject"] = {"reference": "#p"}
    resource["period"] = {"start": record["started_at"]}
    resource["serviceProvider"] = _facility(record)
    return resource


def _immunization(record: Record) -> JsonObject:
    resource = _start("Immunization", record, "immunization_id")
    resource["extension"] = [
        {"url": f"{_EXTENSION}facility-commune", "valueCode": record["commune_code"]},
    ]
    resource["status"] = record["immunization_status"]
    resource["vaccineCode"] = {"coding": [{"system": _CVX, "code": record["vaccine_code"]}]}
    resource["patient"] = {"reference": "#p"}
    resource["occurrenceDateTime"] = record["occurred_on"]
    resource["performer"] = [{"actor": _facility(record)}]
    dose = int(str(record["dose_number"]))
    resource["protocolApplied"] = [{"doseNumberPositiveInt": dose}]
    return resource
