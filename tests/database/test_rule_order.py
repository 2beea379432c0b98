"""Counts belong to their rule, in whatever order a suite has its rules."""

import unicodedata

import pytest
from msgspec.structs import replace

from dean06 import contract
from dean06.load import validate
from dean06.rules.suite import Suite, read_suite
from tests.lib.loading import load_source, rows

pytestmark = pytest.mark.usefixtures("warehouse", "compiled_here")
TASK = contract.load("programme").dataset("task")
HEADER = (
    "Mã nhiệm vụ;Mã tỉnh;Nhóm;Tên nhiệm vụ;Đơn vị chủ trì;Đơn vị phối hợp;Giai đoạn;Thời hạn;"
    "Ngày hoàn thành;Trạng thái;Tổng hợp;Cập nhật lúc"
)


def task(number: int, title: str = "Số hóa", owner: str = "so_y_te", group: str = "1") -> str:
    return (
        f"NV{number:02};82;{group};{title};{owner};;2022;31/10/2022;;chua_bat_dau;x;"
        "15/10/2022 16:30:00"
    )


def as_written(suite: Suite) -> Suite:
    return suite


def by_type(suite: Suite) -> Suite:
    """No two rules of a column beside each other that can be apart."""
    return replace(suite, expectations=tuple(sorted(suite.expectations, key=lambda r: r.type)))


@pytest.mark.parametrize("ordered", [as_written, by_type])
def test_a_count_is_that_of_its_rule_wherever_the_rule_stands(
    ordered: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Great Expectations puts the rules of a column together; the ledger has them as written."""
    assert callable(ordered)
    monkeypatch.setattr(validate, "read_suite", lambda _: ordered(read_suite(TASK)))
    apart = unicodedata.normalize("NFD", "Số hóa")
    tasks = [task(1, title=apart), task(2, title=apart), task(3, owner=""), task(4, group="7")]
    body = "\n".join([HEADER, *tasks]).encode()
    load_source("programme", "one", "2022-10-31", {"task": (body, len(tasks))})
    assert dict(
        rows(
            """select rule_code, sum(unexpected_count)::int from ops.validation_result
               where unexpected_count > 0 group by 1"""
        )
    ) == {"title_composed": 2, "owner_agency_present": 1, "group_code_known": 1}
    assert rows("select row_no, rule_codes from ops.quarantine order by 1") == [
        (4, ["owner_agency_present"]), (5, ["group_code_known"]),
    ]  # fmt: skip
