"""Held builds of KPIs wait here for an official to release or reject them."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.release import release_dag

dag = release_dag()
