"""What each cause of a failure means and what to do, in both languages: the one place for it.

Pages, mails, lists and commands render the code that the ledger keeps in the reader's language,
and beside it what exactly happened (dataset, window, file, counts): ``failures.particulars``.
"""

from dataclasses import dataclass

from dean06.contract import Bilingual
from dean06.errors import Cause


@dataclass(frozen=True)
class Explanation:
    """A cause for people."""

    meaning: Bilingual
    """What happened: a clause without a full stop."""
    advice: Bilingual
    """What to do where a task of Airflow's failed: sentences."""
    remedy: Bilingual | None
    """What to do before a command is run again: sentences; None where nothing has to be done."""

    @property
    def text(self) -> Bilingual:
        """Both, for a task of Airflow's."""
        return _joined(self.meaning, self.advice)

    @property
    def of_command(self) -> Bilingual:
        """Both, for a command: it has no task to clear."""
        return _joined(self.meaning, self.remedy)


def _joined(meaning: Bilingual, advice: Bilingual | None) -> Bilingual:
    if advice is None:
        return Bilingual(f"{meaning.en}.", f"{meaning.vi}.")
    return Bilingual(f"{meaning.en}. {advice.en}", f"{meaning.vi}. {advice.vi}")


def explain(code: str | None) -> Explanation:
    """A cause as the ledger keeps it; a failure from before there were codes has its text only."""
    return _EXPLANATIONS[Cause(code or Cause.STEP_REFUSED)]


def _explanation(meaning: str, advice: str, remedy: str | None = None) -> Explanation:
    """``remedy``: empty where nothing has to be done; left out where the advice names no task."""
    said = Bilingual.of(advice, "causes")
    before = said if remedy is None else Bilingual.of(remedy, "causes") if remedy else None
    return Explanation(Bilingual.of(meaning, "causes"), said, before)


