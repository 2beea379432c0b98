"""CSV on the Web: ``csv-metadata.json``, which describes the CSV files beside it (W3C, 2015)."""

from typing import Any

from dean06.contract import Bilingual
from dean06.open_data import tables
from dean06.open_data.content import Content
from dean06.open_data.tables import Column, Kind, Table

_TYPES: dict[Kind, Any] = {
    "text": "string",
    "integer": "integer",
    "number": "decimal",
    "boolean": {"base": "boolean", "format": "t|f"},
    "date": "date",
    "list": "string",
}


def describe(content: Content) -> dict[str, Any]:
    """Return the description of the group of tables."""
    by = content.publisher
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "@id": content.url,
        "dc:title": _said(content.title),
        "dc:description": _said(content.notice),
        "dc:publisher": by.name,
        "dc:license": {"@id": by.licence},
        "dc:issued": {"@value": content.issued, "@type": "xsd:dateTime"},
        "dialect": {"header": True, "encoding": "utf-8"},
        "tables": [_table(table) for table in tables.TABLES],
    }


def _said(text: Bilingual) -> list[dict[str, str]]:
    return [{"@value": text.en, "@language": "en"}, {"@value": text.vi, "@language": "vi"}]


def _table(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [_column(column) for column in table.columns],
        "primaryKey": list(table.key),
    }
    required = {column.name for column in table.columns if column.is_required}
    # A foreign key of CSVW must be filled in every row; those that may be empty are in
    # datapackage.json only.
    if references := [each for each in table.references if required.issuperset(each.columns)]:
        schema["foreignKeys"] = [
            {
                "columnReference": list(each.columns),
                "reference": {
                    "resource": f"{each.table}.csv",
                    "columnReference": list(each.columns),
                },
            }
            for each in references
        ]
    return {"url": table.file, "dc:title": _said(table.title), "tableSchema": schema}


def _column(column: Column) -> dict[str, Any]:
    said = {
        "name": column.name,
        "titles": column.name,
        "dc:description": _said(column.meaning),
        "datatype": _TYPES[column.kind],
        "required": column.is_required,
    }
    return said | ({"separator": " "} if column.kind == "list" else {})
