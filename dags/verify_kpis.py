"""Proof of KPIs, once a week: kept steps say what the records say."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.factory import kpi_proof_dag

dag = kpi_proof_dag()
