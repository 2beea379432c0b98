"""Name, description and document of each DAG, in both languages, for Airflow's list and API."""

from dataclasses import dataclass
from typing import Any

from dean06.contract import Bilingual, Contract
from dean06.provinces import current


@dataclass(frozen=True)
class DagText:
    """What Airflow shows of a DAG."""

    name: str
    """Vietnamese; Airflow shows it behind the id."""
    description: Bilingual
    document: Bilingual

    def of(self, name: str) -> dict[str, Any]:
        """The arguments of ``DAG`` that hold texts, of the DAG of that name."""
        return {
            "dag_display_name": current.title(f"{current.dag_id(name)} · {self.name}"),
            "description": str(self.description),
            "doc_md": markdown(self.document),
        }


def markdown(text: Bilingual) -> str:
    """Two paragraphs: English, then Vietnamese in italics."""
    return f"{text.en}\n\n*{text.vi}*"


def of_sync(agreed: Contract) -> DagText:
    """Texts of the sync of a source; its document is the contract."""
    agency = agreed.owner.vi.partition(",")[0]
    return DagText(
        f"Đồng bộ dữ liệu: {agency}",
        Bilingual(
            f"Daily sync of {', '.join(d.label.en for d in agreed.datasets)} ({agreed.owner.en})",
            f"Đồng bộ hằng ngày {', '.join(d.label.vi for d in agreed.datasets)} "
            f"({agreed.owner.vi})",
        ),
        agreed.purpose,
    )


