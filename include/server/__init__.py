"""What runs in the containers beside Airflow and dean06: health checks, and the sync of a day."""
