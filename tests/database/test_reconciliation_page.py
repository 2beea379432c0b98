"""The page of the reconciliation with the national portal: counts for everybody, no dossier."""

import re
from datetime import date

import pytest
from fastapi import HTTPException, Request
from fastapi.testclient import TestClient

from dean06.agencies import reconciliation
from dean06.errors import WarehouseError
from dean06.ui import application, reading
from dean06.ui import reconciliation as page_of
from dean06.ui.access import Reader
from tests.lib.loading import load_source, rows
from tests.lib.national import AGREES, PLANTS, Planted, deliveries, expected_kinds, load_plan
from tests.lib.pages import Login, Person, pages_for

pytestmark = pytest.mark.usefixtures("warehouse", "lists_root")
DAY = date(2022, 10, 31)
PLAN = [
    Planted(number, 7 + number % 2, number // 2, plant)
    for number, plant in enumerate([*PLANTS, *PLANTS, *[AGREES] * 10])
]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The pages, as somebody who may see them and is no steward."""
    return TestClient(pages_for(monkeypatch, Person("lan")), follow_redirects=False)


def read(day: date | None = None, month: date | None = None) -> page_of.Reconciliation:
    with reading.warehouse() as session:
        return page_of.read(session, day, month)


def test_counts_of_the_page_are_those_of_the_reconciliation() -> None:
    load_plan(PLAN)
    made = reconciliation.write_day(DAY)
    found = read()
    kinds = {kind.kind: count for kind, count in found.kinds.items() if count}
    assert kinds == made.kinds == {k: len(c) for k, c in expected_kinds(PLAN).items()}
    for lines in (found.months, found.procedures):
        for line in lines:
            assert line.national - line.explained - line.unexplained == line.province
    assert sum(line.kinds.total() for line in found.months) == sum(kinds.values())
    assert [line.row.period_month.month for line in found.months] == [7, 8, 9]
    assert found.month == date(2022, 8, 1), "the last month with a difference"
    assert read(month=date(2022, 7, 1)).month == date(2022, 7, 1)
    assert read(month=date(1999, 7, 1)).month == found.month
    assert read(day=date(1999, 7, 1)).made is None


def test_everybody_who_sees_pages_sees_counts_and_no_dossier(client: TestClient) -> None:
    load_source("portal", "one", str(DAY), deliveries(PLAN, DA06_06=3))
    reconciliation.write_day(DAY)
    texts = {
        "vi": ("Đối soát với Cổng Dịch vụ công quốc gia", "Chưa giải thích được", "31/10/2022"),
        "en": ("Reconciliation with the national portal", "Unexplained", "Listed twice"),
    }
    codes = [code for (code,) in rows("select dossier_code from core.portal__national_dossier")]
    lines = [code for (code,) in rows("select entry_code from core.portal__national_dossier")]
    for language, expected in texts.items():
        answer = client.get(f"/quality/reconciliation?lang={language}&month=2022-07-01")
        assert answer.status_code == 200
        assert [text for text in expected if text not in answer.text] == []
        assert 'badge bad">3<' in answer.text
        assert [code for code in (*codes, *lines) if code in answer.text] == []
    english = client.get("/quality/reconciliation?lang=en").text
    assert not re.search(r"[àáạảãâầấậẩẫăèéẹẻẽêềếệểễìíịỉĩòóọỏõôơùúụủũưỳýđ]", _main(english))


def _main(text: str) -> str:
    return text.split("<main", 1)[1]


def test_without_a_reconciliation_the_page_says_what_to_run(client: TestClient) -> None:
    assert "reconcile_portal" in client.get("/quality/reconciliation?lang=vi").text


@pytest.mark.parametrize("query", ["day=2022-13-01", "month=xyzzy", "day=%00"])
def test_a_day_that_is_none_is_refused_without_repeating_it(client: TestClient, query: str) -> None:
    answer = client.get(f"/quality/reconciliation?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[2] not in _main(answer.text)


def test_who_may_not_see_pages_sees_nothing() -> None:
    class Closed(Login):
        async def reader(self, _: Request) -> Reader:
            raise HTTPException(403, "no")

    assert (
        TestClient(application.create(Closed(Person("lan"), ())))
        .get("/quality/reconciliation")
        .status_code
        == 403
    )


def test_the_role_of_pages_reads_no_dossier() -> None:
    load_plan(PLAN[:2])
    reconciliation.write_day(DAY)
    assert read().made is not None
    with pytest.raises(WarehouseError, match="42501"), reading.warehouse() as session:
        session.run("select * from core.portal_difference_at(now())")
