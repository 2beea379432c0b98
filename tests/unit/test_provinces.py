"""Which provinces an installation serves, and that code works for the one that is chosen, or for
none."""

import contextvars
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from dean06 import settings
from dean06.errors import Dean06Error
from dean06.load.in_flight import one_in_flight
from dean06.load.read_ahead import one_ahead, read_ahead
from dean06.provinces import current, files

READ = re.compile(r'value\("(DEAN06_\w+)"')
OF_THE_INSTALLATION = {
    "DEAN06_COMPILED_SUITES", "DEAN06_METRICS", "DEAN06_AIRFLOW_API", "DEAN06_AIRFLOW_URL",
    "DEAN06_PG_BIN", "DEAN06_PAGES_URL", "DEAN06_PAGES_SECRET", "DEAN06_OIDC_ISSUER",
    "DEAN06_OIDC_CLIENT_ID", "DEAN06_OIDC_CLIENT_SECRET", "DEAN06_OIDC_SCOPE",
    "DEAN06_OIDC_NAME_CLAIM", "DEAN06_OIDC_ROLES_CLAIM", "DEAN06_API_ORIGINS",
    "DEAN06_API_REQUESTS", "DEAN06_STOPS",
}  # fmt: skip
"""One for all provinces: rules, Airflow, the login of the pages."""
CODES = {"binh_phuoc": "70", "long_an": "80", "ha_nam": "35"}
Write = Callable[..., None]


def entry(key: str, root: Path, **changes: object) -> files.Entry:
    fields = {
        "name": key.title(),
        "code": CODES.get(key, "01"),
        "warehouse": f"postgresql+psycopg2://owner:secret@db.example/{key}",
        "home": str(root / key),
    }
    return files.Entry(**(fields | changes))


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes the file of a province, in a folder that the installation knows."""
    home = tmp_path / "provinces"
    home.mkdir()
    monkeypatch.setenv("DEAN06_PROVINCES", str(home))

    def written(key: str, **changes: object) -> None:
        text = files.text_of(entry(key, tmp_path, **changes))
        (home / f"{key}.yaml").write_text(text, encoding="utf-8")

    return written


@pytest.fixture
def two(write: Write) -> None:
    write("binh_phuoc")
    write("long_an", settings={"DEAN06_TARGET_SCALE": "0.5"})


def test_every_setting_is_of_the_province_or_of_the_installation() -> None:
    modules = ("settings.py", "open_data/publisher.py")
    text = "".join(
        (settings.PROJECT / "plugins/dean06" / each).read_text(encoding="utf-8") for each in modules
    )
    read = set(READ.findall(text))
    assert read == files.OWN | files.MAY_DIFFER | OF_THE_INSTALLATION
    assert "environ" not in text


def test_each_acts_with_places_of_its_own(two: None) -> None:
    def places() -> set[str]:
        return {
            settings.landing_root(), settings.agency_lists_root(), settings.audit_heads_root(),
            settings.signed_publications_root(), settings.open_data_root(),
            str(settings.drops_root()), str(settings.lineage_file()), str(settings.data_docs()),
            str(settings.token_keys()), str(settings.audit_key()), str(settings.publication_keys()),
            settings.warehouse_dsn(), settings.role_prefix(), current.connection_id("police"),
            current.dag_id("build_kpis"),
        }  # fmt: skip

    with current.acting("binh_phuoc"):
        first = places()
        assert settings.target_scale() == 1
        assert settings.direct_dsn() == settings.warehouse_dsn()
    with current.acting("long_an"):
        second = places()
        assert str(settings.target_scale()) == "0.5"
    assert len(first) == len(second) == 15
    assert all("binh_phuoc" in each for each in first)
    assert all("long_an" in each for each in second)


def test_without_a_choice_no_place_is_known(two: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even one that the process has for itself: it would be nobody's, or anybody's."""
    monkeypatch.setenv("DEAN06_WAREHOUSE_DSN", "postgresql+psycopg2://one@other/warehouse")
    for read in (settings.warehouse_dsn, settings.landing_root, settings.token_keys):
        with pytest.raises(Dean06Error, match="--province"):
            read()
    assert settings.retry_seconds()


def test_a_choice_is_not_changed_within(two: None) -> None:
    with current.acting("long_an"):
        with (
            pytest.raises(Dean06Error, match="already set to province long_an"),
            current.acting("binh_phuoc"),
        ):
            pass
        with current.acting("long_an"):
            assert current.key() == "long_an"
    assert current.key() == ""


