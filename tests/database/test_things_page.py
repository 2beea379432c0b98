"""The page that lists the records behind a number: for stewards, by POST, written down before."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dean06.kpi import family, things
from dean06.kpi.build import build_kpis
from dean06.ui import access
from tests.conftest import Cluster
from tests.lib import counted_things
from tests.lib.counted_things import MOVED, YEAR_ALONE
from tests.lib.loading import rows
from tests.lib.pages import Person, pages_for

pytestmark = pytest.mark.usefixtures("published")
KPI = "population.permanent_residents"
PAGE = f"/kpis/{KPI}"
WHY = "đối chiếu với công an xã"


@pytest.fixture(scope="module")
def published(cluster: Cluster, migrated: str) -> Iterator[None]:
    """A hand-made province, published."""
    with cluster.copy(migrated):
        counted_things.load_all()
        counted_things.reach("2022-10-31")
        build_kpis()
        yield


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The pages; ``lan`` is a steward, and ``client.person.name`` says who asks."""
    who = Person("lan")
    pages = pages_for(monkeypatch, who, ("lan",))
    client: Any = TestClient(pages._pages, follow_redirects=False)
    client.person = who
    return client


def sent(client: Any, place: str = "province|82||", **changes: Any) -> Any:
    form = {
        "publication_id": 1, "boundaries": "as_reported", "place": place, "reason": WHY,
        "form_token": access.form_token(client.person),
    }  # fmt: skip
    return client.post(f"{PAGE}/things", data=form | changes, params={"lang": "en"})


def readings() -> list[Any]:
    return rows("select reader, reason, unit_code, page_no from ops.value_read order by read_id")


def test_a_steward_lists_the_records_and_that_is_written_down(client: Any) -> None:
    shown = client.get(PAGE, params={"lang": "en"}).text
    assert 'value="province|82||"' in shown
    assert MOVED not in shown
    before = readings()
    answer = sent(client)
    assert answer.status_code == 200
    assert MOVED in answer.text
    assert YEAR_ALONE in answer.text
    assert WHY in answer.text
    assert family.name_of(KPI).en in answer.text
    assert "Tiền Giang province" in answer.text
    assert readings() == [*before, ("lan", WHY, "82", 1)]


def test_pages_follow_each_other_and_each_is_written_down(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(things, "PAGE", 3)
    assert 'name="page_no" value="2"' in sent(client).text
    assert 'name="page_no" value="1"' in sent(client, page_no=2).text
    assert [row[3] for row in readings()[-2:]] == [1, 2]


def test_nobody_else_lists_anything(client: Any) -> None:
    client.person.name = "binh"
    before = readings()
    assert "|82||" not in client.get(PAGE).text
    assert sent(client).status_code == 403
    client.person.name = "lan"
    assert sent(client, form_token="").status_code == 403
    assert readings() == before


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"reason": "x"}, 400, "a reason of at least"),
        ({"place": "province|01||"}, 400, "this value is not published"),
        ({"place": "x" * 201}, 400, ""),
        ({"boundaries": "next"}, 400, ""),
        ({"page_no": 0}, 400, ""),
    ],
)
def test_what_cannot_be_listed_is_said(
    client: Any, changes: dict[str, Any], status: int, said: str
) -> None:
    answer = sent(client, **changes)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert MOVED not in answer.text


def test_the_list_has_no_address(client: Any) -> None:
    answer = client.get(f"{PAGE}/things")
    assert (answer.status_code, answer.headers["location"]) == (307, PAGE)
