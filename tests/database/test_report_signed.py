"""What a chair looks for before signing the report: what was restated, what values are compared
with, which units are behind, which reading of a target is counted."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from dean06.kpi import family
from dean06.pack import content, document, span, write
from dean06.pack.block import Block
from dean06.warehouse import transaction
from tests.database.test_report_pack import annex, text_of_pdf, texts_of_word
from tests.lib.published import seen_by_bi

pytestmark = pytest.mark.usefixtures("warehouse")
OCTOBER = span.parse("2022-10")
ONLINE, ACCOUNTS, CARDS = "service.online_share", "eid.accounts", "id_card.eligible_with_dossier"
Number = tuple[str, int, int | None]
"""KPI, numerator, denominator."""


def published(
    day: str, *numbers: Number, unit: str = "82", breakdown: str = "", member: str = ""
) -> None:
    """Add values to the newest publication."""
    with transaction() as session:
        for code, numerator, denominator in numbers:
            session.run(
                """insert into mart.kpi_value
                       (publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code,
                        breakdown, member_code, numerator, denominator, value)
                   select max(publication_id), :day, :code, :version, :level, :unit, :breakdown,
                          :member, :numerator, :denominator, :value
                   from mart.kpi_publication""",
                day=day, code=code, version=family.versions()[code], unit=unit,
                level="province" if unit == "82" else "commune", breakdown=breakdown,
                member=member, numerator=numerator, denominator=denominator,
                value=numerator if denominator is None else numerator / denominator,
            )  # fmt: skip


def publication(day: str, *numbers: Number) -> None:
    """A further publication of a day, with totals of the province."""
    with transaction() as session:
        session.run(
            """insert into mart.kpi_publication (as_of_date, source_codes, reason)
               values (:day, '{portal}', 'test')""",
            day=day,
        )
    published(day, *numbers)


def late_records(code: str, count: int) -> None:
    """Why the newest publication restates a KPI."""
    with transaction() as session:
        session.run(
            """insert into mart.kpi_revision_cause (publication_id, kpi_code, cause, row_count)
               select max(publication_id), :code, 'late_rows', :count from mart.kpi_publication""",
            code=code, count=count,
        )  # fmt: skip


def blocks(language: Any = "vi") -> list[Block]:
    (figures,) = content.read(OCTOBER)
    return list(document.of(figures, language).blocks)


def texts() -> str:
    return "\n".join(block.text for block in blocks())


def table(first_column: str) -> list[tuple[str, ...]]:
    return [
        row for block in blocks() if block.header and block.header[0] == first_column
        for row in block.rows
    ]  # fmt: skip


def test_a_value_of_any_day_of_the_period_that_was_restated_is_listed(tmp_path: Path) -> None:
    """Also one that was published after the report's own day."""
    publication(
        "2022-10-24",
        (ONLINE, 887, 1000),
        (ACCOUNTS, 969, None),
        ("health.id_card_persons", 8, None),
    )
    publication("2022-10-31", (ONLINE, 701, 1000), (ACCOUNTS, 991, None))
    publication(
        "2022-10-24",
        (ONLINE, 888, 1000),
        (ACCOUNTS, 970, None),
        ("health.id_card_persons", 9, None),
    )
    late_records(ACCOUNTS, 1)
    (pack,) = write.write(OCTOBER, tmp_path)
    files = {file.suffix: file for file in pack.files}
    rows = {row[0]: row[1:5] for row in texts_of_word(files[".docx"]) if row[1] == "24/10/2022"}
    assert rows["Tỷ lệ hồ sơ trực tuyến"][:3] == ["24/10/2022", "88,7%", "88,8%"]
    assert rows["Tài khoản định danh điện tử"][:3] == ["24/10/2022", "969", "970"]
    assert "bản ghi gửi muộn" in rows["Tài khoản định danh điện tử"][3]
    assert len(rows) == 3, "a KPI that the report's day lacks is restated too"
    told = {row["Mã"]: row for row in annex(files[".xlsx"], "Điều chỉnh")}
    assert (told[ACCOUNTS]["Trước điều chỉnh"], told[ACCOUNTS]["Sau điều chỉnh"]) == (969, 970)
    pdf = text_of_pdf(files[".pdf"])
    assert "trong 3 lần công bố của 2 ngày từ 24/10/2022 đến 31/10/2022" in pdf
    assert "Có 3 số liệu của 1 ngày được điều chỉnh." in pdf


