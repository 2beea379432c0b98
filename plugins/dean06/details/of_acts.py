"""Texts of details about what people do: decisions, corrections, receipts, closing, reports."""

TEXTS = {
    # Who acts, and why
    "name_required": "a name is required | phải có tên người thực hiện",
    "reason_too_short": (
        "a reason of at least {least:number} characters is required"
        " | phải nêu lý do có ít nhất {least:number} ký tự"
    ),
    "reason_invisible": (
        "the reason contains an invisible character: type it again"
        " | lý do có ký tự ẩn; đề nghị nhập lại"
    ),
    # Builds that wait
    "no_build": "there is no build {build:number} | không có lượt tính số {build:number}",
    "release_of_same_person": (
        "you proposed the release of build {build:number}: another person must approve it"
        " | người đề nghị công bố lượt tính số {build:number} không được tự duyệt; cần người "
        "khác duyệt"
    ),
    "release_not_possible": (
        "build {build:number}: you cannot {step:said} the release, because it is {state:part}"
        " | lượt tính số {build:number} {state:part} nên không thực hiện được bước này"
    ),
    "release_none": "not proposed yet | chưa có người đề nghị công bố",
    "release_proposed": "already proposed | đã có người đề nghị công bố",
    "release_approved": "already approved | đã được duyệt",
    "build_decided": (
        "build {build:number} of {day:day} is {state:said}: no decision is needed"
        " | lượt tính số {build:number} của ngày {day:day} không còn chờ quyết định"
    ),
    # Records behind a value
    "no_such_value": (
        "{kpi:name}: this value is not published"
        " | {kpi:name}: số liệu này chưa được công bố"
    ),
    "value_suppressed": (
        "{kpi:name}: the value is suppressed, because it is a small count or would reveal one"
        " | {kpi:name}: số liệu không được hiển thị vì quá nhỏ hoặc có thể dùng để suy ra số "
        "liệu quá nhỏ"
    ),
    "value_of_other_province": (
        "{kpi:name}: the value belongs to a province that you are not assigned to"
        " | {kpi:name}: tài khoản không được phân quyền xem số liệu của tỉnh này"
    ),
    "kpi_not_computed": (
        "{kpi:name}: no file under include/sql/mart/kpi computes it any more"
        " | {kpi:name}: không còn tệp nào trong include/sql/mart/kpi tính chỉ tiêu này"
    ),
    "stewards_only": (
        "exact counts are for stewards: your login does not have the role {role:name}"
        " | chỉ cán bộ xử lý dữ liệu được xem số liệu chính xác: tài khoản không có vai trò "
        "{role:name}"
    ),
    # Corrections
    "replay_size": (
        "a replay must have between 1 and {most:number} records"
        " | mỗi lần chỉ được nạp lại từ 1 đến {most:count} bản ghi"
    ),
    "line_corrects_again": (
        "{file:name}, line {line:number}: an earlier line corrects the same row"
        " | {file:name}, dòng {line:number}: bản ghi này đã được sửa ở một dòng phía trên"
    ),
    "line_no_correction": (
        "{file:name}, line {line:number}: must be a JSON object with {row:name} and with "
        "columns whose values are text"
        " | {file:name}, dòng {line:number}: phải là đối tượng JSON gồm {row:name} và các cột có "
        "giá trị dạng chuỗi ký tự"
    ),
    "no_load": "there is no load {load:number} | không có lượt nạp {load:number}",
    "load_not_replayed": (
        "load {load:number} is {state:said}: only rejected records of a published load can be "
        "replayed; the agency must send a held batch again"
        " | lượt nạp {load:number} chưa được công bố nên không nạp lại được: cơ quan phải gửi lại "
        "cả lô"
    ),
    "correction_too_long": (
        "a corrected record must have at most {most:number} characters"
        " | bản ghi đã sửa chỉ được có tối đa {most:count} ký tự"
    ),
    "row_numbers": "{rows:names} | {rows:names}",
    "row_numbers_first": (
        "{rows:names} and {more:number} more | {rows:names} và {more:count} số khác"
    ),
    "rows_not_rejected": (
        "load {load:number} did not reject row(s) {rows:part}: correct the number in _row of these "
        "lines"
        " | tệp có {records:count} bản ghi không bị từ chối trong lượt nạp {load:number} nên không "
        "nạp lại được (_row là {rows:part}): sửa giá trị _row hoặc xóa các dòng này khỏi tệp"
    ),
    "rows_purged": (
        "the contents of row(s) {rows:part} of load {load:number} are purged, because their "
        "retention period has ended: ask the agency to send the records again"
        " | nội dung của {records:count} bản ghi thuộc lượt nạp {load:number} đã bị xóa do hết "
        "thời hạn lưu giữ (bản ghi số {rows:part}): đề nghị cơ quan gửi lại"
    ),
    "correction_unknown_column": (
        "{dataset:name}: a record has a column that is not in the contract"
        " | {dataset:name}: bản ghi có cột không có trong hợp đồng dữ liệu"
    ),
    # Receipts and lists
    "digest_malformed": (
        "the digest must have 64 hexadecimal digits: run sha256sum on the CSV"
        " | mã SHA-256 phải có 64 chữ số thập lục phân: chạy sha256sum trên tệp CSV"
    ),
    "receiver_required": (
        "the office that received the list is required, 2 to 200 characters"
        " | phải ghi tên đơn vị nhận danh sách, từ 2 đến 200 ký tự"
    ),
    "no_list_written": (
        "no list of {source:name} for {day:day} was written: run `python -m dean06 agency-lists` "
        "first"
        " | chưa lập danh sách của nguồn {source:name} ngày {day:day}: lập bằng lệnh 'agency-lists'"
    ),
    "list_written_again": (
        "this file is not the newest list of {source:name} for {day:day}: send the agency the file "
        "whose SHA-256 begins with {digest:name}"
        " | danh sách của nguồn {source:name} ngày {day:day} đã được lập lại: gửi cơ quan tệp có "
        "SHA-256 bắt đầu bằng {digest:name}"
    ),
    "cell_does_not_fit": (
        "sheet {sheet:name}: row {row:number}, column {column:number} does not fit a workbook "
        "(1,048,576 rows, 16,384 columns, 32,767 characters a cell): shorten or split the list"
        " | trang tính {sheet:name}: dòng {row:number}, cột {column:number} vượt giới hạn của tệp "
        "Excel (1.048.576 dòng, 16.384 cột, 32.767 ký tự mỗi ô): rút gọn hoặc chia nhỏ danh sách"
    ),
    # Closing periods
    "period_of": (
        "{period:said} {first:day} to {last:day} | kỳ từ {first:day} đến {last:day}"
    ),
    "close_too_early": (
        "{period:part}: cannot be closed before {day:day}, because late records are accepted "
        "until then"
        " | {period:part}: từ ngày {day:day} mới được chốt kỳ này, vì trước ngày đó còn nhận "
        "bản ghi gửi muộn"
    ),
    "no_period_begins": (
        "no {period:said} begins on {day:day} | ngày {day:day} không phải ngày đầu kỳ"
    ),
    "closed_already": (
        "{period:part}: already closed with publication {publication:number}"
        " | {period:part}: đã chốt số liệu theo lần công bố {publication:number}"
    ),
    "close_awaits_build": (
        "{period:part}: build {build:number} of its last day waits for a decision"
        " | {period:part}: lượt tính số {build:number} của ngày cuối kỳ đang chờ quyết định"
    ),
    "close_not_published": (
        "{period:part}: no KPIs of {day:day} are published; sync that day first"
        " | {period:part}: chưa công bố chỉ tiêu của ngày {day:day}; cần đồng bộ ngày đó "
        "rồi chốt lại"
    ),
    # Reports of a period
    "no_report_period": (
        "'{period:name}' is not a period: write a month as YYYY-MM, e.g. 2022-10 "
        "(quarter: 2022-Q4, week: 2022-W44, year: 2022)"
        " | '{period:name}' không phải kỳ báo cáo: tháng ghi 2022-10, quý ghi 2022-Q4, tuần ghi "
        "2022-W44, năm ghi 2022"
    ),
    "report_without_province": (
        "report {period:name}: no values of province '{unit:name}' were published for {day:day}: "
        "the province did not exist on that day, or no source sent data about it. No report "
        "was made. Provinces with values on that day: {known:name}"
        " | báo cáo {period:name}: ngày {day:day} không có số liệu công bố của tỉnh '{unit:name}': "
        "ngày đó không có đơn vị hành chính này hoặc không nguồn nào gửi số liệu. Chưa lập báo "
        "cáo. Các tỉnh "
        "có số liệu: {known:name}"
    ),
    "report_not_published": (
        "report {period:name}: nothing is published for {first:day} to {last:day}, so no report "
        "was made or sent: build the KPIs of these days, then make the report"
        " | báo cáo {period:name}: chưa công bố số liệu từ {first:day} đến {last:day} nên chưa "
        "lập, chưa gửi báo cáo: tính chỉ tiêu các ngày này rồi lập lại"
    ),
    # Open data
    "open_data_settings": (
        "no open-data release was written: {faults:faults}"
        " | chưa lập bộ dữ liệu mở: {faults:faults}"
    ),
    "open_data_publisher_missing": (
        "DEAN06_OPEN_DATA_PUBLISHER must name the agency that publishes"
        " | DEAN06_OPEN_DATA_PUBLISHER phải ghi tên cơ quan công bố"
    ),
    "open_data_url": (
        "{setting:name} must be a URL that begins with https://"
        " | {setting:name} phải là địa chỉ bắt đầu bằng https://"
    ),
    "open_data_contact": (
        "DEAN06_OPEN_DATA_CONTACT must be an e-mail address or a URL"
        " | DEAN06_OPEN_DATA_CONTACT phải là địa chỉ thư điện tử hoặc địa chỉ trang thông tin"
    ),
    "open_data_update_cycle": (
        "DEAN06_OPEN_DATA_UPDATE_CYCLE must be one of {allowed:names}"
        " | DEAN06_OPEN_DATA_UPDATE_CYCLE phải là một trong các giá trị {allowed:names}"
    ),
    "release_without_publication": (
        "there is no publication {publication:number} | không có lần công bố {publication:number}"
    ),
    "release_before_publications": (
        "nothing is published yet: sync a day first"
        " | chưa có lần công bố nào: đồng bộ ít nhất một ngày rồi chạy lại lệnh này"
    ),
    "release_not_signed": (
        "publication {publication:number} is not signed yet: run `python -m dean06 "
        "sign-publications`, then write the release again"
        " | lần công bố {publication:number} chưa được ký: chạy `python -m dean06 "
        "sign-publications` rồi lập lại bộ dữ liệu"
    ),
    "release_differs_from_signed": (
        "publication {publication:number}: mart.kpi_value differs from the signed file, so no "
        "release was written; `python -m dean06 verify-publications` lists the differences"
        " | lần công bố {publication:number}: mart.kpi_value khác với tệp đã ký nên chưa lập bộ dữ "
        "liệu; `python -m dean06 verify-publications` liệt kê các chỗ khác nhau"
    ),
    "folder_not_made": (
        "cannot create folder {folder:name}: {reason:said}"
        " | không tạo được thư mục {folder:name}"
    ),
    "alert_not_accepted": (
        "{setting:name}: {services:faults}; the message will be sent again at the next check"
        " | {setting:name}: {services:faults}; hệ thống gửi lại ở lần giám sát tiếp theo"
    ),
    "report_not_accepted": (
        "{setting:name}: {services:faults}; clear the task to send the report again"
        " | {setting:name}: {services:faults}; chạy lại tác vụ để gửi lại báo cáo"
    ),
    "alert_url_invalid": (
        "URL {number:count} ({service:name}) is not a valid Apprise URL"
        " | địa chỉ thứ {number:count} ({service:name}) không hợp lệ"
    ),
    "alert_url_partly_used": (
        "a part of URL {number:count} ({service:name}) is not valid and was left out; it may be "
        "a recipient that is not an e-mail address"
        " | một phần của địa chỉ thứ {number:count} ({service:name}) không hợp lệ nên bị bỏ qua, "
        "ví dụ người nhận không phải là địa chỉ thư điện tử"
    ),
    "alert_unreachable": (
        "URL {number:count} ({service:name}) cannot be reached, or the connection broke"
        " | địa chỉ thứ {number:count} ({service:name}) không kết nối được hoặc bị ngắt kết nối"
    ),
    "alert_login_refused": (
        "URL {number:count} ({service:name}) does not accept user or password"
        " | địa chỉ thứ {number:count} ({service:name}) không chấp nhận tài khoản hoặc mật khẩu"
    ),
    "alert_refused": (
        "URL {number:count} ({service:name}) refused the message or a recipient"
        " | địa chỉ thứ {number:count} ({service:name}) từ chối thông báo hoặc người nhận"
    ),
    # Requests of persons
    "not_restricted": (
        "the data of this person are not restricted"
        " | dữ liệu của người này không thuộc diện hạn chế xử lý"
    ),
    "personal_number_malformed": (
        "a personal identification number has 12 digits, an old identity card number 9"
        " | số định danh cá nhân có 12 chữ số, số chứng minh nhân dân cũ có 9 chữ số"
    ),
}  # fmt: skip
