"""Failures of loads, most of them made by the ministries themselves."""

import shutil
from dataclasses import replace
from pathlib import Path

from dean06.errors import Cause
from dean06.load import core_sql
from dean06.watch.problem import Kind
from tests.dags.failing import Shown, World, case, in_warehouse
from tests.lib.loading import rows

FAILED = Kind.FAILED


@case(
    FAILED, "the source is down or late", "nguồn dữ liệu ngừng hoạt động", "education",
    "extract SourceError", cause=Cause.SOURCE_UNAVAILABLE, daily=True,
)  # fmt: skip
def source_down(world: World) -> Shown:
    world.break_source("education", None, "down")
    return world.failed("sync_education", "exam_registration.extract")


@case(
    FAILED, "the source is down or late", "nguồn dữ liệu ngừng hoạt động",
    "health.encounter", "request_export SourceError", cause=Cause.SOURCE_UNAVAILABLE,
)  # fmt: skip
def source_unavailable_for_a_request(world: World) -> Shown:
    world.break_source("health", "encounter", "unavailable", retry_after=0)
    return world.failed("sync_health", "encounter.request_export", "encounter")


@case(
    FAILED, "the source is down or late", "nguồn dữ liệu ngừng hoạt động",
    "health.immunization", "wait_for_export SourceError", cause=Cause.SOURCE_UNAVAILABLE,
)  # fmt: skip
def source_down_while_waited_for(world: World) -> Shown:
    run = world.run("sync_health", "immunization.request_export")
    world.break_source("health", "immunization", "server_error")
    return world.failed(
        "sync_health", "immunization.wait_for_export", "immunization.wait", again=run
    )


@case(
    FAILED, "the source does not accept our credentials",
    "nguồn dữ liệu không chấp nhận thông tin đăng nhập", "police.household",
    "extract LoginError", cause=Cause.LOGIN_REFUSED, daily=True,
)  # fmt: skip
def wrong_password_http(world: World) -> Shown:
    world.connect("police", password="wrong")
    return world.failed("sync_police", "household.extract", "household")


@case(
    FAILED, "the source does not accept our credentials",
    "nguồn dữ liệu không chấp nhận thông tin đăng nhập", "insurance",
    "extract LoginError", cause=Cause.LOGIN_REFUSED,
)  # fmt: skip
def wrong_password_sftp(world: World) -> Shown:
    world.connect("insurance", password="wrong")
    return world.failed("sync_insurance", "participant.extract")


@case(
    FAILED, "the source does not accept our credentials",
    "nguồn dữ liệu không chấp nhận thông tin đăng nhập", "health.encounter",
    "request_export LoginError", cause=Cause.LOGIN_REFUSED,
)  # fmt: skip
def unknown_client(world: World) -> Shown:
    world.connect("health", login="somebody else", extra={"client_id": "somebody else"})
    return world.failed("sync_health", "encounter.request_export", "encounter")


@case(
    FAILED, "the source does not accept our credentials",
    "nguồn dữ liệu không chấp nhận thông tin đăng nhập", "health.immunization",
    "wait_for_export LoginError", cause=Cause.LOGIN_REFUSED,
)  # fmt: skip
def client_revoked_while_waited_for(world: World) -> Shown:
    run = world.run("sync_health", "immunization.request_export")
    world.break_source("health", "immunization", "unauthorized")
    return world.failed(
        "sync_health", "immunization.wait_for_export", "immunization.wait", again=run
    )


@case(
    FAILED, "it refuses the request", "từ chối yêu cầu", "portal.petition",
    "extract RefusedError", cause=Cause.REQUEST_REFUSED, daily=True,
)  # fmt: skip
def wrong_address(world: World) -> Shown:
    world.connect("portal", port=world.ministries.programme.port)
    return world.failed("sync_portal", "petition.extract", "petition")


@case(
    FAILED, "it refuses the request", "từ chối yêu cầu", "health.encounter",
    "request_export RefusedError", cause=Cause.REQUEST_REFUSED,
)  # fmt: skip
def wrong_address_of_an_export(world: World) -> Shown:
    world.connect("health", port=world.ministries.programme.port)
    return world.failed("sync_health", "encounter.request_export", "encounter")


@case(
    FAILED, "the Airflow connection does not exist or has a setting that is not allowed",
    "chưa có kết nối Airflow, hoặc kết nối được khai báo không đúng quy định",
    "police.id_card_dossier", "extract ConnectionSettingError", cause=Cause.SETTING_WRONG,
)  # fmt: skip
def plain_http(world: World) -> Shown:
    world.connect("police", host="192.0.2.1", extra={"allow_plain_http": False})
    return world.failed("sync_police", "id_card_dossier.extract", "id_card_dossier")


