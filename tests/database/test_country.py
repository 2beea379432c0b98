"""The country: what provinces have signed comes in, is added, and nothing else does."""

import csv
import html
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.testclient import TestClient

import verify
from dean06 import contract, settings
from dean06.dags import factory
from dean06.errors import AuditError, ContractError, Dean06Error
from dean06.kpi.build import build_kpis
from dean06.kpi.family import families
from dean06.proof import keys, signing
from dean06.warehouse import transaction
from dean06.watch import problems
from tests.conftest import Cluster
from tests.lib import api
from tests.lib.forged import changed, edit
from tests.lib.loading import rows
from tests.lib.pages import Person, pages_for
from tests.lib.signing_provinces import DAY, Signing, country, later, load, place_of, take

NOTHING = "2:" + "0" * 64
RESIDENTS, TASKS = "population.permanent_residents", "programme.tasks"
PARTICIPANTS, VERIFIED = "insurance.participants", "insurance.verified_share"
ACCOUNTS = "eid.accounts"
KEYS = {"east": "82", "north": "34", "west": "87"}
"""Tiền Giang, Thái Bình, Đồng Tháp: the first and the last are one province since July 2025."""


@pytest.fixture(scope="module")
def national(cluster: Cluster) -> Iterator[str]:
    """A national warehouse to be copied."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEAN06_LEVEL", "country")
        yield cluster.migrated()


@pytest.fixture
def provinces(
    national: str,
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    signed_folder: Path,
) -> Iterator[dict[str, Signing]]:
    """Three provinces that have each published a day, and a country that has loaded nothing."""
    del signed_folder
    monkeypatch.setenv("DEAN06_LEVEL", "country")
    monkeypatch.setenv("DEAN06_COUNTRY_PROVINCES", " ".join(KEYS))
    monkeypatch.setenv("DEAN06_LANDING", (tmp_path / "landing").as_uri())
    found = {key: Signing(key, code, tmp_path / key) for key, code in KEYS.items()}
    for number, each in enumerate(found.values(), start=1):
        each.publish(
            {
                RESIDENTS: 100 * number,
                PARTICIPANTS: 90 * number,
                VERIFIED: (80 * number, 90 * number),
                ACCOUNTS: 7 * number,
                TASKS: 50,
                f"{TASKS}/group/1": 10,
            }
        )
    with cluster.copy(national):
        yield found


def place(provinces: dict[str, Signing]):  # type: ignore[no-untyped-def]
    return place_of(provinces.values())


def test_additive_values_are_the_sum_of_the_provinces(provinces: dict[str, Signing]) -> None:
    assert [str(built.day) for built in take(place(provinces))] == [DAY]
    for boundaries in ("as_reported", "current"):
        found = country(boundaries=boundaries)
        assert found["VN", RESIDENTS] == 100 + 200 + 300
        assert found["VN", VERIFIED] == (80 + 160 + 240, 90 + 180 + 270)
        assert found["VN", f"{TASKS}/group/1"] == 30
        assert found["VN", PARTICIPANTS] == "not_additive"
        assert found["VN", "id_card.cards_issued"] == "province_missing"
    of_province = country(level="province")
    assert [of_province[code, RESIDENTS] for code in ("82", "34", "87")] == [100, 200, 300]
    assert of_province["82", PARTICIPANTS] == 90
    (share,) = rows(
        """select value from mart.kpi_latest where unit_level = 'country' and kpi_code = :code
           and boundary_version = 'as_reported'""",
        code=VERIFIED,
    )
    assert round(float(share[0]), 6) == round(480 / 540, 6)


def test_provinces_that_became_one_are_one_on_current_boundaries(
    provinces: dict[str, Signing],
) -> None:
    take(place(provinces))
    found = country(level="province", boundaries="current")
    assert {unit for unit, _ in found} == {"33", "82"}  # Hưng Yên and Đồng Tháp
    assert found["82", RESIDENTS] == 100 + 300
    assert found["82", PARTICIPANTS] == "not_additive"
    assert found["33", RESIDENTS] == 200
    assert found["33", PARTICIPANTS] == 180
    parts = rows(
        """select unit_level, unit_code, part_codes from mart.kpi_value
           where boundary_version = 'current' and kpi_code = :code""",
        code=RESIDENTS,
    )
    assert {(level, unit): each for level, unit, each in parts} == {
        ("province", "82"): None,  # all of it
        ("province", "33"): ["34"],
        ("country", "VN"): ["34", "82", "87"],
    }


def test_a_sum_with_a_hidden_value_is_hidden_and_tells_no_province(
    provinces: dict[str, Signing],
) -> None:
    provinces["north"].publish({RESIDENTS: 200, ACCOUNTS: "hidden"})
    take(place(provinces))
    assert country()["VN", ACCOUNTS] == "hidden"
    assert country(level="province")["34", ACCOUNTS] == "hidden"
    assert country(level="province", boundaries="current")["82", ACCOUNTS] == 7 + 21
    numbers = rows(
        """select numerator from mart.kpi_value where kpi_code = :code and is_suppressed""",
        code=ACCOUNTS,
    )
    assert {number for (number,) in numbers} == {None}


def test_every_sum_is_of_numbers_alone(provinces: dict[str, Signing]) -> None:
    """Every additive KPI, with a count, a suppressed one, none or no row of each province by
    chance; what the country says is read again from what they have signed."""
    drawn = random.Random(67)
    codes = [kpi.code for f in families() for kpi in f.kpis if kpi.additivity == "additive"]
    shown: dict[str, dict[str, int | str]] = {key: {} for key in provinces}
    for code, values in product(codes, shown.values()):
        value = drawn.choice(
            [drawn.randrange(5, 900), 7, "hidden", "source_missing", "no_records", ""]
        )
        if value != "":
            values[code] = value
    for key, province in provinces.items():
        province.publish(shown[key])
    take(place(provinces))
    ranks = ("", "source_missing", "no_records", "hidden")
    for boundaries, unit, parts in (
        ("as_reported", "VN", list(KEYS)),
        ("current", "VN", list(KEYS)),
        ("current", "82", ["east", "west"]),
    ):
        level = "country" if unit == "VN" else "province"
        found = country(level=level, boundaries=boundaries)
        for code in codes:
            told = [shown[key].get(code, "") for key in parts]
            reasons = [value for value in told if isinstance(value, str)]
            worst = min(reasons, key=ranks.index) if reasons else None
            expected = sum(value for value in told if isinstance(value, int))
            assert found[unit, code] == (
                expected if worst is None else worst or "province_missing"
            ), (code, told)


def test_missing_is_not_zero(provinces: dict[str, Signing]) -> None:
    provinces["west"].publish({RESIDENTS: 300, ACCOUNTS: "source_missing", VERIFIED: (0, 0)})
    one = {key: each for key, each in provinces.items() if key != "north"}
    take(place(one))
    found = country()
    assert found["VN", RESIDENTS] == "province_missing"
    take(place(provinces))
    found = country()
    assert found["VN", RESIDENTS] == 600
    assert found["VN", ACCOUNTS] == "source_missing"
    assert found["VN", VERIFIED] == (80 + 160, 90 + 180)
    reasons = rows("select reason from mart.kpi_publication order by publication_id")
    assert [reason for (reason,) in reasons] == [
        "first publication of the day",
        "late or corrected records",
    ]


def test_values_of_another_definition_are_not_added(provinces: dict[str, Signing]) -> None:
    north = provinces["north"]
    north.bodies[1] = changed(
        north.bodies[1],
        lambda head: next(d for d in head["definitions"] if d[0] == RESIDENTS).__setitem__(
            2, NOTHING
        ),
    )
    north.sign()
    take(place(provinces))
    assert country()["VN", RESIDENTS] == "definitions_differ"
    assert country(level="province")["34", RESIDENTS] == "definitions_differ"
    assert country()["VN", ACCOUNTS] == 7 + 14 + 21


def test_a_restated_day_is_restated_and_the_same_again_changes_nothing(
    provinces: dict[str, Signing],
) -> None:
    take(place(provinces))
    assert take(place(provinces), later(DAY, 1)) == []
    provinces["east"].publish({RESIDENTS: 101})
    provinces["east"].publish({RESIDENTS: 5}, later(DAY, 1))
    assert len(take(place(provinces), later(DAY, 2))) == 2
    assert country()["VN", RESIDENTS] == 101 + 200 + 300
    assert country(later(DAY, 1))["VN", RESIDENTS] == "province_missing"
    assert rows("select count(*) from mart.kpi_publication") == [(3,)]


def test_its_own_publications_are_signed_and_add_up_for_whoever_has_the_files(
    provinces: dict[str, Signing], signed_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By files alone: the country's value is the sum of what the provinces' files say."""
    take(place(provinces))
    signing.sign_due()
    keys.write_public(keys.newest(), signed_folder.parent / "country.pem")
    words = [str(signed_folder), "--key", str(signed_folder.parent / "country.pem")]
    assert verify.main(words) == 0
    assert "GENUINE: 1 publications" in capsys.readouterr().out
    theirs = [each.folder / "publications/000001.csv" for each in provinces.values()]
    counted = sum(
        int(row["numerator"])
        for path in theirs
        for row in _read(path)
        if (row["kpi_code"], row["boundary_version"]) == (RESIDENTS, "as_reported")
    )
    (own,) = [
        row
        for row in _read(signed_folder / "publications/000001.csv")
        if (row["unit_level"], row["kpi_code"]) == ("country", RESIDENTS)
        and row["boundary_version"] == "as_reported"
    ]
    assert int(own["numerator"]) == counted == 600


