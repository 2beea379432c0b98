"""Open data of each publication, where a publisher is set."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.factory import open_data_dag

dag = open_data_dag()
