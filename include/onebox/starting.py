"""Wait for Airflow, and say what is waited for."""

from rich.console import Console

from onebox.airflow import Airflow, AirflowError, wait_and_say, wait_until
from onebox.language import say
from onebox.stages import stage
from onebox.sync import DAGS

_STARTS_WITHIN = 1800.0
"""A busy machine with two cores takes ten minutes; what is waited for is said each minute."""


def await_airflow(airflow: Airflow, console: Console) -> None:
    """Wait until Airflow is healthy and has parsed every DAG, and say what is waited for.

    Raises AirflowError when it takes longer than half an hour.
    """

    def say_parts(seconds: float) -> None:
        late = ", ".join(part for part, is_so in airflow.healthy().items() if is_so != "healthy")
        minutes = f"{seconds / 60:.0f}"
        vi = f"chưa khởi động xong: {late}" if late else "đã khởi động xong, đang kiểm tra lại"
        vi = f"  {minutes} phút: {vi}"
        en = f"still starting: {late}" if late else "everything has started; checking again"
        console.print(say(vi, f"  {minutes} min: {en}"))

    if not wait_and_say(
        lambda: set(airflow.healthy().values()) == {"healthy"}, _STARTS_WITHIN, say_parts
    ):
        raise AirflowError("Airflow has not become healthy within half an hour")
    airflow.sign_in()

    def say_dags(seconds: float) -> None:
        missing, minutes = ", ".join(sorted(set(DAGS) - airflow.dag_ids())), f"{seconds / 60:.0f}"
        vi = f"  {minutes} phút: Airflow chưa đọc xong: {missing}"
        console.print(say(vi, f"  {minutes} min: not parsed yet: {missing}"))

    if not wait_and_say(lambda: set(DAGS) <= airflow.dag_ids(), _STARTS_WITHIN, say_dags):
        raise AirflowError(
            "not all DAGs were parsed within half an hour: the import-errors page in Airflow "
            "says why"
        )


def await_new_dags(airflow: Airflow, console: Console) -> None:
    """Wait until Airflow has parsed the DAGs that were added while it runs; says nothing when there
    are none. Raises AirflowError when it takes longer than two minutes."""
    if set(DAGS) <= airflow.dag_ids():
        return
    with stage(console, say("Đang chờ DAG mới …", "Waiting for new DAGs …")):
        if not wait_until(lambda: set(DAGS) <= airflow.dag_ids(), 120):
            missing = ", ".join(sorted(set(DAGS) - airflow.dag_ids()))
            raise AirflowError(
                f"{missing}: not parsed within two minutes; the import-errors page in Airflow "
                "says why"
            )
