"""What Airflow alone shows: killed tasks, runs and tasks that wait, parts that stand still.

The scheduler's own work is left in Airflow's database as it leaves it; campaigns of
``tests/faults`` kill real processes under a real scheduler.
"""

from datetime import UTC, datetime, timedelta

from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db

from dean06.errors import Cause
from dean06.watch.problem import Kind
from onebox.ports import free_port
from tests.dags.failing import Shown, World, case, in_metadata


@case(
    Kind.FAILED_TASK, "ended without recording a cause", "không ghi được nguyên nhân",
    "agency_lists", "any killed, out of memory, machine lost", cause=Cause.NOT_RECORDED, daily=True,
)  # fmt: skip
def killed(world: World) -> Shown:
    run = world.run("agency_lists")
    for table in ("task_instance", "dag_run"):
        in_metadata(f"update {table} set state = 'failed' where run_id = :run", run=run.run_id)
    return Shown("agency_lists.write", run.run_id)


@case(
    Kind.FAILED_TASK, "the system was stopped (make down or Ctrl-C) while the task was running",
    "hệ thống được dừng (make down hoặc Ctrl-C) trong khi tác vụ đang chạy",
    "agency_lists", "any ended by make down", cause=Cause.SYSTEM_STOPPED, daily=True,
)  # fmt: skip
def ended_with_the_system(world: World) -> Shown:
    file, now = world.folder / "stops.txt", datetime.now(UTC)
    file.write_text(f"{now - timedelta(days=1)}\n{now - timedelta(minutes=30)}\n")
    world.patch.setenv("DEAN06_STOPS", str(file))
    shown = killed(world)
    in_metadata(
        """update task_instance set start_date = now() - interval '1 hour', end_date = now()
           where run_id = :run""",
        run=shown.run,
    )
    return shown


def _waiting(world: World, dag: str, task: str, state: str) -> Shown:
    run = world.run(dag)
    in_metadata("update dag_run set state = 'running' where run_id = :run", run=run.run_id)
    in_metadata(
        f"""update task_instance set state = '{state}', {state}_dttm = now() - interval '31 minutes'
            where run_id = :run and task_id = :task""",
        run=run.run_id,
        task=task,
    )
    return Shown(f"{dag}.{task}", run.run_id)


@case(
    Kind.LATE_TASK, "has been scheduled for", "chờ xếp lịch đã",
    "reconcile_portal", "any stays scheduled, nothing starts",
)  # fmt: skip
def stays_scheduled(world: World) -> Shown:
    return _waiting(world, "reconcile_portal", "reconcile", "scheduled")


@case(
    Kind.LATE_TASK, "has been queued for", "chờ thực thi đã",
    "reconcile_portal", "any stays queued", daily=True,
)  # fmt: skip
def stays_queued(world: World) -> Shown:
    return _waiting(world, "reconcile_portal", "reconcile", "queued")


@case(
    Kind.FAILED_RUN, "failed without a failed task", "không thành công dù không có tác vụ lỗi",
    "reconcile_portal",
)  # fmt: skip
def run_cut_off(world: World) -> Shown:
    run = world.run("reconcile_portal")
    in_metadata("update dag_run set state = 'failed' where run_id = :run", run=run.run_id)
    return Shown("reconcile_portal", run.run_id)


@case(
    Kind.LATE_RUN, "has not ended after 1.5 hours", "chưa kết thúc sau 1,5 giờ",
    "reconcile_portal",
)  # fmt: skip
def run_too_long(world: World) -> Shown:
    run = world.run("reconcile_portal")
    in_metadata(
        """update dag_run set state = 'running', queued_at = now() - interval '91 minutes'
           where run_id = :run""",
        run=run.run_id,
    )
    return Shown("reconcile_portal", run.run_id)


@case(
    Kind.UNREADABLE_DAG, "Airflow cannot read", "Airflow không đọc được tệp", "dag files",
)  # fmt: skip
def dag_file_broken(world: World) -> Shown:
    (world.folder / "sync_forestry.py").write_text("from airflow.sdk import DAG, nothing\n")
    read = BundleDagBag(world.folder, bundle_path=world.folder, bundle_name="of this test")
    sync_bag_to_db(read, "of this test", None)
    return Shown("sync_forestry.py")


@case(
    Kind.AIRFLOW_PART, "Airflow's scheduler does not respond",
    "Thành phần scheduler của Airflow không hoạt động", "airflow", settles=True,
)  # fmt: skip
def scheduler_dead(world: World) -> Shown:
    """As a scheduler leaves its line that was killed ten minutes ago."""
    in_metadata(
        """insert into job (job_type, state, hostname, start_date, latest_heartbeat)
           values ('SchedulerJob', 'running', 'here', now(), now() - interval '10 minutes')"""
    )
    return Shown("scheduler")


@case(
    Kind.AIRFLOW_UNREACHABLE, "Airflow cannot be reached", "Không kết nối được Airflow", "airflow",
    settles=True,
)  # fmt: skip
def api_server_down(world: World) -> Shown:
    world.patch.setenv("DEAN06_AIRFLOW_API", f"http://watchdog:hidden@127.0.0.1:{free_port()}")
    return Shown("DEAN06_AIRFLOW_API")
