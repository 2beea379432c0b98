"""KPIs, whenever a source has published, and once a day whatever happened."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.factory import kpi_dag

dag = kpi_dag()
