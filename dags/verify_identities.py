"""Identities, whenever a source of persons has published, and once a day whatever happened."""

from airflow.sdk import DAG  # noqa: F401  # Airflow only parses files that mention it

from dean06.dags.factory import identity_dag

dag = identity_dag()
