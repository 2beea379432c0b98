"""Ends that never come, and columns that a delivery no longer has, from the wire to core."""

import csv
import gzip
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from dean06.errors import ContractError
from tests.database.test_strangers_kinds import DOSSIER, page
from tests.lib import strangers
from tests.lib.loading import lines_of, load_source, rows
from tests.lib.strangers_accounts import ACCOUNT
from tests.lib.strangers_http import STRANGERS, sync
from tests.lib.strangers_sftp import drop, outbox

DAY = "2022-10-31"
CARD: dict[str, Any] = {
    "soThe": "TC0000000001", "soDinhDanh": "082190000001", "maHoSo": "CC000000000001",
    "maXa": "28249", "ngayCap": "2022-10-30", "ngayHetHan": None, "ngayThuHoi": None,
    "daXoa": False, "capNhatLuc": "2022-10-31T08:00:00+07:00",
}  # fmt: skip
TITLES = (
    "Mã nhiệm vụ;Mã tỉnh;Nhóm;Tên nhiệm vụ;Đơn vị chủ trì;Đơn vị phối hợp;Giai đoạn;Thời hạn;"
    "Ngày hoàn thành;Trạng thái;Tổng hợp;Cập nhật lúc"
)
TASK = "NV01;82;1;Nhiệm vụ;so_gddt;;2022;11/02/2023;{};dang_thuc_hien;x;28/06/2022 02:17:32"
NEVER = ["9999-12-31T23:59:59+07:00", "9999-12-31T23:59:59.9999999Z", "9999-12-31"]

pytestmark = pytest.mark.usefixtures("warehouse")


def police(dataset: str, *records: dict[str, Any]) -> None:
    load_source("police", "one", DAY, {dataset: (lines_of(records), len(records))})


@pytest.mark.parametrize("bulk", [0, 3000])
def test_an_account_that_is_never_locked_is_not_locked(bulk: int) -> None:
    ends = [*NEVER, None, *[None] * bulk]
    police(
        "eid_account",
        *({**ACCOUNT, "maTaiKhoan": f"E{n:011}", "khoaLuc": e} for n, e in enumerate(ends)),
    )
    assert strangers.rejected("police", "eid_account") == []
    assert rows("select count(*), count(locked_at) from core.police__eid_account") == [
        (len(ends), 0)
    ]


@pytest.mark.parametrize("bulk", [0, 3000])
def test_an_end_that_the_contract_does_not_list_is_for_rules_to_judge(bulk: int) -> None:
    never = [None] * bulk
    police(
        "id_card",
        *(
            {**CARD, "soThe": f"TC{n:010}", "ngayHetHan": end}
            for n, end in enumerate(["9999-12-31", "9999-01-01", "2036-09-19", *never])
        ),
    )
    assert strangers.rejected("police", "id_card") == [(2, ["expires_on_valid"], None, None)]
    assert rows(
        "select card_no, expires_on::text from core.police__id_card order by 1 limit 2"
    ) == [("TC0000000000", None), ("TC0000000002", "2036-09-19")]


def test_a_dossier_without_end_is_not_finished() -> None:
    never = "31/12/9999 23:59:59"
    ends = dict.fromkeys(("NgayHenTra", "NgayKetThucXuLy", "NgayTra"), never)
    strangers.portal(page(ends, {"NgayTra": "31/12/9999 23:00:00"}))
    assert rows(
        "select due_at is null, finished_at is null, returned_at is null from core.portal__dossier"
    ) == [(True, True, True)]
    assert strangers.rejected("portal", "dossier")[0][:2] == (
        2, ["returned_at_not_in_future", "returned_at_valid"],
    )  # fmt: skip
    assert set(ends) <= DOSSIER.keys()


def test_a_task_without_end_is_not_completed() -> None:
    body = f"{TITLES}\n{TASK.format('31/12/9999')}\n"
    strangers.programme(body.encode(), 1)
    assert rows("select completed_on from core.programme__task") == [(None,)]


def test_a_list_without_a_column_that_is_always_sent_is_held() -> None:
    fields = TASK.format("").split(";")
    titles = TITLES.split(";")
    place = titles.index("Ngày hoàn thành")
    body = ";".join(titles[:place] + titles[place + 1 :]) + "\n"
    body += ";".join(fields[:place] + fields[place + 1 :]) + "\n"
    with pytest.raises(ContractError) as raised:
        strangers.programme(body.encode(), 1)
    assert (
        "required field(s) completed_on (Ngày hoàn thành) of contract 1.3.0 are missing from "
        "every record of nhiem-vu" in str(raised.value)
    )


def test_an_account_whose_lock_has_another_name_now_is_held() -> None:
    renamed = {k: v for k, v in ACCOUNT.items() if k != "khoaLuc"} | {"khoa_luc": None}
    with pytest.raises(ContractError, match=r"locked_at \(khoaLuc\)"):
        police("eid_account", renamed)


def test_one_file_of_a_drop_without_a_column_is_held(tmp_path: Path) -> None:
    """The other file has it: what is missing is missing in one place only."""
    whole = gzip.decompress((STRANGERS / "33-upper-case-sha256" / "p1.csv.gz").read_bytes())
    lines = list(csv.reader(io.StringIO(whole.decode("utf-8-sig"))))
    place = lines[0].index("den_ngay")
    cut = "".join(",".join(line[:place] + line[place + 1 :]) + "\n" for line in lines).encode()
    packed = [gzip.compress(body, mtime=0) for body in (whole, cut)]
    files = [
        {
            "name": f"p{n}.csv.gz", "rows": 1, "bytes": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        for n, body in enumerate(packed, start=1)
    ]  # fmt: skip
    manifest = {"dataset": "participant", "revision": 1, "files": files}
    drop(tmp_path, DAY, json.dumps(manifest).encode(), p1=packed[0], p2=packed[1])
    with (
        outbox(tmp_path) as where,
        pytest.raises(
            ContractError, match=r"participates_to \(den_ngay\).*every record of 2022-10-31"
        ),
    ):
        sync(where, "insurance", "one", DAY)
