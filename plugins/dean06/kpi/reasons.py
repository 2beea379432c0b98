"""Why the KPIs of a day are published: as a build and its publication hold it, and in words."""

from dean06.contract import Bilingual

FIRST = "first publication of the day"
OTHER_SOURCE = "data from another source"
LOST_SOURCE = "a source no longer has data of the day"
LATE = "late or corrected records"
DEFINITIONS = "new or changed definitions of KPIs"
_OTHER_SOURCE = Bilingual(OTHER_SOURCE, "có thêm nguồn gửi dữ liệu")

REASONS = {
    FIRST: Bilingual(FIRST, "lần công bố đầu tiên của ngày này"),
    OTHER_SOURCE: _OTHER_SOURCE,
    LOST_SOURCE: Bilingual(LOST_SOURCE, "một nguồn không còn dữ liệu của ngày này"),
    LATE: Bilingual(LATE, "có bản ghi gửi muộn hoặc được chỉnh sửa"),
    DEFINITIONS: Bilingual(DEFINITIONS, "có chỉ tiêu mới hoặc thay đổi công thức tính"),
    # As publications of earlier versions say it.
    "a further source reached the day": _OTHER_SOURCE,
}
"""By ``mart.kpi_publication.reason``."""
