"""Texts of details about the warehouse, Airflow, settings, and what is kept and signed."""

TEXTS = {
    "postgresql_refused": "{parts:parts} | {parts:parts}",
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
    "sqlstate_08": "connection | lỗi kết nối",
    "sqlstate_0A": "not supported | tính năng không được hỗ trợ",
    "sqlstate_22": "data | giá trị không hợp lệ",
    "sqlstate_23": "constraint | vi phạm ràng buộc dữ liệu",
    "sqlstate_25": "transaction | giao dịch ở trạng thái không hợp lệ",
    "sqlstate_28": "login | không đăng nhập được",
    "sqlstate_40": "rollback | giao dịch bị hủy do xung đột với giao dịch khác",
    "sqlstate_42": "permission or object | thiếu quyền, hoặc đối tượng không tồn tại",
    "sqlstate_53": "resources | máy chủ hết tài nguyên (bộ nhớ, đĩa hoặc số kết nối)",
    "sqlstate_54": "limit | vượt giới hạn của máy chủ",
    "sqlstate_55": "state | đối tượng đang được dùng hoặc chưa sẵn sàng",
    "sqlstate_57": "operator | máy chủ đang dừng, hoặc câu lệnh bị hủy",
    "sqlstate_58": "system | lỗi hệ thống của máy chủ (đĩa, tệp)",
    "sqlstate_P0": "raised | hàm của kho từ chối yêu cầu",
    "sqlstate_other": "other | lỗi khác, tra mã trong tài liệu của PostgreSQL",
    "other_role": (
        "the transaction runs as {actual:name} instead of {wanted:name}: something between dean06 "
        "and PostgreSQL drops or shares settings; use a connection pool in transaction mode"
        " | giao dịch chạy với vai trò {actual:name}, không phải {wanted:name}: thành phần trung "
        "gian trước PostgreSQL làm mất thiết lập; dùng bộ gộp kết nối ở chế độ giao dịch"
    ),
    "pool_in_front": (
        "a connection pool is in front of PostgreSQL: set DEAN06_WAREHOUSE_DIRECT_DSN to a direct "
        "address of the server"
        " | có bộ gộp kết nối đứng trước PostgreSQL: đặt DEAN06_WAREHOUSE_DIRECT_DSN là địa chỉ "
        "trực tiếp của máy chủ"
    ),
    "no_dsn": (
        "DEAN06_WAREHOUSE_DSN is not set, and 'make run' has not run here: name the warehouse as "
        "postgresql+psycopg2://user:password@host:port/database"
        " | chưa đặt DEAN06_WAREHOUSE_DSN và chưa chạy 'make run' tại đây: khai báo kho dạng "
        "postgresql+psycopg2://user:password@host:port/database"
    ),
    "program_error": "{kind:name} | lỗi ngoài dự kiến {kind:name}",
    # Airflow
    "airflow_status": (
        "Airflow at {host:name} answered HTTP {status:number} to {path:name}"
        " | Airflow tại {host:name} trả về HTTP {status:number} cho {path:name}"
    ),
    "airflow_unreadable": (
        "Airflow at {host:name} cannot be read ({kind:name})"
        " | không đọc được Airflow tại {host:name} ({kind:name})"
    ),
    # Keys, retention, signed logs
    "token_key_missing": (
        "{file:name} does not hold key {key:number} of this warehouse's person tokens: restore the "
        "file from its backup"
        " | {file:name} không có khóa {key:number} của mã thay thế số định danh trong kho này: "
        "khôi "
        "phục tệp từ bản sao lưu"
    ),
    "token_keys_unreadable": (
        "{file:name} must be a JSON object of versions and hexadecimal keys"
        " | {file:name} phải là đối tượng JSON gồm phiên bản và khóa thập lục phân"
    ),
}  # fmt: skip
