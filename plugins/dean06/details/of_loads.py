"""Texts of details about loads: windows, steps, contracts, held batches, corrections."""

TEXTS = {
    "load": (
        "{dataset:name} ({since:moment}, {until:moment}] (load {load:number}, run {run:name})"
        " | {dataset:name} (từ {since:moment} đến {until:moment}; lượt nạp {load:number}, lượt "
        "chạy {run:name})"
    ),
    "first_load": (
        "{dataset:name} (up to {until:moment}) (load {load:number}, run {run:name})"
        " | {dataset:name} (từ đầu đến {until:moment}; lượt nạp {load:number}, lượt chạy "
        "{run:name})"
    ),
    "day_not_ended": (
        "{dataset:name}: {day:day} has not ended yet; sync it tomorrow"
        " | {dataset:name}: ngày {day:day} chưa kết thúc; đồng bộ vào ngày mai"
    ),
    "no_load_opened": (
        "{dataset:name}: run {run:name} has opened no load; clear the dataset's first task"
        " | {dataset:name}: lượt chạy {run:name} chưa bắt đầu lượt nạp; cần chạy lại "
        "tác vụ đầu tiên của bộ dữ liệu, sau đó chạy lại tác vụ này"
    ),
    "step_needs_state": (
        "{step:name} needs a load in state {needed:said}, but the state of this load is "
        "{state:part}; clear the dataset's first task to start the load again"
        " | không thực hiện được bước {step:name} vì lượt nạp này {state:part}; chạy lại tác vụ "
        "đầu tiên của bộ dữ liệu để bắt đầu lại"
    ),
    "state_open": "open | chưa nhận xong dữ liệu",
    "state_landed": "landed | chỉ mới tải xong dữ liệu",
    "state_staged": "staged | chỉ mới chuyển dữ liệu vào vùng trung gian",
    "state_validated": "validated | chỉ mới kiểm tra xong dữ liệu theo quy tắc",
    "state_quarantined": "quarantined | đã tách bản ghi bị từ chối",
    "state_held": "held | đang bị giữ lại",
    "state_published": "published | đã công bố",
    "state_abandoned": "abandoned | đã hủy",
    "protocol_broken": (
        "the source's response does not follow its protocol ({kind:name})"
        " | nội dung trả về của nguồn không đúng giao thức ({kind:name})"
    ),
    "extra_wrong": (
        "{fault:name} | phần extra của kết nối {connection:name} có giá trị không hợp lệ. Kiểm tra "
        "page_size, retry_attempts, retry_wait_seconds, timeout_seconds, max_pages, max_files, "
        "max_bytes và max_seconds; sửa giá trị sai trong Airflow (Admin, Connections)"
    ),
    "new_export_requested": (
        "{fault:part}; a new export was requested; the next retry waits for it"
        " | {fault:part}; hệ thống đã yêu cầu bản kết xuất mới; lần thử lại tiếp theo sẽ chờ bản "
        "này"
    ),
    "starts_over": (
        "{fault:part}; the download cannot be resumed and restarts from the beginning"
        " | {fault:part}; không tải tiếp được nên tải lại từ đầu"
    ),
    "no_exports": (
        "source {source:name} has no exports | nguồn {source:name} không có chức năng kết xuất"
    ),
    "plain_http": (
        "the connection uses plain http, which is not encrypted: use https, or set "
        '"allow_plain_http": true in the extra of the connection'
        " | địa chỉ của kết nối dùng http không mã hóa: dùng https, hoặc đặt "
        '"allow_plain_http": true trong phần extra của kết nối'
    ),
    "no_connection": (
        "{source:name}: connection {name:name} does not exist: create it in Airflow (Admin, "
        "Connections) or as the variable {variable:name}, then try again"
        " | {source:name}: không có kết nối {name:name}: tạo trong Airflow (Admin, Connections) "
        "hoặc bằng biến {variable:name}, sau đó thực hiện lại"
    ),
    # Contracts
    "fields_missing": (
        "required field(s) {fields:names} of contract {version:name} are missing from all "
        "{records:number} records, so none of them is published. Ask the agency to send them "
        "again with the field(s), or agree on a new contract version"
        " | cả {records:count} bản ghi thiếu trường bắt buộc {fields:names} của hợp đồng dữ liệu "
        "{version:name} nên chưa được công bố. Đề nghị cơ quan gửi lại dữ liệu có đủ trường, hoặc "
        "thống nhất phiên bản hợp đồng mới"
    ),
    "fields_missing_in_file": (
        "required field(s) {fields:names} of contract {version:name} are missing from every record "
        "of {file:name}, so nothing of this delivery is published. Ask the agency to send it again "
        "with the field(s), or agree on a new contract version"
        " | tất cả bản ghi của {file:name} thiếu trường bắt buộc {fields:names} của hợp đồng dữ "
        "liệu {version:name} nên đợt dữ liệu này chưa được công bố. Đề nghị cơ quan gửi lại dữ "
        "liệu có đủ trường, hoặc thống nhất phiên bản hợp đồng mới"
    ),
    "rule_not_evaluated": (
        "{dataset:name}: rule {rule:name} could not be evaluated; check the dataset's suite"
        " | {dataset:name}: không kiểm tra được quy tắc {rule:name}; kiểm tra lại bộ quy tắc"
    ),
    # Held batches
    "batch_held": "batch held: {rules:faults} | lô dữ liệu bị giữ lại: {rules:faults}",
    "rule_fails": (
        "rule {rule:name} fails for {failing:number} of {records:number} records"
        " | quy tắc {rule:name}: {failing:count} trên {records:count} bản ghi vi phạm"
    ),
    "rule_fails_beyond": (
        "rule {rule:name} fails for {failing:number} of {records:number} records "
        "({share:share}, allowed {allowed:share})"
        " | quy tắc {rule:name}: {failing:count} trên {records:count} bản ghi vi phạm "
        "({share:share}, cho phép {allowed:share})"
    ),
    "held_see_quarantine": (
        "{fault:part}. No new data from {source:name} were published; earlier data stay published. "
        "See ops.quarantine_reason where load_id = {load:number}. When the agency has corrected "
        "the data, load the dataset again"
        " | {fault:part}. Dữ liệu mới của {source:name} chưa được công bố; dữ liệu đã công bố "
        "trước đó không thay đổi. Xem ops.quarantine_reason với load_id = {load:number}. Khi cơ "
        "quan đã sửa dữ liệu, nạp lại bộ dữ liệu từ đầu"
    ),
    "held_not_published": (
        "held, so no new data from {source:name} are published"
        " | bị giữ lại nên chưa công bố dữ liệu mới của {source:name}"
    ),
    "held_now": (
        "{fault:part}; no new data from {source:name} are published"
        " | {fault:part}; dữ liệu mới của {source:name} chưa được công bố"
    ),
    "gap_before_window": (
        "publishing would leave a gap before the window; sync the missing days"
        " | nếu công bố lúc này, kho sẽ thiếu dữ liệu của thời gian trước kỳ đồng bộ; cần đồng bộ "
        "các ngày còn thiếu, sau đó mới công bố"
    ),
    # Columnar engine
    "engine_failed": (
        "DuckDB failed: {kind:name}"
        " | DuckDB gặp lỗi: {kind:name}"
    ),
    # Core SQL
    "core_sql_place": (
        "{file:name}, line {line:number}, character {character:number}: {fault:part}"
        " | {file:name}, dòng {line:number}, ký tự thứ {character:number}: {fault:part}"
    ),
    "core_sql_missing": (
        "{file:name} does not exist: each dataset needs its core SQL"
        " | thiếu tệp {file:name}: mỗi bộ dữ liệu phải có câu lệnh SQL riêng"
    ),
    "core_sql_column": (
        "unknown column {name:name}. Received columns: {known:names}"
        " | không có cột {name:name}. Các cột nhận được: {known:names}"
    ),
    "core_sql_relation": (
        "unknown table {name:name}: core SQL reads only the relation accepted"
        " | không có bảng {name:name}: câu lệnh chỉ được đọc bảng tên là accepted"
    ),
    "core_sql_function": (
        "unknown function {name:name}: use a function of DuckDB, or a macro of include/sql/scan, "
        "such as core.iso_day"
        " | không có hàm {name:name}: dùng hàm của DuckDB hoặc hàm trong include/sql/scan, ví dụ "
        "core.iso_day"
    ),
    "core_sql_type_unknown": (
        "unknown type {name:name}: use a type of DuckDB"
        " | không có kiểu dữ liệu {name:name}: dùng kiểu dữ liệu của DuckDB"
    ),
    "core_sql_arguments": (
        "no function takes these arguments: {call:name}"
        " | không có hàm nào nhận các tham số này: {call:name}"
    ),
    "core_sql_syntax": (
        "syntax error | sai cú pháp"
    ),
    "core_sql_refused": (
        "DuckDB does not accept the statement: {said:said}"
        " | DuckDB không chấp nhận câu lệnh"
    ),
    "core_sql_columns_missing": (
        "{file:name}: columns of the contract are missing from the statement: {columns:names}"
        " | {file:name}: câu lệnh thiếu các cột có trong hợp đồng dữ liệu: {columns:names}"
    ),
    "core_sql_type": (
        "{file:name}: column {column:name} has the type {given:name}, the contract says "
        "{agreed:name}"
        " | {file:name}: cột {column:name} có kiểu {given:name}, hợp đồng dữ liệu quy định kiểu "
        "{agreed:name}"
    ),
    "core_sql_form": (
        "{file:name}: must be one SELECT from accepted that names its columns, without `WITH`, "
        "`JOIN` or alias of accepted: records that it cannot read are found column by column"
        " | {file:name}: phải là một câu lệnh SELECT từ bảng accepted, nêu tên từng cột, không "
        "dùng `WITH`, `JOIN` hay bí danh cho bảng accepted, vì hệ thống tìm bản ghi không đọc được "
        "theo từng cột"
    ),
    "record_lacks_key": (
        "a record has no key, version or day | có bản ghi thiếu khóa, phiên bản hoặc ngày"
    ),
    # Corrections
    "replay": "replay {replay:number} | bản chỉnh sửa số {replay:number}",
    "several": "{faults:faults} | {faults:faults}",
    "no_replay": (
        "there is no correction {replay:number} | không có bản chỉnh sửa số {replay:number}"
    ),
    "replay_not_waiting": (
        "correction {replay:number} is not waiting for a second person"
        " | bản chỉnh sửa số {replay:number} không chờ người thứ hai duyệt"
    ),
    "replay_unread": (
        "view the changes of correction {replay:number} before you approve it"
        " | phải xem nội dung bản chỉnh sửa số {replay:number} trước khi duyệt"
    ),
    "replay_of_same_person": (
        "you made correction {replay:number}: another person must approve it"
        " | người chỉnh sửa không được tự duyệt bản chỉnh sửa số {replay:number}; cần người khác "
        "duyệt"
    ),
    "awaits_approval": (
        "corrected records that conflict with core: {records:number}. Core already has a version "
        "with the same or a later time, or personal data that differ from the correction. Another "
        "steward must approve the correction on the Quality page or with approve-replay"
        " | số bản ghi đã sửa không thống nhất với kho: {records:count}. Kho đã có phiên bản cùng "
        "thời điểm hoặc mới hơn, hoặc thông tin cá nhân trong kho khác với bản ghi đã sửa. Người "
        "thứ hai phải duyệt bản chỉnh sửa trên trang Chất lượng hoặc bằng lệnh approve-replay"
    ),
    "replay_waits": (
        "correction {replay:number} waits for a second person"
        " | bản chỉnh sửa số {replay:number} đang chờ người thứ hai duyệt"
    ),
    "replay_emptied": (
        "correction {replay:number} has a record of a person whose data are restricted; the "
        "record's content was removed. Correct the other records again"
        " | bản chỉnh sửa số {replay:number} có bản ghi của người đã yêu cầu hạn chế xử lý "
        "dữ liệu; nội dung bản ghi đó đã xóa. Lập bản chỉnh sửa mới cho các bản ghi còn lại"
    ),
    "replay_declined": (
        "correction {replay:number} was declined | bản chỉnh sửa số {replay:number} không được "
        "duyệt"
    ),
    "backfill_backwards": (
        "the backfill ends on {last:day}, before it begins on {first:day}"
        " | ngày cuối của kế hoạch nạp lại ({last:day}) trước ngày đầu ({first:day})"
    ),
    "backfill_not_ended": (
        "{last:day} has not ended yet: end the backfill with an earlier day"
        " | ngày {last:day} chưa kết thúc: chọn ngày cuối sớm hơn"
    ),
    "backfill_too_long": (
        "the backfill has {days:number} days, more than {most:number}: split it"
        " | kế hoạch nạp lại có {days:count} ngày, vượt giới hạn {most:count} ngày: chia thành "
        "nhiều đợt"
    ),
}  # fmt: skip
