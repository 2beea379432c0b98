"""mart names things in both languages, whatever the relation."""

from collections.abc import Iterator, Mapping

import pytest

from dean06.reference import tables, unit_names
from dean06.reports import dictionary
from tests.lib.loading import rows

pytestmark = pytest.mark.usefixtures("warehouse")
QUOTED = {"kpi_target.quote_vi"}
"""Words of a decision, which are quoted as they stand."""
NAMES = {
    "kpi_code": ("name_vi", "target_name_vi"),
    "unit_code": ("unit_name", "unit_full_name"),
    "member_code": ("member_name_vi",),
    "source_code": ("source_name_vi", "agency_name_vi"),
    "dataset_code": ("dataset_name_vi",),
    "owner_code": ("owner_name_vi",),
    "group_code": ("name_vi",),
    "verdict": ("verdict_name_vi",),
    "causes": ("causes_vi",),
    "status": ("status_vi",),
    "missing_reason": ("reason_vi",),
    "period": ("period_vi",),
}
"""What a code is called beside it."""
OF_ANOTHER_VIEW = {"kpi_now_unit", "kpi_now_value", "kpi_target_progress", "kpi_revision_reason"}
"""Views that others are built from; their comments say where the names are. Facts are joined with
dimensions."""


def one_sided(columns: Mapping[str, set[str]]) -> Iterator[str]:
    """Columns that name something in one language, without the column of the other one."""
    for relation, names in columns.items():
        for name in sorted(names):
            plain, _, language = name.rpartition("_")
            pairs = {"vi": f"{plain}_en", "en": f"{plain}_vi", "name": f"{name}_en"}
            # An official name in Vietnamese has no suffix: unit_name, unit_name_en.
            others = {pairs.get(language), plain if language == "en" else None} - {None}
            if others and not others & names and f"{relation}.{name}" not in QUOTED:
                yield f"{relation}.{name}"


def unnamed(columns: Mapping[str, set[str]]) -> Iterator[str]:
    """Codes of a relation that no column beside them puts into words."""
    for relation, names in columns.items():
        for code, words in NAMES.items():
            if code in names and not names & {*words}:
                yield f"{relation}.{code}"


def columns_of(kind: str | None = None) -> dict[str, set[str]]:
    """Columns of the relations that readers of mart see."""
    return {
        relation.name: {column.column_name for column in relation.columns}
        for relation in dictionary._relations()
        if kind in (None, relation.kind)
    }


def test_a_column_in_one_language_has_its_pair() -> None:
    columns = columns_of()
    assert len(columns) > 40
    assert list(one_sided(columns)) == []


def test_a_view_names_what_it_has_a_code_of() -> None:
    columns = columns_of("view")
    assert len(columns) > 20
    assert columns.keys() > OF_ANOTHER_VIEW
    named = {
        name: names
        for name, names in columns.items()
        if name not in OF_ANOTHER_VIEW and not name.startswith("fact_")
    }
    assert list(unnamed(named)) == []


def test_a_code_without_a_name_is_seen() -> None:
    columns = {"a": {"kpi_code", "name_vi"}, "b": {"source_code", "causes", "causes_vi"}}
    assert list(unnamed(columns)) == ["b.source_code"]


def test_a_column_without_its_pair_is_seen() -> None:
    columns = {"a": {"unit_name", "x_vi", "x_en"}, "b": {"y_vi"}, "c": {"z_en", "u_name_en"}}
    assert list(one_sided(columns)) == ["a.unit_name", "b.y_vi", "c.u_name_en", "c.z_en"]


def test_units_are_named_in_english_wherever_they_are_named() -> None:
    found = rows("select unit_name, unit_name_en from mart.dim_admin_unit")
    assert len(found) == len(tables.admin_units()) + len(tables.unknown_units())
    kinds = tuple(f"{kind} " for kind in unit_names.KINDS)
    in_vietnamese = {vi for vi, en in found if not en or en.startswith(kinds)}
    assert in_vietnamese == {"Phường Phường Đúc"}, "a ward whose own name is that of a kind"
    named = dict(found)
    assert named["Thành phố Mỹ Tho"] == "Mỹ Tho city"
    assert named["Phường 1"] == "ward 1"
    assert named["Không rõ đơn vị tại thời điểm đó (Tỉnh Tiền Giang)"] == "unknown commune"


def test_agencies_and_outcomes_have_names() -> None:
    listed = {
        (row[0], row[1]): row[2:]
        for row in rows(
            "select breakdown, member_code, name_en, name_vi, is_always_shown from mart.dim_member"
        )
    }
    for agency in tables.agencies():
        assert listed["owner", agency.agency_code] == (agency.name_en, agency.name_vi, False)
    assert listed["outcome", "insurance.participant/missing_id"] == (
        "Insurance participants: no personal ID", "Người tham gia bảo hiểm: thiếu số định danh",
        False,
    )  # fmt: skip
    assert listed["agency", "health"] == ("Provincial Department of Health", "Sở Y tế tỉnh", False)
    assert listed["dataset", "police.resident"] == ("Resident", "Nhân khẩu", False)
    assert listed["dataset", "insurance.participant"][2], "broken down by, so listed as before"
    assert listed["hour", "07"][1] == "07 giờ"
    assert listed["group", "1"][2]
