"""The tables of a release: what they hold, and what each column means, in both languages.

Every format is written from these, so that no two of them describe a column differently.
"""

from dataclasses import dataclass, field
from typing import Literal

from dean06.contract import Bilingual

Kind = Literal["text", "integer", "number", "boolean", "date", "list"]
"""What a column holds. A boolean is written ``t`` or ``f``, a list with spaces between."""
Row = tuple[str, ...]
"""Cells as text, in the order of the columns; empty: none."""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    kind: Kind
    meaning: Bilingual
    is_required: bool = False


@dataclass(frozen=True)
class Reference:
    """Columns that name a row of another table, if any of them is filled."""

    columns: tuple[str, ...]
    table: str


@dataclass(frozen=True)
class Table:
    """A table: its columns, and what tells its rows apart."""

    name: str
    title: Bilingual
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = field(default=())

    @property
    def file(self) -> str:
        """Name of its CSV file."""
        return f"{self.name}.csv"


def _column(name: str, kind: Kind, meaning: str, *, required: bool = False) -> Column:
    return Column(name, kind, Bilingual.of(meaning, name), required)


def _required(name: str, kind: Kind, meaning: str) -> Column:
    return _column(name, kind, meaning, required=True)


VALUES = Table(
    "kpi_values",
    Bilingual("KPI values", "Giá trị chỉ tiêu"),
    (
        _required("kpi_code", "text", "Code of the KPI. | Mã chỉ tiêu."),
        _required(
            "kpi_version", "integer", "Version of its definition. | Phiên bản của định nghĩa."
        ),
        _required(
            "unit_level", "text",
            "province or commune; a province includes its communes. | Cấp của đơn vị: province là "
            "cấp tỉnh, commune là cấp xã; cấp tỉnh gồm các đơn vị cấp xã.",
        ),
        _required("unit_code", "text", "Code of the unit. | Mã đơn vị hành chính."),
        _required(
            "boundary_version", "text",
            "as_reported: units of the day; current: the newest units. Choose one. | as_reported: "
            "địa giới hành chính tại ngày báo cáo; current: địa giới hiện hành. Chỉ chọn một.",
        ),
        _column(
            "breakdown", "text",
            "Breakdown of the value; empty for a total. | Phân tổ của số liệu; để trống "
            "nếu là tổng số.",
        ),
        _column(
            "member_code", "text",
            "Member of the breakdown; empty for a total. | Thành phần của phân tổ; để trống nếu là "
            "tổng số.",
        ),
        _column(
            "numerator", "integer",
            "Number counted; if empty, see missing_reason. The KPI's additivity says whether "
            "numerators may be added up. | Số lượng đếm được (tử số); để trống: xem "
            "missing_reason. Được cộng hay không: xem additivity của chỉ tiêu.",
        ),
        _column(
            "denominator", "integer",
            "Number of items considered, if the KPI has one. | Mẫu số, nếu chỉ tiêu có mẫu số.",
        ),
        _column(
            "value", "number",
            "The numerator. If the KPI's unit is share: the numerator divided by the denominator "
            "(0 to 1). Never add up shares. | Giá trị: tử số, hoặc tử số chia mẫu số (từ 0 đến "
            "1) nếu chỉ tiêu là tỷ lệ. Không cộng các tỷ lệ.",
        ),
        _column(
            "missing_reason", "text",
            "Why there is no value. For a count with a denominator: why there is no share. hidden: "
            "suppressed, because it is a small count or would reveal one. | Lý do không "
            "có giá trị. Nếu chỉ tiêu là số lượng có mẫu số: lý do không tính được tỷ lệ. hidden: "
            "không hiển thị vì quá nhỏ hoặc có thể dùng để suy ra số liệu quá nhỏ.",
        ),
        _required(
            "is_rounded", "boolean",
            "t: a rounded count, so that parts need not add up to their total. | t: số đã làm "
            "tròn, nên tổng các thành phần có thể khác tổng số.",
        ),
        _column(
            "counted_on", "date",
            "Day on which a rounded count was last updated. | Ngày cập nhật gần nhất của số đã làm "
            "tròn.",
        ),
        _column(
            "part_codes", "list",
            "For a merged province: codes of the former provinces that the value covers. Empty: "
            "the whole unit. | Với tỉnh đã sáp nhập, mã các tỉnh cũ có trong số liệu; để trống: "
            "toàn bộ đơn vị.",
        ),
    ),
    ("kpi_code", "unit_level", "unit_code", "boundary_version", "breakdown", "member_code"),
    (
        Reference(("kpi_code", "kpi_version"), "kpis"),
        Reference(("unit_level", "unit_code", "boundary_version"), "units"),
        Reference(("breakdown", "member_code"), "members"),
        Reference(("missing_reason",), "missing_reasons"),
    ),
)  # fmt: skip

