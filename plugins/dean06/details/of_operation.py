"""Texts of details about operating a warehouse: backup, upgrade, keys, logs of its server."""

TEXTS = {
    # Tokens of the API
    "token_name_invalid": (
        "the name of a token must have 1 to {longest:number} printable characters"
        " | tên của mã truy cập phải có từ 1 đến {longest:count} ký tự hiển thị được"
    ),
    "token_scope_unknown": (
        "unknown scope {unknown:names}; scopes are {known:names}"
        " | không có quyền {unknown:names}; các quyền có thể cấp: {known:names}"
    ),
    "token_unknown": (
        "there is no token {token:number}, or it is already revoked"
        " | không có mã truy cập số {token:number}, hoặc mã đã bị thu hồi"
    ),
    # Provinces of one installation
    "no_province_folder": (
        "this installation serves one province; to serve several, set DEAN06_PROVINCES to the "
        "folder of their files"
        " | hệ thống này chỉ phục vụ một tỉnh; để phục vụ nhiều tỉnh, đặt DEAN06_PROVINCES là thư "
        "mục chứa tệp khai báo của các tỉnh"
    ),
    "no_province_file": (
        "{folder:name} has no province file: add one with `python -m dean06 add-province`"
        " | {folder:name} chưa có tệp khai báo tỉnh nào: thêm bằng `python -m dean06 add-province`"
    ),
    "province_not_chosen": (
        "{setting:name} differs from province to province: name the province with --province or "
        "DEAN06_PROVINCE"
        " | mỗi tỉnh có {setting:name} riêng: chọn tỉnh bằng --province hoặc DEAN06_PROVINCE"
    ),
    "province_unknown": (
        "no province '{province:name}'; available provinces: {known:names}"
        " | không có tỉnh '{province:name}'; các tỉnh hiện có: {known:names}"
    ),
    "province_already": (
        "this program is already set to province {now:name}; it cannot switch to {wanted:name}"
        " | chương trình đang xử lý cho {now:name}, không thể đồng thời xử lý cho {wanted:name}"
    ),
    "dag_of_no_province": (
        "DAG {dag:name} belongs to no province, but this installation serves several"
        " | DAG {dag:name} không thuộc tỉnh nào trong khi hệ thống phục vụ nhiều tỉnh"
    ),
    "province_key_invalid": (
        "the key of a province has lower-case letters and digits, at most {longest:number} "
        "characters, begins with a letter, and may have single underscores between characters "
        "(for example binh_phuoc)"
        " | tên ngắn của tỉnh chỉ gồm chữ cái thường không dấu và chữ số, tối đa {longest:count} "
        "ký tự, bắt đầu bằng chữ cái; giữa hai ký tự có thể có một dấu gạch dưới (ví dụ "
        "binh_phuoc)"
    ),
    "province_field_invalid": (
        "province {province:name}: {field:name} is missing or invalid"
        " | tỉnh {province:name}: {field:name} còn thiếu hoặc không hợp lệ"
    ),
    "province_file_invalid": (
        "{file:name} is not a valid province file ({kind:name})"
        " | không đọc được tệp khai báo tỉnh {file:name} ({kind:name})"
    ),
    "provinces_share": (
        "provinces {province:name} and {other:name} share a storage location: {setting:name} of "
        "{province:name} equals, contains or lies inside a location of {other:name}. Neither "
        "province is processed"
        " | tỉnh {province:name} và {other:name} dùng chung một nơi lưu: {setting:name} của "
        "{province:name} trùng với nơi lưu của {other:name}, hoặc nơi này nằm trong nơi kia. Hệ "
        "thống dừng xử lý cả hai tỉnh"
    ),
    "provinces_one_code": (
        "provinces {province:name} and {other:name} both have the code {code:name}: readers of one "
        "would also see the other. Neither province is processed until the code is corrected in "
        "one of the two files"
        " | tỉnh {province:name} và {other:name} khai báo cùng một mã {code:name}: người được đọc "
        "số liệu của tỉnh này sẽ đọc được số liệu của tỉnh kia. Cần sửa mã ở một trong hai tệp; "
        "trước khi sửa, hệ thống dừng xử lý cả hai tỉnh"
    ),
    "migrate_one_or_all": (
        "--all cannot be combined with --province or DEAN06_PROVINCE"
        " | không dùng --all cùng với --province hoặc DEAN06_PROVINCE"
    ),
    "provinces_not_migrated": (
        "the warehouses of these provinces were not upgraded: {provinces:names}. The others were. "
        "Correct what is reported above and run the command again"
        " | chưa nâng cấp được kho của các tỉnh: {provinces:names}; các tỉnh khác đã nâng cấp. Cần "
        "xử lý lỗi nêu trên rồi chạy lại lệnh"
    ),
    "file_exists": (
        "{file:name} already exists: choose another name | {file:name} đã có: chọn tên khác"
    ),
    "not_a_file": "{file:name} is not a file | {file:name} không phải tệp",
    "restore_not_empty": (
        "this database holds a warehouse: restore into an empty database"
        " | cơ sở dữ liệu này đã có kho: khôi phục vào một cơ sở dữ liệu trống"
    ),
    "api_requests_invalid": (
        "DEAN06_API_REQUESTS must be a number from 1 to 10"
        " | DEAN06_API_REQUESTS phải là số từ 1 đến 10"
    ),
    "not_an_address": (
        "{written:name} is not an address to serve metrics at: write HOST:PORT, for example "
        "127.0.0.1:9606"
        " | {written:name} không phải địa chỉ cung cấp chỉ số giám sát: ghi theo dạng "
        "<máy>:<cổng>, ví dụ 127.0.0.1:9606"
    ),
    "address_in_use": (
        "metrics cannot be served at {address:name}: another program uses the address; end it, or "
        "choose another port"
        " | không cung cấp được chỉ số giám sát tại {address:name}: địa chỉ đang được chương trình "
        "khác sử dụng; dừng chương trình đó hoặc chọn cổng khác"
    ),
    "address_not_permitted": (
        "metrics cannot be served at {address:name}: this account is not allowed to listen at that "
        "port; choose port 1024 or higher"
        " | không cung cấp được chỉ số giám sát tại {address:name}: tài khoản hệ thống không có "
        "quyền dùng cổng này; chọn cổng từ 1024 trở lên"
    ),
    "address_unknown": (
        "metrics cannot be served at {address:name}: the name of the host is not known here; write "
        "an address of this machine, for example 127.0.0.1:9606"
        " | không cung cấp được chỉ số giám sát tại {address:name}: không tìm thấy tên máy; ghi "
        "địa chỉ của máy này, ví dụ 127.0.0.1:9606"
    ),
    "address_elsewhere": (
        "metrics cannot be served at {address:name}: this machine does not have that address; "
        "write one that it has, for example 127.0.0.1:9606"
        " | không cung cấp được chỉ số giám sát tại {address:name}: máy này không có địa chỉ đó; "
        "ghi địa chỉ của máy này, ví dụ 127.0.0.1:9606"
    ),
    "address_unusable": (
        "metrics cannot be served at {address:name}: {reason:said}"
        " | không cung cấp được chỉ số giám sát tại {address:name}"
    ),
    "program_ended": (
        "{program:name} exited with code {code:number}: {reason:said}"
        " | {program:name} dừng với mã lỗi {code:number}"
    ),
    "program_not_found": (
        "{program:name} was not found: set DEAN06_PG_BIN to its folder"
        " | không tìm thấy chương trình {program:name}: đặt DEAN06_PG_BIN là thư mục của chương "
        "trình"
    ),
    "migrations_of_another_version": (
        "this warehouse has migration(s) {steps:names}, which this version of dean06 does not "
        "have: run the version that made the warehouse, or a newer one"
        " | kho này có bước nâng cấp {steps:names} mà phiên bản dean06 đang dùng không có: dùng "
        "phiên bản đã tạo kho hoặc phiên bản mới hơn"
    ),
    "before_the_baseline": (
        "this warehouse is at revision {revision:name}, which is too old for this version: check "
        "out dean06 as of commit 17783dd, run its `migrate` (to {last:name}), then `migrate` of "
        "this version"
        " | kho này ở phiên bản {revision:name}, quá cũ để nâng cấp trực tiếp: lấy mã nguồn "
        "dean06 tại commit 17783dd, chạy 'migrate' của bản đó (đến {last:name}), sau đó chạy "
        "'migrate' của phiên bản đang dùng"
    ),
    "contracts_not_applied": "{faults:faults} | {faults:faults}",
    "core_change_way": (
        "undo this change of the contract, or give the dataset another name; if `new-source` wrote "
        "the source and no published KPI uses it, `python -m dean06 remove-source {source:name} "
        "--with-data --keep-files` removes its stored records, and the next sync loads the source "
        "from its beginning"
        " | hoàn tác thay đổi này trong hợp đồng, hoặc đặt tên khác cho bộ dữ liệu; đối với nguồn "
        "do `new-source` tạo và chưa được tính vào chỉ tiêu nào đã công bố, lệnh `python -m dean06 "
        "remove-source {source:name} --with-data --keep-files` xóa các bản ghi đã lưu, và lần đồng "
        "bộ sau nạp lại nguồn từ đầu"
    ),
    "core_key_changed": (
        "{dataset:name}: the stored records are identified by {existing:names}, but the contract "
        "says {agreed:names} (key and version), and the key of stored records cannot change: "
        "{way:part}"
        " | {dataset:name}: bản ghi đã lưu được xác định theo {existing:names} nhưng hợp đồng quy "
        "định {agreed:names} (khóa và phiên bản), và không thể đổi khóa của bản ghi đã lưu: "
        "{way:part}"
    ),
    "core_dating_changed": (
        "{dataset:name}: the stored records are dated by {existing:name} (history: {was:name}), "
        "but the contract says {agreed:name} (history: {history:name}), and the days of stored "
        "records cannot change: {way:part}"
        " | {dataset:name}: bản ghi đã lưu lấy ngày theo {existing:name} (history: {was:name}) "
        "nhưng hợp đồng quy định {agreed:name} (history: {history:name}), và không thể đổi ngày "
        "của bản ghi đã lưu: {way:part}"
    ),
    "columns_now_required": (
        "{dataset:name}: the contract now requires {columns:names}, but stored records have no "
        "value there: keep the column optional until the days are backfilled with it "
        "(`python -m dean06 backfill`), or {way:part}"
        " | {dataset:name}: hợp đồng nay bắt buộc có {columns:names} nhưng bản ghi đã lưu chưa có "
        "giá trị: để cột này là không bắt buộc cho đến khi nạp lại các ngày cũ "
        "(`python -m dean06 backfill`), hoặc {way:part}"
    ),
    "column_type_narrower": (
        "{column:name}: the column in core has type {existing:name}, but the contract has "
        "{agreed:name}, which cannot hold every value of {existing:name}: write a migration, or "
        "{way:part}"
        " | {column:name}: cột trong kho có kiểu {existing:name} nhưng hợp đồng dữ liệu quy định "
        "kiểu {agreed:name}, là kiểu không chứa được tất cả giá trị của {existing:name}: viết bước "
        "nâng cấp, hoặc {way:part}"
    ),
    "relations_would_be_lost": (
        "migrate would drop {relations:names} together with a view or function that they depend "
        "on, and no file creates them again. Nothing was changed. Drop these relations, or add a "
        "file for each, then run migrate again"
        " | {relations:names} phụ thuộc vào khung nhìn hoặc hàm mà migrate phải xóa; nếu chạy "
        "tiếp, các đối tượng này cũng bị xóa và không có tệp nào tạo lại. Hệ thống chưa thay đổi "
        "nội dung nào. Xóa các đối tượng này hoặc bổ sung tệp tạo từng đối tượng, rồi chạy lại "
        "migrate"
    ),
    "relation_in_use": (
        "{relation:name} cannot change while these depend on it: {others:names}. Drop them, run "
        "`migrate`, and create them again"
        " | không thay đổi được {relation:name} khi còn {others:names} phụ thuộc vào đối tượng "
        "này: xóa {others:names}, chạy 'migrate', sau đó tạo lại"
    ),
    "issuer_not_set": (
        "DEAN06_OIDC_ISSUER is not set: set it to the URL of the OpenID Connect provider"
        " | chưa đặt DEAN06_OIDC_ISSUER: khai báo địa chỉ máy chủ OpenID Connect"
    ),
    "no_dataset": (
        "contract {source:name} has no dataset '{dataset:name}'"
        " | hợp đồng dữ liệu {source:name} không có bộ dữ liệu '{dataset:name}'"
    ),
    "no_contract": (
        "no contract for source '{source:name}': {file:name} is missing from include/contracts of "
        "this installation. Restore the files of the source, or remove its "
        "records with `python -m dean06 remove-source {source:name} --with-data`"
        " | nguồn '{source:name}' không có hợp đồng dữ liệu: thiếu tệp {file:name} trong "
        "include/contracts của hệ thống này. Khôi phục các tệp của nguồn, hoặc xóa bản ghi của "
        "nguồn bằng lệnh `python -m dean06 remove-source {source:name} --with-data`"
    ),
    # Keys that sign publications
    "rotation_under_way": (
        "keys {first:name} and {second:name} both sign until {until:name} UTC: rotate again after "
        "that, or revoke one"
        " | hai khóa {first:name} và {second:name} cùng được dùng để ký đến {until:name} UTC: đổi "
        "khóa sau thời điểm đó hoặc thu hồi một khóa"
    ),
    "key_not_revocable": (
        "'{key:name}' is not a key that can be revoked; the keys are: {known:name}"
        " | '{key:name}' không phải khóa có thể thu hồi; các khóa hiện có: {known:name}"
    ),
    # Who reads core
    "reads_not_logged": (
        "the server does not log what people read: run include/sql/audit/log_readers.sql as a "
        "superuser in the warehouse's database"
        " | máy chủ chưa ghi nhật ký đọc dữ liệu: chạy include/sql/audit/log_readers.sql bằng tài "
        "khoản quản trị PostgreSQL trong cơ sở dữ liệu của kho"
    ),
    "roles_not_logged": (
        "statements of {roles:name} are not logged: a superuser has switched logging off. To "
        "switch it on again: alter role … reset log_statement"
        " | câu lệnh của {roles:name} không được ghi nhật ký do tài khoản quản trị đã tắt chức "
        "năng này. Để bật lại: alter role … reset log_statement"
    ),
    "log_in_another_zone": (
        "the times in the server's log are in time zone {zone:name}: set log_timezone to UTC"
        " | máy chủ ghi nhật ký theo múi giờ {zone:name}: đặt log_timezone là UTC"
    ),
    "log_line_unreadable": (
        "{file:name}, line {line:number}: not an entry of PostgreSQL's jsonlog"
        " | {file:name}, dòng {line:number}: không phải bản ghi jsonlog của PostgreSQL"
    ),
}  # fmt: skip
