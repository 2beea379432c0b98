"""Columns of the files that the pages of KPIs give, with their headings for people."""

from typing import Any

from dean06 import settings
from dean06.contract import Bilingual
from dean06.figures import standing

COLUMNS = (
    ("as_of_date", Bilingual("Day", "Ngày báo cáo")),
    ("kpi_code", Bilingual("KPI code", "Mã chỉ tiêu")),
    ("name_vi", Bilingual("KPI (Vietnamese)", "Chỉ tiêu")),
    ("name_en", Bilingual("KPI", "Chỉ tiêu (tiếng Anh)")),
    ("period", Bilingual("Period code", "Mã kỳ báo cáo")),
    ("period_starts_on", Bilingual("Period starts on", "Ngày bắt đầu kỳ")),
    ("period_vi", Bilingual("Period (Vietnamese)", "Kỳ báo cáo")),
    ("period_en", Bilingual("Period", "Kỳ báo cáo (tiếng Anh)")),
    ("unit", Bilingual("Unit of measure", "Đơn vị tính (mã)")),
    ("unit_level", Bilingual("Level", "Cấp hành chính (mã)")),
    ("unit_code", Bilingual("Unit code", "Mã đơn vị hành chính")),
    ("unit_name", Bilingual("Administrative unit", "Đơn vị hành chính")),
    ("boundary_version", Bilingual("Boundaries", "Địa giới hành chính (mã)")),
    ("breakdown", Bilingual("Breakdown", "Phân tổ (mã)")),
    ("member_code", Bilingual("Category code", "Mã thành phần phân tổ")),
    ("numerator", Bilingual("Numerator", "Tử số")),
    ("denominator", Bilingual("Denominator", "Mẫu số")),
    ("value", Bilingual("Value", "Giá trị")),
    ("is_suppressed", Bilingual("Suppressed", "Không hiển thị")),
    ("missing_reason", Bilingual("Reason code", "Mã lý do chưa có giá trị")),
    ("reason_vi", Bilingual("Reason (Vietnamese)", "Lý do chưa có giá trị")),
    ("reason_en", Bilingual("Why there is no value", "Lý do (tiếng Anh)")),
    ("covered_vi", Bilingual("Coverage (Vietnamese)", "Phạm vi")),
    ("covered_en", Bilingual("Coverage", "Phạm vi (tiếng Anh)")),
    ("published_at", Bilingual("Published at", "Thời điểm công bố")),
)
TARGET_COLUMNS = (
    ("target_id", Bilingual("Target code", "Mã mục tiêu")),
    ("target_name_vi", Bilingual("Target (Vietnamese)", "Mục tiêu")),
    ("operator", Bilingual("Operator", "Phép so sánh")),
    ("target", Bilingual("Target value", "Mức cần đạt")),
    ("status", Bilingual("Status", "Tình trạng (mã)")),
)


def cells(row: Any, boundaries: str) -> tuple[Any, ...]:
    """A published value, in the order of ``COLUMNS``."""
    return (
        row.as_of_date, row.kpi_code, row.name_vi, row.name_en, row.period, row.period_starts_on,
        row.period_vi, row.period_en, row.unit, row.unit_level,
        row.unit_code, row.unit_name, boundaries, row.breakdown, row.member_code, row.numerator,
        row.denominator, row.value, row.is_suppressed, row.missing_reason, row.reason_vi,
        row.reason_en, row.covered_vi, row.covered_en,
        # A workbook knows no time zone.
        row.published_at.astimezone(settings.TIMEZONE).replace(tzinfo=None, microsecond=0),
    )  # fmt: skip


def target_cells(target: standing.Target | None) -> tuple[Any, ...]:
    """A target of the value, in the order of ``TARGET_COLUMNS``."""
    if target is None:
        return (None,) * len(TARGET_COLUMNS)
    row = target.row
    return (row.target_id, row.name_vi, row.operator, row.target, row.status)
