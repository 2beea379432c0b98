"""Programme: its list of tasks comes out as KPIs worked out by hand."""

import pytest

from dean06 import contract
from dean06.kpi.build import build_kpis
from dean06.load import ledger
from tests.lib.loading import books, load_source, rows
from tests.lib.published import values

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
TITLES = (
    "Mã nhiệm vụ;Mã tỉnh;Nhóm;Tên nhiệm vụ;Đơn vị chủ trì;Đơn vị phối hợp;Giai đoạn;Thời hạn;"
    "Ngày hoàn thành;Trạng thái;Tổng hợp;Cập nhật lúc"
)
TASKS = [
    "NV01;82;1;A;ca_tinh;so_y_te, bhxh;2022;15/10/2022;15/10/2022;hoan_thanh;x;16/10/2022 08:00:00",
    "NV02;82;1;Hai;so_y_te;;2022;20/10/2022;21/10/2022;hoan_thanh;x;21/10/2022 08:00:00",
    "NV03;82;5;Ba;so_y_te;;2030;30/11/2022;;dang_thuc_hien;x;10/01/2022 08:00:00",
    "NV04;82;2;Bốn;so_y_te;;2023-2025;31/10/2022;;dang_thuc_hien;x;25/10/2022 08:00:00",
]


def load_programme(run: str, day: str, tasks: list[str]) -> None:
    """One run of the programme with these lines."""
    body = "\ufeff" + "".join(f"{line}\r\n" for line in (TITLES, *tasks))
    load_source("programme", run, day, {"task": (body.encode(), len(tasks))})


def test_tasks_by_owner_group_and_phase() -> None:
    bad = "NV05;99;6; ;;;2031;31/02/2022;1/1/22;xong;;31/10/2022"
    load_programme("one", DAY, [*TASKS, bad])
    assert rows("select rule_codes from ops.quarantine") == [
        ([
            "completed_on_valid", "deadline_valid", "group_code_known", "owner_agency_present",
            "phase_known", "province_code_known", "task_status_known", "updated_at_valid",
        ],)
    ]  # fmt: skip
    assert rows(
        "select partner_agencies, is_synthetic, counts_from::text from core.programme__task"
        " where task_id < 'NV04' order by task_id"
    ) == [
        (["so_y_te", "bhxh"], True, "2022-10-15"),
        (None, True, "2022-10-20"),
        (None, True, "2022-01-10"),
    ]
    build_kpis()
    assert values("programme.tasks") == {
        "82": (4, None), "owner:ca_tinh": (1, None), "owner:so_y_te": (3, None),
        "group:1": (2, None), "group:2": (1, None), "group:5": (1, None),
        "phase:2022": (2, None), "phase:2023-2025": (1, None), "phase:2030": (1, None),
    }  # fmt: skip
    assert values("programme.tasks_on_time") == {
        "82": (1, 3), "owner:ca_tinh": (1, 1), "owner:so_y_te": (0, 2),
    }  # fmt: skip
    assert rows(
        """select unit_level, count(*) from mart.kpi_latest
           where kpi_code = 'programme.tasks' and breakdown in ('', 'group')
               and boundary_version = 'as_reported' group by 1"""
    ) == [("province", 6)]


def test_an_owner_typed_as_text_is_published_as_other() -> None:
    load_programme("one", DAY, [TASKS[2].replace("so_y_te", "Nguyễn Văn Thử: 0821")])
    build_kpis()
    assert values("programme.tasks") == {
        "82": (1, None), "owner:khac": (1, None), "group:5": (1, None), "phase:2030": (1, None),
    }  # fmt: skip


def test_the_whole_list_again_changes_only_what_changed_and_restates_past_days() -> None:
    load_programme("one", DAY, TASKS)
    build_kpis()
    done = TASKS[3].replace("dang_thuc_hien", "hoan_thanh").replace(";;hoan", ";31/10/2022;hoan")
    done = done.replace("25/10/2022 08", "02/11/2022 08")
    new = "NV05;82;3;Năm;so_y_te;;2022;01/12/2022;;chua_bat_dau;x;02/11/2022 09:00:00"
    load_programme("two", "2022-11-02", [*TASKS[:3], done, new])
    load = ledger.current_load(contract.load("programme").dataset("task"), "two")
    counts = books(load)
    assert (counts["unchanged"], counts["updated"], counts["inserted"]) == (3, 1, 1)
    build_kpis()
    assert values("programme.tasks_on_time")["82"] == (2, 3)
    assert values("programme.tasks")["82"] == (4, None)
    assert values("programme.tasks", "2022-11-02")["82"] == (5, None)
