"""Texts of details about the warehouse, Airflow, settings, and what is kept and signed."""

TEXTS = {
    "postgresql_refused": "{parts:parts} | {parts:parts}",
    "warehouse_without_tables": (
        "the warehouse has no tables yet: run `python -m dean06 migrate` (or `make run`)"
        " | kho dữ liệu chưa có bảng nào: chạy `python -m dean06 migrate` (hoặc `make run`)"
    ),
    "warehouse_behind": (
        "the warehouse is behind: version {has:number} of {known:number}; run `python -m dean06 "
        "migrate` (or `make run`)"
        " | kho dữ liệu ở phiên bản cũ ({has:number} trên {known:number}): chạy `python -m dean06 "
        "migrate` (hoặc `make run`)"
    ),
    "warehouse_ahead": (
        "the warehouse is at version {has:number}, this program knows {known:number}: use the "
        "newer version of dean06"
        " | kho dữ liệu ở phiên bản {has:number}, chương trình này chỉ hỗ trợ đến phiên bản "
        "{known:number}: dùng bản dean06 mới hơn"
    ),
    "warehouse_without_table": (
        "the warehouse has no table of {datasets:names} yet: run `python -m dean06 migrate`"
        " | kho dữ liệu chưa có bảng của {datasets:names}: chạy `python -m dean06 migrate`"
    ),
    "warehouse_with_other_views": (
        "the views and functions of the warehouse are of another version of dean06: run `python "
        "-m dean06 migrate`"
        " | các khung nhìn và hàm trong kho dữ liệu thuộc phiên bản dean06 khác: chạy `python -m "
        "dean06 migrate`"
    ),
    "postgresql_error": (
        "PostgreSQL error {state:name} ({kind:name})"
        " | PostgreSQL báo lỗi {state:name} ({kind:name}): {meaning:part}"
    ),
    "postgresql_message": "{said:said} | nội dung đầy đủ có trong nhật ký của tác vụ",
    "constraint": "constraint {name:name} | ràng buộc {name:name}",
    "schema": "schema {name:name} | lược đồ {name:name}",
    "table": "table {name:name} | bảng {name:name}",
    "column": "column {name:name} | cột {name:name}",
    "sqlstate_?": "no connection | không kết nối được máy chủ",
    "sqlstate_08": "connection failed | lỗi kết nối",
    "sqlstate_0A": "not supported | tính năng không được hỗ trợ",
    "sqlstate_22": "invalid value | giá trị không hợp lệ",
    "sqlstate_23": "constraint violated | vi phạm ràng buộc dữ liệu",
    "sqlstate_25": "invalid transaction state | giao dịch ở trạng thái không hợp lệ",
    "sqlstate_28": "login failed | không đăng nhập được",
    "sqlstate_40": "rolled back | giao dịch bị hủy do xung đột với giao dịch khác",
    "sqlstate_42": "missing permission or object | thiếu quyền, hoặc đối tượng không tồn tại",
    "sqlstate_53": "out of resources | máy chủ hết tài nguyên (bộ nhớ, đĩa hoặc số kết nối)",
    "sqlstate_54": "limit exceeded | vượt giới hạn của máy chủ",
    "sqlstate_55": "object in use or not ready | đối tượng đang được dùng hoặc chưa sẵn sàng",
    "sqlstate_57": "shut down or cancelled | máy chủ đang dừng, hoặc câu lệnh bị hủy",
    "sqlstate_58": "system error | lỗi hệ thống của máy chủ (đĩa, tệp)",
    "sqlstate_P0": "rejected by a function | hàm của kho từ chối yêu cầu",
    "sqlstate_other": "other error | lỗi khác, tra mã trong tài liệu của PostgreSQL",
    "other_role": (
        "the transaction runs as {actual:name} instead of {wanted:name}: something between dean06 "
        "and PostgreSQL drops or shares settings; use a connection pool in transaction mode"
        " | giao dịch chạy với vai trò {actual:name}, không phải {wanted:name}: thành phần trung "
        "gian trước PostgreSQL làm mất thiết lập; nếu dùng PgBouncer (connection pool), đặt chế độ "
        "transaction"
    ),
    "pool_in_front": (
        "a connection pool is in front of PostgreSQL: set DEAN06_WAREHOUSE_DIRECT_DSN to a direct "
        "address of the server"
        " | có PgBouncer (connection pool) đứng trước PostgreSQL: đặt "
        "DEAN06_WAREHOUSE_DIRECT_DSN là địa chỉ "
        "trực tiếp của máy chủ"
    ),
    "no_dsn": (
        "DEAN06_WAREHOUSE_DSN is not set, and 'make run' has not run here: set it to "
        "postgresql+psycopg2://user:password@host:port/database"
        " | chưa đặt DEAN06_WAREHOUSE_DSN và chưa chạy 'make run' tại đây: khai báo địa chỉ kho "
        "theo dạng postgresql+psycopg2://user:password@host:port/database"
    ),
    "level_invalid": (
        "DEAN06_LEVEL must be province or country"
        " | DEAN06_LEVEL phải là province hoặc country"
    ),
    "country_provinces_missing": (
        "DEAN06_COUNTRY_PROVINCES must name the provinces that must have published before a "
        "national value is shown"
        " | DEAN06_COUNTRY_PROVINCES phải nêu các tỉnh phải công bố trước khi số liệu cả nước được "
        "hiển thị"
    ),
    "role_prefix_invalid": (
        "DEAN06_ROLE_PREFIX must be 1 to 40 lower-case letters, digits and underscores, the first "
        "a letter"
        " | DEAN06_ROLE_PREFIX phải gồm 1 đến 40 chữ cái thường không dấu, chữ số và dấu gạch "
        "dưới, bắt đầu bằng chữ cái"
    ),
    "roles_of_another_owner": (
        "another account made the roles {roles:names} on this server, for a warehouse of its own: "
        "set DEAN06_ROLE_PREFIX to another prefix and run migrate again"
        " | tài khoản khác đã tạo các vai trò {roles:names} trên máy chủ này cho một kho khác: đặt "
        "DEAN06_ROLE_PREFIX là tiền tố khác rồi chạy lại migrate"
    ),
    "roles_renamed": (
        "the roles of this warehouse do not begin with {prefix:name}: set DEAN06_ROLE_PREFIX to "
        "the prefix that the warehouse was made with, or rename its roles (alter role … rename to "
        "…)"
        " | tên các vai trò của kho này không bắt đầu bằng {prefix:name}: đặt DEAN06_ROLE_PREFIX "
        "là tiền tố đã dùng khi tạo kho, hoặc đổi tên các vai trò bằng lệnh ALTER ROLE"
    ),
    "program_error": "{kind:name} | lỗi ngoài dự kiến {kind:name}",
    # Airflow
    "airflow_status": (
        "Airflow at {host:name} returned HTTP {status:number} to {path:name}"
        " | Airflow tại {host:name} trả về HTTP {status:number} cho {path:name}"
    ),
    "airflow_unreadable": (
        "Airflow at {host:name} cannot be read ({kind:name})"
        " | không lấy được thông tin từ Airflow tại {host:name} ({kind:name})"
    ),
    # Keys, retention, signed logs
    "token_key_missing": (
        "{file:name} does not hold key {key:number} of this warehouse's person tokens: restore the "
        "file from its backup"
        " | {file:name} không có khóa {key:number} của mã thay thế số định danh trong kho này: "
        "khôi phục tệp từ bản sao lưu"
    ),
    "token_keys_unreadable": (
        "{file:name} must be a JSON object that maps versions to hexadecimal keys"
        " | {file:name} phải là đối tượng JSON gồm phiên bản và khóa thập lục phân"
    ),
    "past_retention": (
        "data past their retention period remain: {items:faults}. Run keep-house again; its "
        "log names what it cannot remove"
        " | còn dữ liệu quá thời hạn lưu giữ: {items:faults}. Chạy lại keep-house; nhật ký của "
        "lệnh nêu nội dung không xóa được"
    ),
    "old_landing": (
        "landing files of {dataset:name}: {items:number}"
        " | tệp tiếp nhận của {dataset:name}: {items:count}"
    ),
    "old_stray": (
        "orphaned {kind:said} files of {dataset:name}: {items:number}"
        " | tệp không thuộc lượt nạp nào của {dataset:name}: {items:count}"
    ),
    "old_staging": (
        "staging files of {dataset:name}: {items:number}"
        " | tệp trung gian của {dataset:name}: {items:count}"
    ),
    "old_quarantine": (
        "quarantined records of {dataset:name}: {items:number}"
        " | bản ghi bị từ chối của {dataset:name}: {items:count}"
    ),
    "old_replay": (
        "replays of {dataset:name}: {items:number}"
        " | bản chỉnh sửa của {dataset:name}: {items:count}"
    ),
    "old_correction": (
        "correction cases of {dataset:name}: {items:number}"
        " | yêu cầu chỉnh sửa của {dataset:name}: {items:count}"
    ),
    "old_replaced": (
        "overwritten versions and replaced verdicts of {dataset:name}: {items:number}"
        " | nội dung cũ của phiên bản được gửi lại và kết quả xác thực cũ của {dataset:name}: "
        "{items:count}"
    ),
    "old_agency_list": (
        "agency lists of {dataset:name}: {items:number}"
        " | danh sách gửi cơ quan của {dataset:name}: {items:count}"
    ),
    "trail_fails": (
        "the audit trail fails its check in {places:number} places; the first: {first:said}. "
        "`python -m dean06 verify-audit` lists all of them; docs/operations.md says what to do"
        " | nhật ký truy vết có {places:count} chỗ không khớp; `python -m dean06 verify-audit` "
        "liệt kê các chỗ này, docs/operations.md (tiếng Anh) hướng dẫn cách xử lý"
    ),
    "publications_fail": (
        "the check of signed publications found {places:number} errors; the first: {first:said}. "
        "`python -m dean06 verify-publications` lists all of them"
        " | các lần công bố đã ký có {places:count} lỗi; `python -m dean06 verify-publications` "
        "liệt kê các lỗi này"
    ),
    "publications_of_other_history": (
        "the log of publications is not the one that was signed: {signed:number} publications were "
        "signed, but the log in the warehouse has {size:number} publications and a different "
        "history. Nothing was signed. "
        "Somebody changed ops.publication_leaf, or an older backup was restored: see "
        "docs/operations.md"
        " | nhật ký công bố trong kho không khớp với nhật ký đã ký: nhật ký đã ký có "
        "{signed:count} lần công bố; nhật ký trong kho có {size:count} lần công bố và nội dung "
        "không trùng. Hệ thống chưa ký lần này. Có người đã sửa ops.publication_leaf, hoặc kho "
        "được khôi phục từ bản sao lưu cũ hơn: xem docs/operations.md (tiếng Anh)"
    ),
    "publication_key_missing": (
        "there is no key for signing publications: run `python -m dean06 rotate-publication-key`"
        " | chưa có khóa để ký công bố: chạy `python -m dean06 rotate-publication-key`"
    ),
    "publication_changed": (
        "publication {publication:number}: its content in ops.publication_leaf was changed, so its "
        "files were not written"
        " | lần công bố {publication:number}: nội dung trong ops.publication_leaf đã bị "
        "sửa nên hệ thống không ghi tệp của lần công bố này"
    ),
    "signed_file_differs": (
        "{file:name} is not the file that was signed; it was left as it is. Keep a copy of it, "
        "find "
        "out who wrote it, then move it away: the next run writes the signed file again"
        " | {file:name} không phải tệp đã ký; tệp được giữ nguyên. Lưu một bản sao, xác định "
        "người đã ghi, sau đó chuyển tệp đi nơi khác: lượt chạy sau ghi lại tệp đã ký"
    ),
    "publication_out_of_order": (
        "publication {publication:number} is out of order: the log already continues to "
        "publication "
        "{last:number} without it; nothing was signed. `python -m dean06 verify-publications` "
        "compares log and publications"
        " | lần công bố {publication:number} sai thứ tự: nhật ký đã ghi đến lần {last:number} mà "
        "không có lần này nên hệ thống không ký. `python -m dean06 verify-publications` so sánh "
        "nhật ký với các lần công bố"
    ),
    "publication_keys_unreadable": (
        "{file:name} does not hold keys for signing publications: restore DEAN06_PUBLICATION_KEYS "
        "from its backup"
        " | {file:name} không chứa khóa ký công bố: khôi phục DEAN06_PUBLICATION_KEYS từ bản sao "
        "lưu"
    ),
    "audit_key_unreadable": (
        "{file:name} is not an Ed25519 key: restore DEAN06_AUDIT_KEYFILE from its backup"
        " | {file:name} không phải khóa Ed25519: khôi phục DEAN06_AUDIT_KEYFILE từ bản sao lưu"
    ),
    "nothing_to_reconcile": (
        "no load of the portal has been published for {day:day}: there is nothing to reconcile. "
        "Sync the day first"
        " | chưa công bố lượt nạp nào của cổng dịch vụ công cho ngày {day:day} nên chưa có dữ "
        "liệu để đối soát. Cần đồng bộ ngày đó rồi đối soát lại"
    ),
    # Lists for the agencies
    "source_not_compared": (
        "records of {source:name} are not compared with the registry, so there are no "
        "mismatches to list"
        " | bản ghi của {source:name} không được đối chiếu với CSDL quốc gia về dân cư nên không "
        "có sai lệch để liệt kê"
    ),
    "no_source": (
        "no source '{source:name}'; available sources: {known:names}"
        " | không có nguồn '{source:name}'; các nguồn hiện có: {known:names}"
    ),
    "list_purged": (
        "{sources:names}: records rejected on {day:day} are purged, because their retention "
        "period has ended; the list cannot be written again"
        " | {sources:names}: bản ghi bị từ chối ngày {day:day} đã xóa do hết thời hạn lưu "
        "giữ nên không lập lại được danh sách"
    ),
    "nothing_to_list": (
        "no load of {day:day} is published or held: there is nothing to list"
        " | không có lượt nạp nào của ngày {day:day} được công bố hoặc bị giữ lại nên không "
        "có bản ghi để lập danh sách"
    ),
    "nothing_to_list_of": (
        "no load of {day:day} is published or held for {source:name}: there is nothing to list"
        " | không có lượt nạp nào của {source:name} ngày {day:day} được công bố hoặc bị giữ lại "
        "nên không có bản ghi để lập danh sách"
    ),
}  # fmt: skip