@case(
    FAILED, "parts of the delivery contradict each other",
    "các phần của đợt dữ liệu không thống nhất với nhau", "portal.certified_copy",
    "extract InconsistentDeliveryError", cause=Cause.DELIVERY_INCONSISTENT,
)  # fmt: skip
def pages_do_not_add_up(world: World) -> Shown:
    world.break_source("portal", "certified_copy", "manifest_rows")
    return world.failed("sync_portal", "certified_copy.extract", "certified_copy")


@case(
    FAILED, "the export, or one of its files, no longer exists", "bản kết xuất hoặc một tệp",
    "health.encounter", "extract ExportExpiredError", "wait_for_export ExportExpiredError",
    cause=Cause.EXPORT_EXPIRED,
)  # fmt: skip
def export_gone(world: World) -> Shown:
    run = world.run("sync_health", "encounter.(request|wait)")
    in_warehouse(
        "update ops.load set export_handle = export_handle || 'x' where dataset_code = 'encounter'"
    )
    return world.failed(
        "sync_health", "encounter.extract", "encounter.extract", again=run, retries=0
    )


@case(
    FAILED, "a file differs from its manifest", "tệp không khớp với bản kê khai", "insurance",
    "extract ManifestMismatchError", cause=Cause.MANIFEST_MISMATCH, daily=True,
)  # fmt: skip
def file_of_another_digest(world: World) -> Shown:
    world.break_source("insurance", None, "manifest_sha256")
    return world.failed("sync_insurance", "participant.extract")


@case(
    FAILED, "a file differs from its manifest", "tệp không khớp với bản kê khai", "programme",
    "stage ManifestMismatchError", cause=Cause.MANIFEST_MISMATCH,
)  # fmt: skip
def file_with_other_rows(world: World) -> Shown:
    world.break_source("programme", None, "manifest_rows")
    return world.failed("sync_programme", "task.stage")


@case(
    FAILED, "a required field is missing from every record",
    "tất cả bản ghi của đợt dữ liệu đều thiếu một trường bắt buộc", "portal.dossier",
    "stage MissingFieldError", cause=Cause.FIELD_MISSING,
)  # fmt: skip
def field_missing(world: World) -> Shown:
    world.break_source("portal", "dossier", "missing_field", column="procedure_code")
    return world.failed("sync_portal", "dossier.stage", "dossier")


@case(
    FAILED, "a landed file is missing or was changed", "tệp tiếp nhận bị mất hoặc bị thay đổi",
    "police.eid_account", "stage LandingError", cause=Cause.LANDING_DAMAGED,
)  # fmt: skip
def landed_file_gone(world: World) -> Shown:
    run = world.run("sync_police", "eid_account.extract")
    paths = rows("select landed_path from ops.landing_file")
    assert paths
    for (path,) in paths:
        shutil.rmtree(Path(path.removeprefix("file://")).parent)
    return world.failed(
        "sync_police", "eid_account.stage", "eid_account.(extract|stage)", again=run
    )


@case(
    FAILED, "the Airflow connection does not exist or has a setting that is not allowed",
    "chưa có kết nối Airflow, hoặc kết nối được khai báo không đúng quy định",
    "portal.national_count", "extract ConnectionSettingError", cause=Cause.SETTING_WRONG,
)  # fmt: skip
def extra_out_of_bounds(world: World) -> Shown:
    world.connect("portal", extra={"page_size": 0})
    return world.failed("sync_portal", "national_count.extract", "national_count")


@case(
    Kind.HELD, "too many records break a rule", "quá nhiều bản ghi vi phạm quy tắc", "programme",
    "quarantine BatchHeldError", cause=Cause.BATCH_HELD, daily=True,
)  # fmt: skip
def too_many_bad_records(world: World) -> Shown:
    world.break_source("programme", None, "wrong_field_count", records=3000)
    # Today names a held batch by its dataset: its task did what it should.
    return replace(world.failed("sync_programme", "task.quarantine"), name="programme.task")


@case(
    FAILED, "the core SQL of a dataset, which runs in DuckDB, is wrong",
    "câu lệnh SQL của một bộ dữ liệu trong include/sql/core (chạy trên DuckDB) bị sai", "programme",
    "publish CoreSqlError", cause=Cause.CORE_SQL_WRONG,
)  # fmt: skip
def core_sql_with_an_unknown_column(world: World) -> Shown:
    real = core_sql.read
    world.patch.setattr(core_sql, "read", lambda each: real(each).replace("title,", "titel,"))
    return world.failed("sync_programme", "publish")


@case(
    FAILED, "PostgreSQL refused a statement", "PostgreSQL từ chối câu lệnh", "education",
    "any WarehouseError", cause=Cause.WAREHOUSE_REFUSED,
)  # fmt: skip
def refused_by_postgresql(world: World) -> Shown:
    in_warehouse(
        "alter table core.education__exam_registration add constraint full_disk check (false) "
        "not valid"
    )
    return world.failed("sync_education", "publish")