def test_threads_work_for_whom_they_were_started(two: None) -> None:
    with current.acting("long_an"):
        with one_in_flight() as work:
            found: list[str] = []
            work.submit(lambda: found.append(current.key()))
        with one_ahead(_keys()) as items:
            found += items
        for _, each in read_ahead(["a", "b", "c", "d"], lambda _: _keys()):
            found += each
    assert found == ["long_an"] * 11


def test_whoever_starts_threads_hands_the_choice_on() -> None:
    starts = re.compile(r"\bThread(?:PoolExecutor)?\(")
    files = (settings.PROJECT / "plugins").rglob("*.py")
    texts = {path.stem: path.read_text(encoding="utf-8") for path in files}
    starting = {name for name, text in texts.items() if starts.search(text)}
    assert {"in_flight", "read_ahead", "side_by_side", "endpoint"} <= starting
    # The watchdog starts a thread for a province, which chooses it.
    assert {n for n in starting if "copy_context().run" not in texts[n]} == {"every_province"}


def test_a_thread_that_was_told_nothing_is_refused(two: None) -> None:
    refused: list[str] = []

    def ask() -> None:
        try:
            settings.warehouse_dsn()
        except Dean06Error as error:
            refused.append(str(error))

    with current.acting("long_an"):
        thread = Thread(target=contextvars.Context().run, args=(ask,))
        thread.start()
        thread.join()
    assert len(refused) == 1


def _keys() -> Iterator[str]:
    yield current.key()
    yield current.key()


def test_without_files_everything_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEAN06_PROVINCES", raising=False)
    monkeypatch.setenv("DEAN06_LANDING", "file:///landing")
    assert current.all_keys() == [""]
    with current.acting(""), current.acting_for_dag("sync_police"):
        assert settings.landing_root() == "file:///landing"
        assert settings.role_prefix() == "dean06"
        assert current.dag_id("sync_police") == "sync_police"
        assert current.name_of_dag("any__sync_police") == "any__sync_police"
        assert current.connection_id("police") == "dean06_police"
    with pytest.raises(Dean06Error, match="serves one province"), current.acting("long_an"):
        pass


def test_a_dag_is_of_its_province(two: None) -> None:
    with current.acting_for_dag("long_an__sync_police"):
        assert current.key() == "long_an"
        assert current.name_of_dag("long_an__sync_police") == "sync_police"
        assert not current.is_own_dag("binh_phuoc__sync_police")
        assert not current.is_own_dag("sync_police")
    for stranger in ("sync_police", "ha_noi__sync_police"):
        with pytest.raises(Dean06Error), current.acting_for_dag(stranger):
            pass