def _read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()[1:]))


def test_pages_and_api_show_the_country_first(
    provinces: dict[str, Signing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same pages, the same API: a unit more."""
    provinces["east"].publish({RESIDENTS: 101, ACCOUNTS: "hidden"})
    take(place(provinces))
    client = TestClient(pages_for(monkeypatch, Person("lan")), follow_redirects=False)
    pages = {path: client.get(path) for path in ("/kpis", f"/kpis/{RESIDENTS}", "/quality")}
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 200)
    for path in ("/kpis", f"/kpis/{RESIDENTS}"):
        text = html.unescape(pages[path].text)
        assert "Cả nước" in text
        assert "601" in text
    of_province = html.unescape(client.get("/kpis?level=province&unit=34").text)
    assert "Tỉnh Thái Bình" in of_province
    with api.served() as url:
        program = api.Program(url)
        found = {row["kpi_code"]: row for row in program.all("/values", level="country", day=DAY)}
    assert found[RESIDENTS]["numerator"] == 601
    assert found[RESIDENTS]["unit_name"] == "Cả nước"
    assert found[ACCOUNTS]["missing_reason"] == "hidden"


def test_a_country_has_the_dags_and_problems_of_its_one_source(
    provinces: dict[str, Signing], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert factory.sync_dag("publications").dag_id == "sync_publications"
    assert factory.kpi_dag().dag_id == "build_kpis"
    of_provinces = (
        factory.identity_dag, factory.agency_lists_dag, factory.reconciliation_dag,
        factory.kpi_proof_dag,
    )  # fmt: skip
    assert {make() for make in of_provinces} | {factory.sync_dag("police")} == {None}
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", DAY)
    take(place(provinces))
    for hours, expected in ((27, []), (60, ["stale:publications"])):
        moment = settings.start_of(date.fromisoformat(DAY)) + timedelta(hours=hours)
        with transaction() as session:
            assert [problem.key for problem in problems.detect(session, moment)] == expected
    monkeypatch.setenv("DEAN06_LEVEL", "province")
    assert factory.sync_dag("publications") is None
    assert "publications" not in contract.known()


def twice_under_one_number(east: Signing) -> None:
    """The same number again, with other values: the log is another one."""
    east.bodies[1] = east.body(1, {RESIDENTS: 999})
    east.sign()


def a_second_file(east: Signing) -> None:
    path = east.folder / "publications/000002.csv"
    shutil.copy(path, path.with_name("0000002.csv"))


def out_of_order(east: Signing) -> None:
    east.bodies[2] = changed(east.bodies[2], lambda head: head.__setitem__("publication", 3))
    east.sign()


def a_gap(east: Signing) -> None:
    east.publish({RESIDENTS: 103}, later(DAY, 2))
    for path in east.folder.glob("*/000002*"):
        path.unlink()


def another_key(east: Signing) -> None:
    east.private = Ed25519PrivateKey.generate()
    east.sign()


def another_head(east: Signing) -> None:
    first, second = (next(east.folder.glob(f"heads/00000{n}-*")) for n in (1, 2))
    shutil.copy(first, second)


def another_province(east: Signing) -> None:
    east.bodies[2] = east.bodies[2].replace(b"province,82", b"province,34")
    east.sign()


def deleted(east: Signing) -> None:
    for path in east.folder.glob("*/*"):
        path.unlink()


def edited(east: Signing) -> None:
    edit(east.folder / "publications/000002.csv", ",102,", ",103,")


ATTACKS: dict[str, tuple[Callable[[Signing], object], str]] = {
    "a file is edited": (edited, "publication 2: its file is not the one that was published"),
    "signed by an unknown key": (another_key, "which is not one of the keys that you gave"),
    "a proof for another head": (another_head, "it signs another history"),
    "out of order": (out_of_order, "publication 2: out of order"),
    "a gap": (a_gap, "publication 3: out of order"),
    "a number twice": (twice_under_one_number, "publication 1 differs"),
    "a second file of a number": (
        a_second_file,
        "publications/0000002.csv: not a file of the signed publications",
    ),
    "everything is gone": (deleted, "the folder has no publications"),
    "a unit of another province": (another_province, "publication 2: it has a value for a unit"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_bad_input_is_refused_by_name_and_nothing_of_it_comes_in(
    name: str, provinces: dict[str, Signing]
) -> None:
    attack, said = ATTACKS[name]
    take(place(provinces))
    before = (country(), country(level="province"), rows("select count(*) from ops.watermark"))
    true_key = place(provinces)
    provinces["east"].publish({RESIDENTS: 102}, later(DAY, 1))
    provinces["west"].publish({RESIDENTS: 302}, later(DAY, 1))
    attack(provinces["east"])
    with pytest.raises(ContractError) as refused:
        load(true_key, later(DAY, 1))
    assert "\n" not in str(refused.value)
    assert "east: " in str(refused.value)
    assert said in str(refused.value)
    assert build_kpis() == []
    assert rows("select max(as_of_date) from core.publications__province_value")[0][0] is not None
    assert str(rows("select max(as_of_date) from core.publications__province_value")[0][0]) == DAY
    after = (country(), country(level="province"), rows("select count(*) from ops.watermark"))
    assert after == before
    # Without it the others go on, and what needs it is missing.
    others = {key: each for key, each in provinces.items() if key != "east"}
    take(place(others), later(DAY, 1))
    assert country(later(DAY, 1))["VN", RESIDENTS] == "province_missing"
    assert country(later(DAY, 1), "province")["87", RESIDENTS] == 302


def test_a_province_that_was_refused_goes_on_when_it_is_genuine_again(
    provinces: dict[str, Signing],
) -> None:
    take(place(provinces))
    east = provinces["east"]
    east.publish({RESIDENTS: 102}, later(DAY, 1))
    edited(east)
    with pytest.raises(ContractError):
        load(place(provinces), later(DAY, 1))
    east.sign()
    assert [str(built.day) for built in take(place(provinces), later(DAY, 1))] == [later(DAY, 1)]
    assert country(later(DAY, 1), "province")["82", RESIDENTS] == 102


def test_what_the_connection_says_wrongly_is_refused(
    provinces: dict[str, Signing], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ContractError, match="assigns code 34 to both east and north"):
        load(place_of(provinces.values(), east={"codes": ["34"]}))
    with pytest.raises(ContractError, match="must name provinces"):
        load(place_of(provinces.values(), east={"codes": "82"}))
    with pytest.raises(ContractError, match=r"east: .*: not a public key in PEM"):
        load(place_of(provinces.values(), east={"public_key": "x"}))
    monkeypatch.setenv("DEAN06_COUNTRY_PROVINCES", "")
    with pytest.raises(Dean06Error, match="DEAN06_COUNTRY_PROVINCES must name the provinces"):
        build_kpis()
    monkeypatch.setenv("DEAN06_LEVEL", "county")
    with pytest.raises(ContractError, match="must be province or country"):
        contract.sources()


def test_a_unit_of_two_provinces_is_not_added_twice(provinces: dict[str, Signing]) -> None:
    """As after a change of the connection: the code was another province's before."""
    take(place(provinces))
    north = provinces["north"]
    north.publish({RESIDENTS: 200})
    north.bodies[2] = north.bodies[2].replace(b"province,34", b"province,82")
    north.sign()
    crossed = place_of(provinces.values(), north={"codes": ["82"]}, east={"codes": ["34"]})
    load(crossed, later(DAY, 1))
    with pytest.raises(AuditError, match="two provinces publish values of 82"):
        build_kpis()
