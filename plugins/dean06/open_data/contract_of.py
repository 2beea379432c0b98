"""The data contract of a release (Open Data Contract Standard 3.1): ``contract.odcs.yaml``."""

from typing import Any

import yaml

from dean06.contract import Bilingual
from dean06.open_data import tables
from dean06.open_data.content import Content
from dean06.open_data.tables import Column, Kind, Table

VERSION = "1.0.0"
"""Of the contract: grows when tables or columns change."""
_TYPES: dict[Kind, tuple[str, str]] = {
    "text": ("string", "VARCHAR"),
    "integer": ("integer", "BIGINT"),
    "number": ("number", "DOUBLE"),
    "boolean": ("boolean", "BOOLEAN"),
    "date": ("date", "DATE"),
    "list": ("string", "VARCHAR"),
}
_RULES = {
    "suppressed_values_have_no_number": (
        Bilingual(
            "A suppressed value has no number.", "Giá trị không hiển thị phải để trống số liệu."
        ),
        (
            "select count(*) from kpi_values where missing_reason = 'hidden' "
            "and (numerator is not null or denominator is not null or value is not null)"
        ),
    ),
    "missing_values_have_a_reason": (
        Bilingual("A missing value has a reason.", "Giá trị để trống phải có lý do."),
        "select count(*) from kpi_values where value is null and missing_reason is null",
    ),
    "values_are_listed_once": (
        Bilingual("A value is listed once.", "Mỗi giá trị có một dòng."),
        (
            f"select count(*) from (select {', '.join(tables.VALUES.key)} from kpi_values "
            f"group by {', '.join(tables.VALUES.key)} having count(*) > 1) as twice"
        ),
    ),
}
"""What the contract promises of values: in words, and as a query that counts the exceptions."""


def write(content: Content) -> bytes:
    """Return the contract as YAML."""
    text: str = yaml.safe_dump(_describe(content), allow_unicode=True, sort_keys=False, width=100)
    return text.encode()


def _describe(content: Content) -> dict[str, Any]:
    by = content.publisher
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": f"{by.url}#contract",
        "name": "dean06.open_data",
        "version": VERSION,
        "status": "active",
        "domain": "de-an-06",
        "dataProduct": str(content.title),
        "description": {
            "purpose": "Published KPIs of Project 06 as open data. | Số liệu chỉ tiêu Đề án 06 đã "
            "công bố, dưới dạng dữ liệu mở.",
            "usage": f"Licence | Giấy phép: {by.licence}",
            "limitations": str(content.notice),
        },
        "servers": [
            {"server": "release", "type": "local", "path": "./{model}.csv", "format": "csv"}
        ],
        "schema": [_schema(table) for table in tables.TABLES],
        "support": [{"channel": by.name, "url": by.contact_url}],
        "slaProperties": [{"property": "frequency", "value": by.update_cycle}],
        "customProperties": [
            {"property": "licence", "value": by.licence},
            {"property": "publication", "value": content.number},
            {"property": "asOfDate", "value": str(content.day)},
            {"property": "publishedAt", "value": content.issued},
        ],
    }


def _schema(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": table.name,
        "physicalName": table.name,
        "physicalType": "table",
        "description": str(table.title),
        "properties": [_property(table, column) for column in table.columns],
    }
    if table is tables.VALUES:
        found["quality"] = [
            {"name": name, "type": "sql", "description": str(said), "query": query, "mustBe": 0}
            for name, (said, query) in _RULES.items()
        ]
    return found


def _property(table: Table, column: Column) -> dict[str, Any]:
    """A column; of values no primary key, whose columns would have to be filled in every row."""
    logical, physical = _TYPES[column.kind]
    found: dict[str, Any] = {
        "name": column.name,
        "logicalType": logical,
        "physicalType": physical,
        "description": str(column.meaning),
        "required": column.is_required,
    }
    if column.name in table.key and table is not tables.VALUES:
        found |= {"primaryKey": True, "primaryKeyPosition": table.key.index(column.name) + 1}
    return found