_EXPLANATIONS = {
    Cause.SOURCE_UNAVAILABLE: _explanation(
        "the source is down or late, or the connection broke; it was retried"
        " | nguồn dữ liệu ngừng hoạt động, phản hồi chậm hoặc mất kết nối; hệ thống đã thử lại",
        "When the source is back, clear the dataset's first task with everything downstream. If it "
        "stays down, contact the agency."
        " | Khi nguồn hoạt động lại, chạy lại tác vụ đầu tiên của bộ dữ liệu cùng tất cả tác vụ "
        "phía sau; nếu nguồn vẫn ngừng, liên hệ cơ quan cung cấp dữ liệu.",
        "Wait until the source is back. If it stays down, contact the agency."
        " | Chờ nguồn hoạt động lại; nếu nguồn vẫn ngừng, liên hệ cơ quan cung cấp dữ liệu.",
    ),
    Cause.LOGIN_REFUSED: _explanation(
        "the source does not accept our credentials"
        " | nguồn dữ liệu không chấp nhận thông tin đăng nhập",
        "Check login and password of the source's Airflow connection. If they are correct, ask the "
        "agency for new credentials. Then clear the dataset's first task."
        " | Kiểm tra tài khoản và mật khẩu trong kết nối Airflow của nguồn; nếu đã đúng, đề nghị "
        "cơ quan cấp lại thông tin đăng nhập, sau đó chạy lại tác vụ đầu tiên của bộ dữ liệu.",
        "Check login and password of the source's Airflow connection. If they are correct, ask the "
        "agency for new credentials."
        " | Kiểm tra tài khoản và mật khẩu trong kết nối Airflow của nguồn; nếu đã đúng, đề nghị "
        "cơ quan cấp lại thông tin đăng nhập.",
    ),
    Cause.REQUEST_REFUSED: _explanation(
        "the source returned an error: it refuses the request"
        " | nguồn dữ liệu có phản hồi nhưng từ chối yêu cầu",
        "Check the address in the source's Airflow connection. Ask the agency whether our account "
        "has permission. Then clear the dataset's first task."
        " | Kiểm tra địa chỉ trong kết nối Airflow của nguồn; đề nghị cơ quan cung cấp dữ liệu "
        "xác nhận quyền truy cập, sau đó chạy lại tác vụ đầu tiên của bộ dữ liệu.",
        "Check the address in the source's Airflow connection. Ask the agency whether our account "
        "has permission."
        " | Kiểm tra địa chỉ trong kết nối Airflow của nguồn; đề nghị cơ quan cung cấp dữ liệu "
        "xác nhận quyền truy cập.",
    ),
    Cause.DELIVERY_INCONSISTENT: _explanation(
        "parts of the delivery contradict each other or changed during the download"
        " | các phần của đợt dữ liệu không thống nhất với nhau hoặc bị thay đổi trong khi tải",
        "Clear the dataset's first task; if it happens again, notify the agency."
        " | Chạy lại tác vụ đầu tiên của bộ dữ liệu; nếu lỗi lặp lại, thông báo cho cơ quan cung "
        "cấp dữ liệu.",
        "If it happens again, notify the agency."
        " | Nếu lỗi lặp lại, thông báo cho cơ quan cung cấp dữ liệu.",
    ),
    Cause.EXPORT_EXPIRED: _explanation(
        "the export, or one of its files, no longer exists; a new export was requested"
        " | bản kết xuất hoặc một tệp trong bản kết xuất không còn trên máy chủ của nguồn; hệ "
        "thống đã yêu cầu bản mới",
        "The next retry waits for the new export. If the task has no retry left, clear the "
        "dataset's first task."
        " | Lần thử lại tiếp theo sẽ chờ bản mới. Nếu tác vụ đã hết số lần thử lại, chạy lại tác "
        "vụ đầu tiên của bộ dữ liệu.",
        "",
    ),
    Cause.CONTRACT_BROKEN: _explanation(
        "the delivery does not have the structure that the contract sets"
        " | dữ liệu không đúng cấu trúc quy định trong hợp đồng dữ liệu",
        "A retry does not help. Ask the agency to send it again as agreed, or agree on a new "
        "contract version; then clear the dataset's first task."
        " | Chạy lại ngay không khắc phục được lỗi. Đề nghị cơ quan gửi lại đúng cấu trúc hoặc "
        "thống nhất phiên bản hợp đồng dữ liệu mới, sau đó chạy lại tác vụ đầu tiên của bộ dữ "
        "liệu.",
        "Ask the agency to send it again as agreed, or agree on a new contract version."
        " | Đề nghị cơ quan gửi lại đúng cấu trúc hoặc thống nhất phiên bản hợp đồng dữ liệu mới.",
    ),
    Cause.FIELD_MISSING: _explanation(
        "a required field is missing from every record of the delivery"
        " | tất cả bản ghi của đợt dữ liệu đều thiếu một trường bắt buộc",
        "A retry does not help. Ask the agency to resend the delivery with the field, or agree on "
        "a new contract version without it; then clear the dataset's first task."
        " | Chạy lại ngay không khắc phục được lỗi. Đề nghị cơ quan gửi lại dữ liệu có đủ trường "
        "này, hoặc thống nhất phiên bản hợp đồng dữ liệu mới không có trường này. Sau đó chạy lại "
        "tác vụ đầu tiên của bộ dữ liệu.",
        "Ask the agency to resend the delivery with the field, or agree on a new contract version "
        "without it."
        " | Đề nghị cơ quan gửi lại dữ liệu có đủ trường này, hoặc thống nhất phiên bản hợp đồng "
        "dữ liệu mới không có trường này.",
    ),
    Cause.MANIFEST_MISMATCH: _explanation(
        "a file differs from its manifest"
        " | tệp không khớp với bản kê khai đi kèm",
        "Ask the agency to send file and manifest again, then clear the dataset's first task."
        " | Đề nghị cơ quan gửi lại tệp và bản kê khai, sau đó chạy lại tác vụ đầu tiên của bộ dữ "
        "liệu.",
        "Ask the agency to send file and manifest again."
        " | Đề nghị cơ quan gửi lại tệp và bản kê khai.",
    ),
    Cause.BATCH_HELD: _explanation(
        "too many records break a rule; earlier data stay published"
        " | quá nhiều bản ghi vi phạm quy tắc; dữ liệu đã công bố trước đó không thay đổi",
        "Send the agency its correction list (agency_lists). Once it has corrected the data, "
        "clear the dataset's first task with everything downstream."
        " | Gửi danh sách bản ghi cần chỉnh sửa (agency_lists) cho cơ quan cung cấp dữ liệu. Khi "
        "dữ liệu đã được sửa, chạy lại tác vụ đầu tiên của bộ dữ liệu cùng tất cả tác vụ phía "
        "sau.",
        "Send the agency its correction list (agency_lists). Wait until it has corrected the data."
        " | Gửi danh sách bản ghi cần chỉnh sửa (agency_lists) cho cơ quan cung cấp dữ liệu và chờ "
        "cơ quan sửa dữ liệu.",
    ),
    Cause.LANDING_DAMAGED: _explanation(
        "a landed file is missing or was changed"
        " | tệp tiếp nhận bị mất hoặc bị thay đổi",
        "Check the storage of DEAN06_LANDING, then clear the dataset's first task: it fetches the "
        "file again."
        " | Kiểm tra nơi lưu trữ DEAN06_LANDING, sau đó chạy lại tác vụ đầu tiên của bộ dữ liệu để "
        "tải lại tệp.",
        "Check the storage of DEAN06_LANDING. The file is fetched again."
        " | Kiểm tra nơi lưu trữ DEAN06_LANDING. Hệ thống sẽ tải lại tệp.",
    ),
    Cause.SETTING_WRONG: _explanation(
        "the Airflow connection does not exist or has a setting that is not allowed"
        " | chưa có kết nối Airflow, hoặc kết nối được khai báo không đúng quy định",
        "Create or correct the connection as the details say, then clear the failed task."
        " | Tạo hoặc sửa kết nối theo hướng dẫn ở phần chi tiết, sau đó chạy lại tác vụ lỗi.",
        "Create or correct the connection as the details say."
        " | Tạo hoặc sửa kết nối theo hướng dẫn ở phần chi tiết.",
    ),
    Cause.CONTRACT_MISSING: _explanation(
        "the contract of a source is missing from this installation"
        " | hệ thống thiếu hợp đồng dữ liệu của một nguồn",
        "The details name the missing file. Restore it, for example from version control, or run "
        "the command that the details give; then clear the failed task."
        " | Phần chi tiết nêu tệp bị thiếu. Khôi phục tệp, ví dụ từ hệ thống quản lý phiên bản, "
        "hoặc chạy lệnh nêu trong phần chi tiết; sau đó chạy lại tác vụ lỗi.",
        "The details name the missing file. Restore it, for example from version control, or run "
        "the command that the details give."
        " | Phần chi tiết nêu tệp bị thiếu. Khôi phục tệp, ví dụ từ hệ thống quản lý phiên bản, "
        "hoặc chạy lệnh nêu trong phần chi tiết.",
    ),
    Cause.AWAITS_APPROVAL: _explanation(
        "a correction waits for a second person"
        " | bản chỉnh sửa đang chờ người thứ hai duyệt",
        "A second steward approves or declines it on the Quality page."
        " | Một cán bộ xử lý dữ liệu khác duyệt hoặc từ chối trên trang Chất lượng.",
    ),
    Cause.ALREADY_DECIDED: _explanation(
        "a decision was already made, or a newer build exists"
        " | đã có người quyết định, hoặc đã có lượt tính mới hơn",
        'No action is needed: page "KPIs waiting for approval" shows the decision.'
        " | Không cần xử lý: xem quyết định trên trang “Chỉ tiêu chờ duyệt”.",
    ),
    Cause.WAREHOUSE_REFUSED: _explanation(
        "PostgreSQL refused a statement"
        " | PostgreSQL từ chối câu lệnh",
        "The SQLSTATE in the details names the reason (connection, disk, permissions). Fix the "
        "server, then clear the failed task."
        " | Mã SQLSTATE trong phần chi tiết cho biết lý do (kết nối, ổ đĩa, quyền truy cập). Khắc "
        "phục lỗi trên máy chủ, sau đó chạy lại tác vụ lỗi.",
        "The SQLSTATE in the details names the reason (connection, disk, permissions). Fix the "
        "server."
        " | Mã SQLSTATE trong phần chi tiết cho biết lý do (kết nối, ổ đĩa, quyền truy cập). Khắc "
        "phục lỗi trên máy chủ.",
    ),
    Cause.ENGINE_FAILED: _explanation(
        "DuckDB, which checks and converts the records, stopped with an error"
        " | DuckDB (chương trình kiểm tra và chuyển đổi bản ghi) dừng do lỗi",
        "Check memory and free disk space of the machine, then clear the failed task. If it fails "
        "again, report it to the maintainers with the task's log."
        " | Kiểm tra bộ nhớ và dung lượng ổ đĩa còn trống của máy chủ, sau đó chạy lại tác vụ lỗi. "
        "Nếu vẫn lỗi, gửi nhật ký của tác vụ cho đơn vị bảo trì.",
        "Check memory and free disk space of the machine. If it fails again, report it to the "
        "maintainers."
        " | Kiểm tra bộ nhớ và dung lượng ổ đĩa còn trống của máy chủ. Nếu vẫn lỗi, thông báo cho "
        "đơn vị bảo trì.",
    ),
    Cause.CORE_SQL_WRONG: _explanation(
        "the core SQL of a dataset, which runs in DuckDB, is wrong"
        " | câu lệnh SQL của một bộ dữ liệu trong include/sql/core (chạy trên DuckDB) bị sai",
        "A retry does not help. Correct the file at the place that the details name, run python -m "
        "dean06 migrate, which checks it, then clear the failed task."
        " | Chạy lại ngay không khắc phục được lỗi. Sửa tệp tại vị trí nêu trong phần chi tiết, "
        "chạy python -m dean06 migrate để kiểm tra, sau đó chạy lại tác vụ lỗi.",
        "Correct the file at the place that the details name, and run python -m dean06 migrate, "
        "which checks it."
        " | Sửa tệp tại vị trí nêu trong phần chi tiết và chạy python -m dean06 migrate để kiểm "
        "tra.",
    ),
    Cause.CONFLICT: _explanation(
        "somebody else wrote the same data at the same time"
        " | người khác cập nhật cùng dữ liệu này vào cùng thời điểm",
        "Try again: the next attempt uses what they wrote."
        " | Thực hiện lại thao tác; lần thực hiện sau dùng dữ liệu mới cập nhật.",
    ),
    Cause.KPIS_CONTRADICT: _explanation(
        "KPI values contradict each other or the records"
        " | giá trị các chỉ tiêu không thống nhất với nhau hoặc không khớp bản ghi",
        "A retry does not help. If build_kpis failed, correct what the details name: the KPI's "
        "file or the list of administrative units. If verify_kpis failed, run verify-kpis "
        "--repair. Then clear the failed task."
        " | Chạy lại ngay không khắc phục được lỗi. Nếu build_kpis báo lỗi, sửa nội dung nêu ở "
        "phần chi tiết: tệp của chỉ tiêu hoặc danh mục đơn vị hành chính. Nếu verify_kpis báo lỗi, "
        "chạy verify-kpis --repair. Sau đó chạy lại tác vụ lỗi.",
        "Correct what the details name: the KPI's file or the list of administrative units, or run "
        "verify-kpis --repair."
        " | Sửa nội dung nêu ở phần chi tiết: tệp của chỉ tiêu hoặc danh mục đơn vị hành chính, "
        "hoặc chạy verify-kpis --repair.",
    ),
    Cause.TRAIL_CHANGED: _explanation(
        "the audit trail or the log of publications was changed, or an older backup was restored"
        " | nhật ký truy vết hoặc nhật ký công bố đã bị thay đổi, hoặc kho dữ liệu được khôi phục "
        "từ bản sao lưu cũ",
        "Run python -m dean06 verify-audit and verify-publications: they name what was changed. "
        "Find out who changed it."
        " | Chạy python -m dean06 verify-audit và verify-publications để biết nội dung bị thay "
        "đổi; xác định người đã thay đổi.",
    ),
    Cause.PAST_RETENTION: _explanation(
        "data past their retention period could not be removed"
        " | chưa xóa được dữ liệu hết thời hạn lưu giữ",
        "The details name kind, dataset and count. Correct the permissions of the folder or "
        "table, then run python -m dean06 keep-house."
        " | Phần chi tiết nêu loại dữ liệu, bộ dữ liệu và số lượng. Sửa quyền truy cập thư mục "
        "hoặc bảng, sau đó chạy python -m dean06 keep-house.",
    ),
    Cause.STEP_REFUSED: _explanation(
        "the conditions for this step are not met"
        " | chưa đủ điều kiện thực hiện bước này",
        "The details say which step must run first, or which setting is missing or wrong. Run "
        "that step or correct that setting, then clear the failed task, unless the details name "
        "another one."
        " | Phần chi tiết nêu bước phải thực hiện trước, hoặc thiết lập còn thiếu hay chưa đúng. "
        "Thực hiện bước đó hoặc sửa thiết lập, sau đó chạy lại tác vụ lỗi, trừ khi phần chi tiết "
        "nêu tác vụ khác.",
        "The details say which step must run first, or which setting is missing or wrong."
        " | Phần chi tiết nêu bước phải thực hiện trước, hoặc thiết lập còn thiếu hay chưa đúng.",
    ),
    Cause.PROGRAM_ERROR: _explanation(
        "an unexpected error stopped the task"
        " | tác vụ dừng do lỗi chương trình",
        "Open the task's log; its last lines name file and line. Clear the task; if it fails "
        "again, report it to the maintainers with the log."
        " | Mở nhật ký của tác vụ; các dòng cuối cho biết tệp và dòng mã gây lỗi. Chạy lại tác vụ; "
        "nếu vẫn lỗi, gửi nhật ký cho đơn vị bảo trì.",
        "If it fails again, report it to the maintainers with what the command printed."
        " | Nếu vẫn lỗi, gửi nội dung mà lệnh hiển thị cho đơn vị bảo trì.",
    ),
    Cause.SYSTEM_STOPPED: _explanation(
        "the system was stopped (make down or Ctrl-C) while the task was running"
        " | hệ thống được dừng (make down hoặc Ctrl-C) trong khi tác vụ đang chạy",
        "Nothing is broken. Clear the task: it continues where it stopped. Clearing is always safe."
        " | Không có sự cố. Chạy lại tác vụ: tác vụ tiếp tục từ chỗ đã dừng. Việc chạy lại luôn an "
        "toàn.",
        "Nothing is broken."
        " | Không có sự cố.",
    ),
    Cause.NOT_RECORDED: _explanation(
        "the task ended without recording a cause: killed, out of memory, or its machine failed"
        " | tác vụ dừng mà không ghi được nguyên nhân: bị dừng đột ngột, thiếu bộ nhớ hoặc máy "
        "chủ gặp sự cố",
        "Check memory and disk of the machine, then clear the task. Clearing is always safe."
        " | Kiểm tra bộ nhớ và ổ đĩa của máy chủ, sau đó chạy lại tác vụ. Việc chạy lại luôn an "
        "toàn.",
        "Check memory and disk of the machine."
        " | Kiểm tra bộ nhớ và ổ đĩa của máy chủ.",
    ),
}  # fmt: skip
