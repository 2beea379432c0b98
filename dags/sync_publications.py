"""Daily sync of source ``publications``: its contract says which datasets, the factory how."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.factory import sync_dag

dag = sync_dag("publications")
