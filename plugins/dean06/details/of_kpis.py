"""Texts of details about KPIs: builds, audits, verification against records."""

TEXTS = {
    "unit_of_two_provinces": (
        "{day:day}: two provinces publish values of {units:names}, so these values would be "
        "added twice"
        " | ngày {day:day}: hai tỉnh cùng công bố số liệu của các đơn vị {units:names} nên số "
        "liệu sẽ bị cộng hai lần"
    ),
    "day": "{day:day} | ngày {day:day}",
    "units_unknown": (
        "{day:day}: no administrative units are known for this day ({file:name}); nothing was "
        "published"
        " | ngày {day:day}: {file:name} không có đơn vị hành chính nào có hiệu lực trong ngày này; "
        "số liệu chưa được công bố"
    ),
    "kpis_in_unknown_units": (
        "{day:day}: some counts of {kpis:names} are for communes that {file:name} does not list "
        "for that day; nothing was published"
        " | ngày {day:day}: {kpis:names} có số liệu của những xã mà {file:name} không "
        "ghi là có hiệu lực trong ngày này; số liệu chưa được công bố"
    ),
    "boundaries_differ": (
        "{day:day}: {kpis:names}: totals on current boundaries differ from totals on the "
        "boundaries of the reporting date (include/reference/admin_unit_successors.csv); nothing "
        "was published"
        " | ngày {day:day}: {kpis:names}: tổng theo địa giới hiện hành khác tổng theo địa giới tại "
        "ngày báo cáo (include/reference/admin_unit_successors.csv); số liệu chưa được công bố"
    ),
    "kpi_query_failed": (
        "{day:day}: include/sql/mart/kpi/{family:name}.sql: {fault:part}; nothing was published"
        " | ngày {day:day}: include/sql/mart/kpi/{family:name}.sql: {fault:part}; số liệu chưa "
        "được công bố"
    ),
    "kpi_without_front_matter": (
        "{day:day}: a query computes {kpi:name}, which no front matter defines"
        " | ngày {day:day}: truy vấn trả về chỉ tiêu {kpi:name} nhưng phần chú thích đầu các tệp "
        "chỉ tiêu không định nghĩa chỉ tiêu này"
    ),
    "parts_do_not_add_up": (
        "{day:day}: the parts do not add up to the province's total ({parts:parts}); nothing was "
        "published"
        " | ngày {day:day}: tổng {parts:parts} không bằng số liệu của tỉnh; số liệu chưa được "
        "công bố"
    ),
    "communes_of_kpi": "{kpi:name}: values by commune | số liệu các xã của {kpi:name}",
    "members_of_kpi": (
        "{kpi:name}: values by {by:part} | số liệu phân tổ theo {by:part} của {kpi:name}"
    ),
    "unnamed_breakdown": "{breakdown:name} | {breakdown:name}",
    # What KPIs are broken down by: also what pages call it (figures/members.py).
    "breakdown_dataset": "dataset | bộ dữ liệu",
    "breakdown_disagreement": "pair of sources | cặp nguồn",
    "breakdown_essential_procedure": "essential procedure | dịch vụ công thiết yếu",
    "breakdown_group": "service group | nhóm tiện ích",
    "breakdown_hour": "hour | giờ",
    "breakdown_outcome": "outcome | kết quả xác thực",
    "breakdown_owner": "leading agency | đơn vị chủ trì",
    "breakdown_phase": "phase | giai đoạn",
    "breakdown_procedure": "procedure | thủ tục",
    "breakdown_shift": "shift | ca tiếp nhận",
    "breakdown_source": "source | nguồn",
    "breakdown_station": "collection station | điểm thu nhận",
    "breakdown_verdict": "verification result | kết quả xác thực",
    "audit_refused": (
        "{day:day}: {findings:faults}; nothing was published"
        " | ngày {day:day}: {findings:faults}; số liệu chưa được công bố"
    ),
    "audit_finding": (
        "rule {rule:name} fails for {values:number} values of {kpis:names}"
        " | {values:count} giá trị của {kpis:names} vi phạm quy tắc {rule:name}"
    ),
    "audit_finding_more": (
        "rule {rule:name} fails for {values:number} values of {kpis:names} …"
        " | {values:count} giá trị của {kpis:names} … vi phạm quy tắc {rule:name}"
    ),
    "kpis_differ": (
        "KPIs differ from records: {differences:said}. To count everything again: "
        "'python -m dean06 verify-kpis --repair'"
        " | {count:count} chỉ tiêu không khớp kết quả đếm lại từ bản ghi; danh sách có trong nhật "
        "ký của tác vụ. Tính lại toàn bộ: 'python -m dean06 verify-kpis --repair'"
    ),
    "no_publication": (
        "there is no publication {publication:number}: choose one of mart.kpi_publication"
        " | không có lần công bố {publication:number}: chọn một lần có trong mart.kpi_publication"
    ),
    "basis_not_recorded": (
        "it was published before dean06 recorded the inputs of publications"
        " | được công bố trước khi dean06 lưu căn cứ tính của từng lần công bố"
    ),
    "basis_of_build_not_recorded": (
        "build {build:number}, which counted some of its values, was made before dean06 recorded "
        "the inputs of builds"
        " | một phần số liệu là kết quả của lượt tính số {build:number}; khi đó dean06 chưa lưu "
        "căn cứ tính"
    ),
    "removed_version": (
        "{count:number} overwritten versions of records of {dataset:name} were removed on "
        "{day:day}, because their retention period had ended"
        " | ngày {day:day}, do hết thời hạn lưu giữ, hệ thống đã xóa nội dung cũ của {count:count} "
        "phiên bản thuộc {dataset:name} mà cơ quan đã gửi lại với nội dung khác"
    ),
    "removed_verdict": (
        "{count:number} replaced verdicts on records of {dataset:name} were removed on {day:day}, "
        "because their retention period had ended"
        " | {count:count} kết quả xác thực cũ của {dataset:name} đã bị xóa ngày {day:day} do hết "
        "thời hạn lưu giữ"
    ),
    "basis_unreadable": (
        "its recorded inputs were changed, or were recorded by a version of dean06 that this "
        "version cannot read"
        " | căn cứ tính đã bị thay đổi, hoặc đã được lưu bằng một phiên bản dean06 khác nên "
        "phiên bản này không đọc được"
    ),
    "rounding_secret_replaced": (
        "the secret that determines the rounding of counts (ops.rounding_secret) has been "
        "replaced since the publication"
        " | khóa làm tròn số liệu (ops.rounding_secret) đã được thay"
    ),
}  # fmt: skip