def test_a_kpi_that_the_reports_day_lacks_is_looked_up_once() -> None:
    """However many of its values were restated."""
    for day in ("2022-10-24", "2022-10-25", "2022-10-26"):
        publication(day, ("health.id_card_persons", 8, None))
        publication(day, ("health.id_card_persons", 9, None))
    publication("2022-10-31", (ACCOUNTS, 991, None))
    asked: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        asked.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        (figures,) = content.read(OCTOBER)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(figures.restated) == 3
    assert sum(each.startswith("select * from mart.kpi_definition") for each in asked) == 1


def test_of_many_causes_the_report_names_the_main_ones_and_the_annex_all(tmp_path: Path) -> None:
    publication("2022-10-24", (ACCOUNTS, 969, None))
    publication("2022-10-31", (ACCOUNTS, 991, None))
    publication("2022-10-24", (ACCOUNTS, 970, None))
    causes = [
        ("corrected_rows", "police.eid_account", 14), ("late_rows", "police.eid_account", 9),
        ("late_rows", "police.resident", None),
    ]  # fmt: skip
    with transaction() as session:
        for cause, dataset, count in causes:
            session.run(
                """insert into mart.kpi_revision_cause
                   select max(publication_id), :code, :cause, :dataset, cast(:count as int)
                   from mart.kpi_publication""",
                code=ACCOUNTS, cause=cause, dataset=dataset, count=count,
            )  # fmt: skip
    (pack,) = write.write(OCTOBER, tmp_path)
    files = {file.suffix: file for file in pack.files}
    (told,) = [row[4] for row in texts_of_word(files[".docx"]) if row[1] == "24/10/2022"]
    accounts = "Tài khoản định danh điện tử"
    first = f"bản ghi được chỉnh sửa ({accounts}: 14); bản ghi gửi muộn ({accounts}: 9)"
    assert told == f"{first}; 1 lý do khác"
    (annexed,) = annex(files[".xlsx"], "Điều chỉnh")
    assert f"{first}; bản ghi gửi muộn (Nhân khẩu: số lượng nhỏ)" in annexed.values()
    ((english, *others),) = seen_by_bi(
        "select causes_en, causes_vi, name_vi, unit_name from mart.kpi_revision"
    )
    assert english.endswith("; late records (Resident: small count)")
    whole = f"{first}; bản ghi gửi muộn (Nhân khẩu: số lượng nhỏ)"
    assert others == [whole, accounts, "Tỉnh Tiền Giang"]


def test_what_was_looked_at_is_said_where_nothing_was_restated() -> None:
    publication("2022-10-31", (ACCOUNTS, 991, None))
    assert "trong 1 lần công bố của ngày 31/10/2022" in texts()
    assert "Không có số liệu nào của các ngày này được điều chỉnh." in texts()


def test_without_a_previous_period_a_day_a_week_back_is_compared_with() -> None:
    publication("2022-10-20", (ACCOUNTS, 900, None))
    publication("2022-10-24", (ACCOUNTS, 970, None))
    publication("2022-10-27", (ACCOUNTS, 980, None))
    publication("2022-10-31", (ACCOUNTS, 991, None))
    (found,) = [block for block in blocks() if block.header[:1] == ("Chỉ tiêu",)]
    assert found.header[4] == "So với ngày 24/10/2022"
    assert [row[4] for row in found.rows] == ["+21"]
    assert "nên báo cáo so sánh với ngày 24/10/2022" in texts()


def test_without_any_day_to_compare_with_one_sentence_says_so(tmp_path: Path) -> None:
    publication("2022-10-27", (ACCOUNTS, 980, None))
    publication("2022-10-31", (ACCOUNTS, 991, None))
    (found,) = [block for block in blocks() if block.header[:1] == ("Chỉ tiêu",)]
    assert len(found.header) == len(found.rows[0]) == len(found.widths) == 5
    assert texts().count("Báo cáo không so sánh với kỳ trước") == 1
    (pack,) = write.write(OCTOBER, tmp_path)
    (row,) = annex(pack.files[2], "Chỉ tiêu")
    assert not [name for name in row if name.startswith("So với")]


