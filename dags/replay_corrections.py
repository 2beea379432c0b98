"""Takes records that stewards have corrected through the load protocol."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.replay import replay_dag

dag = replay_dag()
