"""Reconciliation with the national portal, whenever the portal has published, and once a day."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.factory import reconciliation_dag

dag = reconciliation_dag()
