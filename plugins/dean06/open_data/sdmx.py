"""SDMX 3.0: observations as SDMX-CSV 2.0, and their structure as SDMX-JSON 2.0.

Names of codes may hold letters, digits, ``_``, ``-``, ``@`` and ``$`` only, so a dot of ours is
written ``@`` and any other sign as its number between ``$``. A unit is named with its level and the
first day of its validity, since codes of units are used again; a member with its breakdown, and
every total is ``_T``.
"""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from dean06.contract import Bilingual
from dean06.open_data import tables
from dean06.open_data.content import Content

AGENCY, FLOW = "DEAN06", "KPI"
_URN = "urn:sdmx:org.sdmx.infomodel"
_SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/develop/structure-message/tools/schemas/"
    "2.0.0/sdmx-json-structure-schema.json"
)
TOTAL = "_T"
_STATUS = {
    "hidden": "Q", "source_missing": "L", "no_records": "L", "divided": "M",
    "province_missing": "L", "definitions_differ": "M", "not_additive": "M",
    "nothing_to_count": "M", "rounded_to_nothing": "O",
}  # fmt: skip
"""Reasons of ours, where there is no value → codes of SDMX for the status of an observation."""
_STATUSES = {
    "A": Bilingual("Normal value", "Giá trị bình thường"),
    "L": Bilingual("Missing value; data exist but were not collected", "Chưa thu thập được"),
    "M": Bilingual("Missing value; data cannot exist", "Không thể có số liệu"),
    "O": Bilingual("Missing value", "Không có giá trị"),
    "Q": Bilingual("Missing value; suppressed", "Không hiển thị"),
}
_BOUNDARIES = {
    "as_reported": Bilingual("Units of the day", "Địa giới hành chính tại ngày báo cáo"),
    "current": Bilingual("Newest units", "Địa giới hành chính hiện hành"),
}
_LEVELS = {
    "province": Bilingual("Province", "Cấp tỉnh"),
    "commune": Bilingual("Commune", "Cấp xã"),
}
_DIMENSIONS = {
    "KPI": Bilingual("KPI", "Chỉ tiêu"),
    "BOUNDARIES": Bilingual("Boundaries", "Địa giới"),
    "UNIT_LEVEL": Bilingual("Level of the unit", "Cấp của đơn vị"),
    "REF_AREA": Bilingual("Unit", "Đơn vị hành chính"),
    "MEMBER": Bilingual("Member of a breakdown", "Thành phần phân tổ"),
}
_DAY = {"TIME_PERIOD": Bilingual("Day of the values", "Ngày của số liệu")}
_MEASURES = {
    "NUMERATOR": (Bilingual("Numerator", "Tử số"), "Long"),
    "DENOMINATOR": (Bilingual("Denominator", "Mẫu số"), "Long"),
    "OBS_VALUE": (Bilingual("Value", "Giá trị"), "Decimal"),
}
_ATTRIBUTES = {
    "OBS_STATUS": (Bilingual("Status", "Trạng thái"), ""),
    "MISSING_REASON": (Bilingual("Why there is no value", "Lý do không có giá trị"), ""),
    "IS_ROUNDED": (Bilingual("Rounded", "Đã làm tròn"), "Boolean"),
    "COUNTED_ON": (Bilingual("Last updated on", "Ngày cập nhật"), "String"),
    "PART_CODES": (Bilingual("Former provinces covered", "Các tỉnh cũ có trong số liệu"), "String"),
    "KPI_VERSION": (Bilingual("Version of the KPI", "Phiên bản chỉ tiêu"), "Integer"),
}
"""Attributes with their type; without one, a code list of that name."""
_Codes = dict[str, Bilingual]


def code_of(text: str) -> str:
    """A code of ours as SDMX allows it; different codes stay different."""
    return re.sub(
        r"[^A-Za-z0-9_-]",
        lambda sign: "@" if sign[0] == "." else f"${ord(sign[0]):X}$",
        text,
    )


def version_of(content: Content) -> str:
    """Version of the structure: each publication has its own code lists."""
    return f"1.{content.number}.0"


def data(content: Content) -> bytes:
    """Return the observations, one for each value."""
    area = {
        (row["unit_level"], row["unit_code"], row["boundary_version"]): _area(row)
        for row in content.dicts(tables.UNITS)
    }
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    columns = (*_DIMENSIONS, *_DAY, *_MEASURES, *_ATTRIBUTES)
    lines.writerow(("STRUCTURE", "STRUCTURE_ID", "ACTION", *columns))
    flow = ("dataflow", f"{AGENCY}:{FLOW}({version_of(content)})", "I")
    for row in content.dicts(tables.VALUES):
        unit = (row["unit_level"], row["unit_code"], row["boundary_version"])
        lines.writerow((
            *flow, code_of(row["kpi_code"]), row["boundary_version"], row["unit_level"], area[unit],
            _member(row["breakdown"], row["member_code"]), content.day,
            row["numerator"], row["denominator"], row["value"],
            "A" if row["value"] else _STATUS.get(row["missing_reason"], "O"), row["missing_reason"],
            "true" if row["is_rounded"] == "t" else "false", row["counted_on"], row["part_codes"],
            row["kpi_version"],
        ))  # fmt: skip
    return text.getvalue().encode()


