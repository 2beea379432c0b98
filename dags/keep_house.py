"""Retention, once a day: what was received goes when its period is over."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.factory import house_dag

dag = house_dag()
