"""Texts of details that one kind of source alone can meet."""

TEXTS = {
    # Numbered pages of the national portal
    "damaged_page": (
        "{what:part}: damaged page: {fault:part} | {what:part}: trang bị hỏng: {fault:part}"
    ),
    "damaged_records": (
        "damaged page: some of its records are not JSON in UTF-8"
        " | trang bị hỏng: một số bản ghi không phải JSON theo UTF-8"
    ),
    "answer_is_no_page": (
        "the response is not a page: none of these is in it: {members:names}, {last:name}. "
        "The source may report errors with HTTP status 200; ask the agency what its service returns"
        " | nội dung trả về không phải một trang dữ liệu: thiếu {members:names}, {last:name}. "
        "Nguồn có thể báo lỗi kèm mã HTTP 200; đề nghị cơ quan cung cấp dữ liệu xác nhận nội dung "
        "mà dịch vụ trả về"
    ),
    "other_page": (
        "requested page {asked:number}, the source returned page {given:number}"
        " | yêu cầu trang {asked:number}, nguồn trả về trang {given:number}"
    ),
    "page_states_other_totals": (
        "page {page:number} states {records:number} records in {pages:number} pages; the pages "
        "before it stated {records_before:number} in {pages_before:number}"
        " | trang {page:number} nêu {records:count} bản ghi trong {pages:count} trang; các trang "
        "trước nêu {records_before:count} bản ghi trong {pages_before:count} trang"
    ),
    "page_sum_differs": (
        "page {page:number} of {pages:number}: {received:number} records in the pages so far, "
        "{declared:number} declared for the window"
        " | trang {page:number} trên {pages:number}: đã nhận {received:count} bản ghi, nguồn khai "
        "báo {declared:count} cho kỳ đồng bộ"
    ),
    # Linked pages
    "linked_pages_differ": (
        "page {page:number}: {received:number} records in the pages so far, {total:number} "
        "declared for the window"
        " | trang {page:number}: đã nhận {received:count} bản ghi, nguồn khai báo {total:count} "
        "cho kỳ đồng bộ"
    ),
    "pages_start_over": (
        "{fault:part}; restarting from page 1"
        " | {fault:part}; đọc lại từ trang đầu"
    ),
    "page_links_back": (
        "page {page:number} links to a page that was read before"
        " | trang {page:number} dẫn đến trang đã đọc"
    ),
    "empty_page_links_on": (
        "page {page:number} has no record, but links to a next page"
        " | trang {page:number} không có bản ghi nhưng dẫn đến trang tiếp theo"
    ),
    # Exports
    "kick_off_without_url": (
        "the request for the export (kick-off) returned HTTP {status:number} without a status URL"
        " | nguồn trả lời yêu cầu kết xuất bằng HTTP {status:number}, không kèm địa chỉ theo dõi"
    ),
    "kick_off_invalid_url": (
        "the request for the export (kick-off) returned an invalid status URL"
        " | nguồn trả lời yêu cầu kết xuất kèm địa chỉ theo dõi không hợp lệ"
    ),
    "export": "the export | bản kết xuất",
    "export_not_ready": "the export is not ready yet | bản kết xuất chưa sẵn sàng",
    "export_ends_early": (
        "the export ends at {reached:moment}, before the window's end"
        " | bản kết xuất chỉ có dữ liệu đến {reached:moment}, chưa hết kỳ đồng bộ"
    ),
    "export_not_requested": (
        "no export was requested for this load; clear 'request_export'"
        " | lượt nạp này chưa yêu cầu kết xuất; chạy lại 'request_export'"
    ),
    "expired": (
        "{what:part} has expired (HTTP {status:number})"
        " | {what:part} đã hết hạn (HTTP {status:number})"
    ),
    "not_own_url": (
        "{what:part} is not a URL of the source's own server"
        " | {what:part} không phải địa chỉ trên máy chủ của nguồn"
    ),
    "export_digest_differs": (
        "{what:part} states SHA-256 {declared:name}…, the file has {actual:name}…"
        " | {what:part} ghi SHA-256 {declared:name}…, tệp có {actual:name}…"
    ),
    "export_reports": "the export reports {issues:parts} | bản kết xuất báo {issues:parts}",
    "export_issue": (
        "{severity:part} ({issue:part}): {count:number} | {count:count} {severity:part} "
        "({issue:part})"
    ),
    "severity_fatal": "fatal | lỗi nghiêm trọng",
    "severity_error": "error | lỗi",
    "severity_warning": "warning | cảnh báo",
    "severity_information": "information | thông tin",
    "severity_unknown": "unknown severity | thông báo không rõ mức độ",
    "issue_code": "{name:name} | mã {name:name}",
    "issue_code_unknown": "unknown code | không rõ mã",
    "export_line": (
        "the manifest's {name:name}, line {line:number}"
        " | tệp {name:name} nêu trong bản kê khai, dòng {line:number}"
    ),
    "deletions_differ": (
        "the manifest's {name:name} has the count {declared:number}, but the file holds "
        "{bundles:number} Bundles with {deletions:number} deletions"
        " | {name:name} của bản kê khai ghi số lượng {declared:count}, nhưng tệp có "
        "{bundles:count} Bundle với {deletions:count} yêu cầu xóa"
    ),
    "transaction_time_wrong": (
        "the manifest's transactionTime must be a timestamp with a time zone"
        " | transactionTime của bản kê khai phải là thời điểm có múi giờ"
    ),
    "export_holds_other_type": (
        "the manifest's {name:name} holds {given:part}; {expected:name} was expected"
        " | {name:name} của bản kê khai chứa {given:part}, không phải {expected:name}"
    ),
    "resource_type": "{name:name} | {name:name}",
    "resource_type_unknown": (
        "an unknown FHIR R4 resource type | loại không có trong FHIR R4"
    ),
    "line_is_no_bundle": (
        "a line is not a transaction Bundle with DELETE requests"
        " | có dòng không phải Bundle transaction gồm các yêu cầu DELETE"
    ),
    "entry_is_no_deletion": (
        "an entry is not a DELETE request of one resource by its id"
        " | có mục không phải yêu cầu DELETE một tài nguyên theo id"
    ),
    "entry_deletes_other_type": (
        "an entry deletes {given:part}; {expected:name} was expected"
        " | có mục xóa {given:part}, không phải {expected:name}"
    ),
    # Workbooks of an index
    "index_count_differs": (
        "the index lists {listed:number} workbooks but states {stated:number}"
        " | bảng kê liệt kê {listed:count} tệp Excel nhưng ghi tổng số {stated:count}"
    ),
    "index_digest_differs": (
        "{file:name}: the index says SHA-256 {declared:name}…, the workbook has {actual:name}…"
        " | {file:name}: bảng kê ghi SHA-256 {declared:name}…, tệp Excel có {actual:name}…"
    ),
    "rows_above_lack": (
        "missing in the rows above the list: {titles:names}"
        " | phần đầu trang tính, phía trên danh sách, còn thiếu {titles:names}"
    ),
    # Signed publications of provinces
    "publications_refused": (
        "{province:name}: its signed publications did not pass the check: {found:said}. No "
        "province's publications were loaded. Ask the province for a correct copy; to continue "
        "without this province, remove it from the connection"
        " | {province:name}: các công bố có chữ ký số của tỉnh có lỗi khi kiểm tra nên lượt chạy "
        "chưa nạp công bố của bất kỳ tỉnh nào. Chạy include/verify.py trên thư mục của tỉnh để "
        "biết công bố nào sai; đề nghị tỉnh gửi lại bản đúng. Để tiếp tục khi chưa có dữ "
        "liệu của tỉnh này, bỏ tỉnh khỏi kết nối"
    ),
    "publication_changed_now": (
        "{province:name}: publication {number:number}: its file was changed while it was read"
        " | {province:name}: lần công bố {number:number}: tệp bị thay đổi trong khi đọc"
    ),
    "publication_of_other_unit": (
        "{province:name}: publication {number:number}: it has a value for a unit whose code the "
        "connection does not assign to this province; nothing was loaded"
        " | {province:name}: lần công bố {number:number}: có số liệu của đơn vị không thuộc tỉnh "
        "này theo các mã khai báo trong kết nối; chưa nạp nội dung nào"
    ),
    "provinces_not_named": (
        "the extra of the connection must name provinces, each with folder, public_key and codes"
        " | phần extra của kết nối phải có provinces, mỗi tỉnh gồm folder, public_key và codes"
    ),
    "code_of_two": (
        "the connection assigns code {code:name} to both {one:name} and {other:name}"
        " | kết nối gán mã {code:name} cho cả {one:name} và {other:name}"
    ),
    "record_count_missing": (
        "the list's X-Record-Count must be a whole number"
        " | X-Record-Count của danh sách phải là số nguyên không âm"
    ),
    # Sources that people add and remove
    "source_is_published": (
        "source {source:name} stays: the published KPIs {kpis:names} count its records, and what "
        "was published must stay explainable. To stop syncing it, pause its DAG in Airflow"
        " | không xóa được nguồn {source:name}: chỉ tiêu đã công bố {kpis:names} tính bản ghi của "
        "nguồn này, và số liệu đã công bố phải giải trình được. Để dừng đồng bộ, tạm dừng DAG của "
        "nguồn trong Airflow"
    ),
    "source_has_records": (
        "source {source:name} has {records:number} stored records: to remove them too, add "
        "--with-data. Nothing was removed"
        " | nguồn {source:name} đang có {records:count} bản ghi đã lưu: để xóa cả các bản ghi này, "
        "thêm --with-data. Hệ thống chưa xóa nội dung nào"
    ),
    "source_not_scaffolded": (
        "source {source:name} was not written by new-source ({file:name} is missing), so this "
        "command does not remove it"
        " | nguồn {source:name} không do new-source tạo (không có {file:name}) nên lệnh này không "
        "xóa"
    ),
    "source_read_by_kpis": (
        "source {source:name} stays: KPIs read it. Delete {files:names} first, then run `python -m "
        "dean06 migrate`"
        " | không xóa được nguồn {source:name} vì có chỉ tiêu đọc dữ liệu của nguồn. Xóa "
        "{files:names} trước, sau đó chạy `python -m dean06 migrate`"
    ),
}  # fmt: skip
