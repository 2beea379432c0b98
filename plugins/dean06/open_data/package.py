"""Frictionless Data Package: ``datapackage.json``, version 2 of the standard."""

import hashlib
from typing import Any

from dean06.open_data import tables
from dean06.open_data.content import Content
from dean06.open_data.tables import Column, Kind, Table

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES: dict[Kind, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean", "trueValues": ["t"], "falseValues": ["f"]},
    "date": {"type": "date"},
    "list": {"type": "string"},
}


def describe(content: Content, files: dict[str, bytes]) -> dict[str, Any]:
    """Return the description of a release whose CSV files are ``files``."""
    by = content.publisher
    contact = "email" if by.contact_url.startswith("mailto:") else "path"
    return {
        "$schema": PROFILE,
        "name": f"dean06-{content.name}",
        "id": content.url,
        "title": str(content.title),
        "description": str(content.notice),
        "version": str(content.number),
        "created": content.issued,
        "homepage": content.url,
        "licenses": [{"path": by.licence}],
        "contributors": [{"title": by.name, "roles": ["publisher"], contact: by.contact}],
        "updateCycle": by.update_cycle,
        "resources": [_resource(table, files[table.file]) for table in tables.TABLES],
    }


def _resource(table: Table, body: bytes) -> dict[str, Any]:
    return {
        "name": _name(table.name),
        "path": table.file,
        "type": "table",
        "title": str(table.title),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(body),
        "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": list(each.columns),
                    "reference": {"resource": _name(each.table), "fields": list(each.columns)},
                }
                for each in table.references
            ],
        },
    }


def _name(table: str) -> str:
    """Names of resources have no underscores."""
    return table.replace("_", "-")


def _field(column: Column) -> dict[str, Any]:
    said = {"name": column.name, **_TYPES[column.kind], "description": str(column.meaning)}
    return said | ({"constraints": {"required": True}} if column.is_required else {})
