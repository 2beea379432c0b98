"""Failures of the steps that belong to no load: verdicts, KPIs, house-keeping, backfills."""

from dean06.errors import Cause
from dean06.kpi.build import build_kpis
from dean06.watch.problem import Kind
from tests.dags.failing import DAY, Shown, World, case, in_warehouse
from tests.lib.aging import pass_days
from tests.lib.builds import people
from tests.lib.loading import load_police, resident

TASK = Kind.FAILED_TASK
OTHER_ERROR = "any OSError, or an error of another name"


@case(
    TASK, "the conditions for this step are not met", "chưa đủ điều kiện thực hiện bước này",
    "police", "any Dean06Error (other)", cause=Cause.STEP_REFUSED,
)  # fmt: skip
def token_key_lost(world: World) -> Shown:
    world.patch.setenv("DEAN06_TOKEN_KEYS", str(world.folder / "token_keys.json"))
    load_police("one", DAY, [resident()])
    assert world.run("verify_identities").state == "success"
    (world.folder / "token_keys.json").unlink()
    load_police("two", DAY, [resident(soDinhDanh="082190000002")])
    return world.failed("verify_identities", "verify")


@case(
    Kind.FAILED_STEP, "KPI values contradict each other or the records",
    "giá trị các chỉ tiêu không thống nhất", "police", "build AuditError",
    cause=Cause.KPIS_CONTRADICT, daily=True,
)  # fmt: skip
def no_units_on_the_day(world: World) -> Shown:
    early = "2021-12-31"
    known = {"capNhatLuc": f"{early}T08:30:00+07:00", "ngayHieuLuc": early}
    load_police("one", early, [resident(**known)])
    world.failed("build_kpis", "build")
    return Shown("build_kpis")


@case(
    Kind.HELD_BUILD, "wait for two persons", "đang chờ duyệt", "police", "ask –",
)  # fmt: skip
def large_restatement(world: World) -> Shown:
    load_police("one", DAY, people(100))
    build_kpis()
    load_police("two", DAY, people(80, first=100))
    assert world.run("build_kpis").state == "success"
    return Shown("31/10/2022")


@case(
    TASK, "KPI values contradict each other or the records",
    "giá trị các chỉ tiêu không thống nhất", "police", "verify AuditError",
    cause=Cause.KPIS_CONTRADICT,
)  # fmt: skip
def core_changed_by_hand(world: World) -> Shown:
    load_police("one", DAY, [resident()])
    build_kpis()
    in_warehouse("update core.police__resident set commune_code = '28252'")
    return world.failed("verify_kpis", "verify")


def _own_signatures(world: World) -> None:
    for name, file in (
        ("PUBLICATION_KEYS", "publication_keys.json"), ("AUDIT_KEYFILE", "audit_key.pem"),
    ):  # fmt: skip
        world.patch.setenv(f"DEAN06_{name}", str(world.folder / file))
    for name in ("SIGNED_PUBLICATIONS", "AUDIT_HEADS", "LANDING"):
        world.patch.setenv(f"DEAN06_{name}", (world.folder / name.lower()).as_uri())


@case(
    TASK, "the audit trail or the log of publications was changed",
    "nhật ký truy vết hoặc nhật ký công bố đã bị thay đổi", "keep_house", "verify_audit TrailError",
    cause=Cause.TRAIL_CHANGED,
)  # fmt: skip
def audit_trail_changed(world: World) -> Shown:
    _own_signatures(world)
    in_warehouse(
        "insert into ops.purge (what, item_count, byte_count) values ('staging', 1, 0)",
        "alter table ops.purge disable trigger user",
        "update ops.purge set item_count = item_count + 1",
        "alter table ops.purge enable trigger user",
    )
    return world.failed("keep_house", "verify_audit")


@case(
    TASK, "the audit trail or the log of publications was changed",
    "nhật ký truy vết hoặc nhật ký công bố đã bị thay đổi", "police",
    "verify_publications TrailError", cause=Cause.TRAIL_CHANGED, daily=True,
)  # fmt: skip
def published_value_changed(world: World) -> Shown:
    _own_signatures(world)
    load_police("one", DAY, people(100))
    assert world.run("build_kpis").state == "success"
    world.as_superuser("update mart.kpi_value set numerator = 7, value = 7 where numerator = 100")
    return world.failed("keep_house", "verify_publications")


@case(
    Kind.FAILED_STEP, "data past their retention period could not be removed",
    "chưa xóa được dữ liệu hết thời hạn lưu giữ", "police", "purge RetentionError",
    cause=Cause.PAST_RETENTION,
)  # fmt: skip
def quarantine_that_cannot_be_purged(world: World) -> Shown:
    _own_signatures(world)
    load_police("one", DAY, [*people(30), resident(soDinhDanh="998")])
    pass_days(800)
    in_warehouse(
        """create function ops.keep() returns trigger language plpgsql
           as 'begin return null; end'""",
        """create trigger aaa_keep before update on ops.quarantine
           for each row execute function ops.keep()""",
    )
    world.failed("keep_house", "purge")
    return Shown("keep_house")


@case(
    Kind.FAILED, "Not a directory", "ENOTDIR", "police.resident", OTHER_ERROR,
    cause=Cause.PROGRAM_ERROR,
)  # fmt: skip
def landing_unwritable(world: World) -> Shown:
    """The operating system refuses; a full disk does so in the campaign of ``tests.faults``."""
    (world.folder / "file").touch()
    world.patch.setenv("DEAN06_LANDING", (world.folder / "file" / "landing").as_uri())
    return world.failed("sync_police", "resident.extract", "resident")


@case(
    Kind.FAILED, "the source is down or late", "nguồn dữ liệu ngừng hoạt động",
    "programme", cause=Cause.SOURCE_UNAVAILABLE,
)  # fmt: skip
def source_down_in_a_backfill(world: World) -> Shown:
    world.break_source("programme", None, "down")
    asked = {"source": "programme", "from": DAY, "to": DAY, "dry_run": False}
    return world.failed("backfill_source", "load_day", **asked)


@case(
    TASK, "the conditions for this step are not met", "chưa đủ điều kiện thực hiện bước này",
    "release_open_data", "write Dean06Error", cause=Cause.STEP_REFUSED,
)  # fmt: skip
def publisher_without_licence(world: World) -> Shown:
    _own_signatures(world)
    world.patch.setenv("DEAN06_OPEN_DATA_PUBLISHER", "An agency")
    return world.failed("release_open_data", "write")