def structure(content: Content) -> dict[str, Any]:
    """Return the structure message: dataflow, data structure, concepts and code lists."""
    version = version_of(content)
    lists = _code_lists(content)
    return {
        "meta": {
            "schema": _SCHEMA,
            "id": content.name,
            "prepared": content.issued,
            "test": False,
            "contentLanguages": ["en", "vi"],
            "sender": {"id": AGENCY, "name": content.publisher.name},
        },
        "data": {
            "dataflows": [
                _named(FLOW, content.title, version)
                | {"structure": f"{_URN}.datastructure.DataStructure={_of('DSD_KPI', version)}"}
            ],
            "dataStructures": [
                _named("DSD_KPI", content.title, version)
                | {"dataStructureComponents": _components(version, lists)}
            ],
            "conceptSchemes": [
                _named("CS_KPI", Bilingual("Concepts", "Khái niệm"), version)
                | {"concepts": [_item(code, name) for code, name in _concepts().items()]}
            ],
            "codelists": [
                _named(f"CL_{name}", _concepts()[name], version)
                | {"codes": [_item(code, said) for code, said in codes.items()]}
                for name, codes in lists.items()
            ],
        },
    }


def _concepts() -> _Codes:
    described = {name: said for name, (said, _) in (_MEASURES | _ATTRIBUTES).items()}
    return _DIMENSIONS | _DAY | described


def _code_lists(content: Content) -> dict[str, _Codes]:
    """The code lists of a publication: codes that its values use, with their names."""
    members = {
        _member(row["breakdown"], row["member_code"]): Bilingual(row["name_en"], row["name_vi"])
        for row in content.dicts(tables.MEMBERS)
    }
    return {
        "KPI": {
            code_of(row["kpi_code"]): Bilingual(row["name_en"], row["name_vi"])
            for row in content.dicts(tables.KPIS)
        },
        "BOUNDARIES": _BOUNDARIES,
        "UNIT_LEVEL": _LEVELS,
        "REF_AREA": {
            _area(row): Bilingual(row["unit_name_en"], row["unit_name"])
            for row in content.dicts(tables.UNITS)
        },
        "MEMBER": {TOTAL: Bilingual("Total", "Tổng số")} | members,
        "OBS_STATUS": _STATUSES,
        "MISSING_REASON": {
            row["missing_reason"]: Bilingual(row["reason_en"], row["reason_vi"])
            for row in content.dicts(tables.MISSING_REASONS)
        },
    }


def _components(version: str, lists: Iterable[str]) -> dict[str, Any]:
    coded = set(lists)

    def component(name: str, kind: str = "") -> dict[str, Any]:
        is_coded = name in coded and not kind
        listed = {"enumeration": f"{_URN}.codelist.Codelist={_of(f'CL_{name}', version)}"}
        return {
            "id": name,
            "conceptIdentity": f"{_URN}.conceptscheme.Concept={_of('CS_KPI', version)}.{name}",
            "localRepresentation": listed if is_coded else {"format": {"dataType": kind}},
        }

    return {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": [component(name) for name in _DIMENSIONS],
            "timeDimension": component("TIME_PERIOD", "ObservationalTimePeriod"),
        },
        "measureList": {
            "id": "MeasureDescriptor",
            "measures": [
                component(name, kind) | {"usage": "optional"}
                for name, (_, kind) in _MEASURES.items()
            ],
        },
        "attributeList": {
            "id": "AttributeDescriptor",
            "attributes": [
                component(name, kind) | {
                    "usage": "mandatory" if name == "OBS_STATUS" else "optional",
                    "attributeRelationship": {"observation": {}},
                }
                for name, (_, kind) in _ATTRIBUTES.items()
            ],
        },
    }  # fmt: skip


def _of(name: str, version: str) -> str:
    return f"{AGENCY}:{name}({version})"


def _named(name: str, said: Bilingual, version: str) -> dict[str, Any]:
    return {"agencyID": AGENCY, "version": version, **_item(name, said)}


def _item(name: str, said: Bilingual) -> dict[str, Any]:
    return {"id": name, "name": said.en, "names": {"en": said.en, "vi": said.vi}}


def _area(unit: dict[str, str]) -> str:
    return code_of(".".join((unit["unit_level"], unit["unit_code"], unit["valid_from"])))


def _member(breakdown: str, member: str) -> str:
    return code_of(f"{breakdown}.{member}") if breakdown else TOTAL