@pytest.mark.parametrize(
    ("worst", "expected"),
    [
        (3, [("1", "66,7% (2.000/3.000)"), ("1", "66,7% (2.000/3.000)"),
             ("1", "66,7% (2.000/3.000)"), ("4", "75,0% (3.000/4.000)")]),
        (11, []),
    ],
)  # fmt: skip
def test_only_communes_below_the_target_are_listed(
    worst: int, expected: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    publication("2022-10-03", (CARDS, 893, 1000))
    publication("2022-10-31", (CARDS, 894, 1000))
    codes = [
        code
        for (code,) in seen_by_bi(
            """select unit_code from mart.dim_admin_unit
               where unit_level = 'commune' and province_code = '82' and valid_from <= '2022-10-31'
                   and (valid_to is null or valid_to > '2022-10-31') order by unit_code"""
        )
    ]
    for at, code in enumerate(codes):
        number = (20, 30) if at < worst else (30, 40) if at == worst else (30, 30)
        scaled = (each * 100 for each in number)
        published("2022-10-31", (CARDS, *scaled), unit=code)
    rows = table("Hạng")
    assert [(row[0], row[3]) for row in rows] == expected
    assert f"{worst + 1} xã chưa đạt mục tiêu trong số {len(codes)} xã có số liệu" in texts()
    assert "Số liệu của cấp xã được làm tròn đến bội số của 10" in texts()
    level = "Do số liệu được làm tròn, 11 xã có thể cùng ở mức thấp nhất nên không nêu tên"
    assert (level in texts()) == (worst > 10)


def test_no_commune_is_named_that_rounding_may_have_put_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """0 of 10 may be 9 of 11, and 10 of 20 may be 1 of 29."""
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    publication("2022-10-03", (CARDS, 893, 1000))
    publication("2022-10-31", (CARDS, 894, 1000))
    communes = ("28249", "28252", "28255", "28258", "28261", "28264", "28267")
    for at, code in enumerate(communes):
        published("2022-10-31", (CARDS, *((10, 20) if at else (0, 10))), unit=code)
    assert table("Hạng") == []
    assert "7 xã có thể cùng ở mức thấp nhất nên không nêu tên; xem phụ lục" in texts()


def test_agencies_with_tasks_due_done_on_time_and_overdue() -> None:
    publication("2022-10-31", (ACCOUNTS, 991, None))
    for owner, tasks, due, done in (("so_y_te", 9, 4, 3), ("cong_an_tinh", 5, 0, 0)):
        published("2022-10-31", ("programme.tasks", tasks, None), breakdown="owner", member=owner)
        if due:
            published(
                "2022-10-31", ("programme.tasks_on_time", done, due),
                breakdown="owner", member=owner,
            )  # fmt: skip
    first, second = table("Đơn vị")
    assert first[1:6] == ("9", "4", "3", "1", "75,0%")
    assert second[1:6] == ("5", "0", "0", "0", "chưa có nhiệm vụ đến hạn")


def test_both_readings_of_a_target_are_shown_and_which_one_is_counted() -> None:
    publication(
        "2022-10-31", ("eid.accounts_new_month", 99, None),
        ("eid.accounts_before_month", 892, None),
        ("population.permanent_residents", 20938, None),
    )  # fmt: skip
    rows = table("Chỉ tiêu (xếp từ chậm nhất)")
    assert [row[2].split(" đến")[0] for row in rows] == ["≥ 1.046,9", "≥ 44,6"]
    assert rows[0][0].endswith("(cách hiểu A)")
    assert rows[1][0].endswith("(cách hiểu B)")
    assert rows[1][3] == "Đạt (không tính)"
    assert (
        "chỉ được tính một lần, theo mục tiêu “Tài khoản mới mỗi tháng bằng 5% số công dân "
        "(cách hiểu A)”; "
        "không tính theo mục tiêu “Số tài khoản mỗi tháng tăng 5% (cách hiểu B)”." in texts()
    )
    assert "Số chỉ tiêu có mục tiêu: 1." in texts()


def test_a_simulation_is_called_one(monkeypatch: pytest.MonkeyPatch) -> None:
    publication("2022-10-31", (ACCOUNTS, 991, None))
    assert "mô phỏng" not in texts()
    monkeypatch.setenv("DEAN06_TARGET_SCALE", "0.01")
    told = "Dữ liệu mô phỏng, quy mô 1/100, mục tiêu thu nhỏ theo cùng tỷ lệ."
    assert told in texts()