IDENTITY = DagText(
    "Xác thực định danh",
    Bilingual(
        "Compares person records with the population registry",
        "Đối chiếu thông tin cá nhân với Cơ sở dữ liệu quốc gia về dân cư",
    ),
    Bilingual(
        "Compares every record of a person with the population registry and gives it one verdict. "
        "Reads only what has changed on either side. Does nothing when nothing has changed.",
        "Đối chiếu từng bản ghi có thông tin cá nhân với Cơ sở dữ liệu quốc gia về dân cư và ghi "
        "kết quả xác thực. Chỉ đọc phần dữ liệu đã thay đổi; nếu không có thay đổi thì không "
        "thực hiện.",
    ),
)
KPIS = DagText(
    "Tính và công bố chỉ tiêu",
    Bilingual("Builds, audits and publishes KPIs", "Tính, kiểm tra và công bố chỉ tiêu"),
    Bilingual(
        "Computes every KPI for every day affected by newly published loads, audits the values, "
        "and adds one publication for each day. Does nothing when nothing has changed. If the "
        "audit holds a build, `release_kpis` asks for a decision. A build that two persons have "
        "released is published first.",
        "Tính lại các chỉ tiêu của những ngày có dữ liệu mới, kiểm tra rồi thêm một lần công bố "
        "cho từng ngày; các lần công bố trước được giữ nguyên. Lượt tính bị giữ lại sau khi kiểm "
        "tra sẽ chờ quyết định ở `release_kpis`. Nếu có lượt tính đã được hai người đồng ý công "
        "bố, hệ thống công bố lượt tính đó trước, sau đó mới tính lượt mới.",
    ),
)
RELEASE = DagText(
    "Đề nghị công bố chỉ tiêu bị giữ lại",
    Bilingual(
        "A held KPI build waits here for a first person's decision",
        "Lượt tính bị giữ lại chờ một người đề nghị công bố hoặc từ chối công bố",
    ),
    Bilingual(
        "If the audit holds a build, it is not published. This run shows the findings and waits: "
        "choose *Propose release* or *Reject* under *Required Actions* and give a reason. A "
        "proposed release is published when somebody else approves it on page *KPIs waiting "
        "for approval*. Without a reason, `decide` fails: clear `ask` to answer again.",
        "Lượt tính bị giữ lại thì chưa được công bố. Ở mục *Required Actions*, người thứ nhất chọn "
        "đề nghị công bố hoặc từ chối công bố và nêu lý do. Nếu người thứ nhất từ chối, lượt tính "
        "không được công bố và không cần người thứ hai. Nếu người thứ nhất đề nghị công bố, người "
        "thứ hai duyệt trên trang “Chỉ tiêu chờ duyệt”. Nếu không nêu lý do, tác vụ `decide` báo "
        "lỗi: chạy lại `ask` để trả lời lại.",
    ),
)
OPEN_DATA = DagText(
    "Lập dữ liệu mở",
    Bilingual(
        "Writes open data of each publication", "Lập dữ liệu mở của từng lần công bố chỉ tiêu"
    ),
    Bilingual(
        "Writes open data of every publication that is newer than the newest release: one folder "
        "each in `DEAN06_OPEN_DATA`. Only the system account can read a folder until somebody "
        "copies it to the publisher's address. Skipped if no publisher is set, or if there is no "
        "new publication.",
        "Lập thư mục dữ liệu mở cho từng lần công bố chưa có dữ liệu mở, lưu tại "
        "`DEAN06_OPEN_DATA`. Chỉ tài khoản hệ thống đọc được thư mục này, cho đến khi có người sao "
        "chép thư mục lên địa chỉ của cơ quan công bố. Bỏ qua nếu chưa khai báo cơ quan công bố "
        "hoặc không có lần công bố mới.",
    ),
)
AGENCY_LISTS = DagText(
    "Danh sách cần chỉnh sửa",
    Bilingual(
        "Writes the correction list of each agency", "Lập danh sách cần chỉnh sửa cho từng cơ quan"
    ),
    Bilingual(
        "Writes, for each source and day, the records that the agency has to correct: rejected "
        "ones and mismatches, as CSV and workbook, to restricted storage. The warehouse keeps "
        "counts. Does nothing when nothing has changed.",
        "Theo từng nguồn và từng ngày, lập danh sách bản ghi bị từ chối và bản ghi sai lệch danh "
        "tính để cơ quan chỉnh sửa (tệp CSV và XLSX), lưu tại nơi hạn chế truy cập. Kho dữ liệu "
        "chỉ lưu số lượng.",
    ),
)
RECONCILIATION = DagText(
    "Đối soát với Cổng Dịch vụ công quốc gia",
    Bilingual(
        "Reconciles dossiers with the national portal",
        "Đối soát hồ sơ với Cổng Dịch vụ công quốc gia",
    ),
    Bilingual(
        "Compares the province's dossiers with the list and the final monthly counts of the "
        "national portal. A list for the agency (CSV and workbook, restricted storage) explains "
        "the difference of every dossier; the warehouse keeps counts. Does nothing when nothing "
        "has changed.",
        "So sánh hồ sơ của tỉnh với danh sách và số liệu đã chốt của Cổng Dịch vụ công quốc gia. "
        "Danh sách gửi cơ quan nêu lý do chênh lệch của từng hồ sơ. Kho dữ liệu chỉ lưu số lượng.",
    ),
)
HOUSE = DagText(
    "Xóa dữ liệu hết thời hạn lưu giữ",
    Bilingual(
        "Removes data past their retention period, then checks the audit trail",
        "Xóa dữ liệu hết thời hạn lưu giữ, sau đó kiểm tra nhật ký truy vết",
    ),
    Bilingual(
        "Removes data past their retention period: landed files, staging files, the content of "
        "quarantined and replayed records, correction lists, replaced verdicts, and the old "
        "content of versions that an agency sent again with other content. Keeps data that a load "
        "still needs. Fails if any other data are past their retention period, and names them. "
        "`ops.purge` has the counts. Then compares the audit trail with the rows that it covers "
        "and with every signed head.",
        "Xóa dữ liệu hết thời hạn lưu giữ: tệp tiếp nhận; tệp trung gian; nội dung bản ghi trong "
        "khu cách ly và trong bản chỉnh sửa; danh sách gửi cơ quan; kết quả xác thực cũ; nội dung "
        "cũ đã bị thay khi cơ quan gửi lại cùng một phiên bản với nội dung khác. Các phiên bản "
        "của bản ghi trong core và phần dữ liệu mà lượt nạp còn sử dụng được giữ lại. Bảng "
        "`ops.purge` ghi số lượng đã xóa. Sau đó kiểm tra tính toàn vẹn của nhật ký truy vết.",
    ),
)
KPI_PROOF = DagText(
    "Kiểm chứng chỉ tiêu hằng tuần",
    Bilingual(
        "Compares KPIs with a full count of the records",
        "So sánh chỉ tiêu với kết quả đếm lại toàn bộ",
    ),
    Bilingual(
        "Compares the stored daily changes, from which builds count KPIs, with a full count of the "
        "records for every day. Compares the values of the newest published day with both. Changes "
        "nothing. Fails and names KPI and unit if they differ; skipped if there is nothing to "
        "compare.",
        "So sánh số liệu chỉ tiêu đã công bố với kết quả đếm lại toàn bộ bản ghi. Không thay đổi "
        "dữ liệu; nếu có khác biệt thì báo lỗi, nêu rõ chỉ tiêu và đơn vị.",
    ),
)
REPLAY = DagText(
    "Nạp lại bản ghi đã sửa",
    Bilingual(
        "Loads records that stewards have corrected", "Nạp các bản ghi bị từ chối đã được sửa"
    ),
    Bilingual(
        "Loads rejected records that a steward has corrected. Each correction is a separate load: "
        "it is landed, validated by the same suite, and published with its row counts. Clearing "
        "is always safe: loaded records are not loaded again. Skipped when nothing is due.",
        "Nạp các bản ghi bị từ chối đã được sửa; mỗi bản chỉnh sửa là một lượt nạp riêng, được "
        "kiểm tra theo cùng bộ quy tắc. Việc chạy lại luôn an toàn.",
    ),
)
BACKFILL = DagText(
    "Nạp lại các ngày đã qua của một nguồn",
    Bilingual("Backfills past days of a source", "Nạp lại các ngày đã qua theo kế hoạch"),
    Bilingual(
        "Loads past days of one source again and builds only the KPIs that they change. "
        "With *Plan only* it ends after `plan`, whose log lists windows, KPIs and days. Clearing "
        "is always safe: days that are published are not loaded again.",
        "Nạp lại dữ liệu các ngày đã qua của một nguồn và tính lại các chỉ tiêu liên quan. Nếu "
        "chọn *Chỉ lập kế hoạch*, lượt chạy dừng sau tác vụ `plan`; kế hoạch được ghi trong nhật "
        "ký của tác vụ này. Việc chạy lại tác vụ luôn an toàn: ngày đã nạp và công bố xong trong "
        "lượt chạy này không bị nạp thêm lần nữa.",
    ),
)