@pytest.mark.parametrize(
    ("key", "changes", "said"),
    [
        ("Long_An", {}, "key of a province"),
        ("long__an", {}, "key of a province"),
        ("long_an_", {}, "key of a province"),
        ("a" * 25, {}, "key of a province"),
        ("long_an", {"name": " "}, "name"),
        ("long_an", {"code": "7"}, "code"),
        ("long_an", {"warehouse": "sqlite:///x"}, "warehouse"),
        ("long_an", {"warehouse": "postgresql+psycopg2://owner@db.example"}, "warehouse"),
        ("long_an", {"home": "relative"}, "home"),
        ("long_an", {"settings": {"DEAN06_PAGES_SECRET": "x"}}, "settings"),
        ("long_an", {"settings": {"DEAN06_SCHEDULE_FROM": "2026-13-01"}}, "DEAN06_SCHEDULE_FROM"),
        ("long_an", {"settings": {"DEAN06_TARGET_SCALE": "x"}}, "DEAN06_TARGET_SCALE"),
        ("long_an", {"settings": {"DEAN06_SHARD_BYTES": "1e3"}}, "DEAN06_SHARD_BYTES"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, key: str, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(Dean06Error, match=said) as found:
        files.province_of(key, entry(key, tmp_path, **changes))
    assert "secret" not in str(found.value)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DEAN06_LANDING", "file://{home}/binh_phuoc/landing"),
        ("DEAN06_LANDING", "file://{home}/binh_phuoc/landing/long_an"),
        ("DEAN06_DROPS", "{home}/binh_phuoc"),
        ("DEAN06_DATA_DOCS", "{home}/other/../binh_phuoc/agency_lists"),
        ("DEAN06_TOKEN_KEYS", "{home}/binh_phuoc/token_keys.json"),
        ("DEAN06_ROLE_PREFIX", "dean06_binh_phuoc"),
        ("DEAN06_WAREHOUSE_DSN", "postgresql+psycopg2://other@db.example:5432/binh_phuoc"),
        ("DEAN06_WAREHOUSE_DIRECT_DSN", "postgresql+psycopg2://other@db.example:5432/binh_phuoc"),
    ],
)
def test_no_two_share_a_place(write: Write, tmp_path: Path, setting: str, value: str) -> None:
    write("binh_phuoc")
    write("ha_nam")
    write("long_an", settings={setting: value.format(home=tmp_path)})
    for key in ("long_an", "binh_phuoc"):
        with (
            pytest.raises(Dean06Error, match="share a storage location") as found,
            current.acting(key),
        ):
            pass
        assert "secret" not in str(found.value)
    with current.acting("ha_nam"):
        assert current.name() == "Ha_Nam"


@pytest.mark.parametrize("changes", [{"code": "70"}, {"settings": {"DEAN06_OIDC_PROVINCE": "70"}}])
def test_no_two_have_one_code(write: Write, changes: dict[str, object]) -> None:
    """Claims of readers name a province by its code."""
    write("binh_phuoc")
    write("ha_nam")
    write("long_an", **changes)
    for key, other in (("long_an", "binh_phuoc"), ("binh_phuoc", "long_an")):
        said = f"provinces {key} and {other} both have the code 70"
        with pytest.raises(Dean06Error, match=said), current.acting(key):
            pass
    with current.acting("ha_nam"):
        assert current.name() == "Ha_Nam"


def test_a_code_that_another_has_cannot_be_added(write: Write, tmp_path: Path) -> None:
    write("binh_phuoc")
    files.require_new(files.province_of("long_an", entry("long_an", tmp_path)))
    with pytest.raises(Dean06Error, match="both have the code 70"):
        files.require_new(files.province_of("long_an", entry("long_an", tmp_path, code="70")))


def test_places_that_only_begin_alike_are_two(write: Write, tmp_path: Path) -> None:
    write("binh_phuoc")
    write("long_an", settings={"DEAN06_LANDING": f"file://{tmp_path}/binh_phuoc/landing_2"})
    with current.acting("long_an"):
        assert settings.landing_root().endswith("landing_2")


def test_a_wrong_file_stops_its_own_province_only(write: Write, tmp_path: Path) -> None:
    write("binh_phuoc")
    broken = tmp_path / "provinces" / "long_an.yaml"
    for text in ("name: [", 'password: "hush"\n', "\x00", ""):
        broken.write_text(text)
        with pytest.raises(Dean06Error, match="long_an") as found, current.acting("long_an"):
            pass
        assert "hush" not in str(found.value)
        with current.acting("binh_phuoc"):
            assert settings.role_prefix() == "dean06_binh_phuoc"
    assert current.all_keys() == ["binh_phuoc", "long_an"]


def test_a_changed_file_counts_at_once(write: Write, tmp_path: Path) -> None:
    write("long_an")
    with current.acting("long_an"):
        assert settings.target_scale() == 1
    write("long_an", settings={"DEAN06_TARGET_SCALE": "0.25"})
    with current.acting("long_an"):
        assert str(settings.target_scale()) == "0.25"
        # Also for who acts for it already, as a command that goes on working does.
        write("long_an", settings={"DEAN06_TARGET_SCALE": "0.5"})
        with current.acting("long_an"):
            assert str(settings.target_scale()) == "0.5"


def test_a_path_that_is_no_key_has_no_file(two: None) -> None:
    assert files.has("long_an")
    assert not any(files.has(key) for key in ("", "kpis", "../long_an", "a" * 300))


def test_an_empty_folder_is_no_installation_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_PROVINCES", str(tmp_path))
    with pytest.raises(Dean06Error, match="has no province file"):
        current.all_keys()


def test_pages_name_the_dags_of_their_province() -> None:
    templates = sorted(
        (settings.PROJECT / "plugins" / "dean06" / "ui" / "templates").glob("*.html")
    )
    named = [
        (path.name, found)
        for path in templates
        for found in re.findall(r"/dags/(.{9})", path.read_text(encoding="utf-8"))
    ]
    assert len(named) >= 7
    assert {found for _, found in named} == {"{{ dag_id"}, named