KPIS = Table(
    "kpis",
    Bilingual("Definitions of the KPIs", "Định nghĩa chỉ tiêu"),
    (
        _required("kpi_code", "text", "Code of the KPI. | Mã chỉ tiêu."),
        _required("kpi_version", "integer", "Version of the definition. | Phiên bản."),
        _required(
            "base_code", "text",
            "Code shared by the same KPI of other periods. | Mã chung của cùng chỉ tiêu ở các kỳ.",
        ),
        _required(
            "period", "text",
            "Days that a value covers: day, last_30_days, month, quarter, year, since_start. | Kỳ "
            "của giá trị: ngày, 30 ngày gần nhất, tháng, quý, năm, từ khi bắt đầu.",
        ),
        _required("name_en", "text", "Name in English. | Tên tiếng Anh."),
        _required("name_vi", "text", "Name in Vietnamese. | Tên tiếng Việt."),
        _required("unit", "text", "What is counted; share: 0 to 1. | Đơn vị tính; share: tỷ lệ."),
        _required("grain", "text", "Smallest unit published. | Cấp nhỏ nhất được công bố."),
        _required(
            "additivity", "text",
            "additive: numerators of units of one level can be added; ratio: add numerators and "
            "denominators; non_additive: add nothing. | additive: được cộng tử số của các đơn vị "
            "cùng cấp; ratio: cộng riêng tử số và mẫu số; non_additive: không cộng.",
        ),
        _required("has_denominator", "boolean", "t: it has a denominator. | t: có mẫu số."),
        _required("owner_agency", "text", "Agency responsible for it. | Cơ quan chủ trì."),
        _required("legal_basis", "text", "Law or decision behind it. | Căn cứ pháp lý."),
        _required("formula_en", "text", "How it is counted, in English. | Cách tính, tiếng Anh."),
        _required("formula_vi", "text", "How it is counted, in Vietnamese. | Cách tính."),
        _required("source_codes", "list", "Sources it is counted from. | Nguồn số liệu."),
        _column("breakdowns", "list", "Breakdowns of its values. | Các phân tổ."),
        _required(
            "hides_small_cells", "boolean",
            "t: small counts of persons are suppressed. | t: không hiển thị số người quá nhỏ.",
        ),
    ),
    ("kpi_code", "kpi_version"),
)  # fmt: skip

UNITS = Table(
    "units",
    Bilingual("Administrative units", "Đơn vị hành chính"),
    (
        _required("unit_level", "text", "province or commune. | Cấp: province, commune."),
        _required("unit_code", "text", "Code of the unit. | Mã đơn vị hành chính."),
        _required(
            "boundary_version", "text",
            "Boundaries on which the code means this unit. | Loại địa giới hành chính áp dụng "
            "cho mã ở dòng này.",
        ),
        _required("unit_name", "text", "Official name. | Tên chính thức."),
        _required("unit_name_en", "text", "Name with its kind in English. | Tên tiếng Anh."),
        _column("district_code", "text", "District of a commune. | Mã cấp huyện của cấp xã."),
        _column("district_name", "text", "Name of the district. | Tên cấp huyện."),
        _column("province_code", "text", "Code of the province. | Mã tỉnh."),
        _column("province_name", "text", "Name of the province. | Tên tỉnh."),
        _column("valid_from", "date", "First day of this meaning. | Ngày mã bắt đầu có hiệu lực."),
        _column(
            "valid_to", "date",
            "First day on which the code no longer means it. | Ngày mã hết hiệu lực.",
        ),
    ),
    ("unit_level", "unit_code", "boundary_version"),
)  # fmt: skip

MEMBERS = Table(
    "members",
    Bilingual("Members of breakdowns", "Thành phần phân tổ"),
    (
        _required("breakdown", "text", "The breakdown. | Phân tổ."),
        _required("member_code", "text", "Code of the member. | Mã thành phần."),
        _required("name_en", "text", "Name in English. | Tên tiếng Anh."),
        _required("name_vi", "text", "Name in Vietnamese. | Tên tiếng Việt."),
    ),
    ("breakdown", "member_code"),
)

MISSING_REASONS = Table(
    "missing_reasons",
    Bilingual("Why values are missing", "Lý do không có giá trị"),
    (
        _required("missing_reason", "text", "The reason, as in kpi_values.csv. | Lý do."),
        _required("reason_en", "text", "The reason in English. | Lý do, tiếng Anh."),
        _required("reason_vi", "text", "The reason in Vietnamese. | Lý do, tiếng Việt."),
    ),
    ("missing_reason",),
)

TABLES = (VALUES, KPIS, UNITS, MEMBERS, MISSING_REASONS)
