"""Kubernetes without a cluster: its schemas, and the Airflow chart rendered by Helm's library."""
