"""Airflow connections as endpoints: the only place where tasks meet credentials."""

import json

from airflow.sdk import BaseHook

from dean06.sources import Endpoint


def endpoint_of(source: str) -> Endpoint:
    """The source's address and credentials, from the Airflow connection ``dean06_<source>``."""
    connection = BaseHook.get_connection(f"dean06_{source}")
    port = f":{connection.port}" if connection.port else ""
    return Endpoint(
        url=f"{connection.schema or connection.conn_type}://{connection.host}{port}",
        login=connection.login or "",
        password=connection.password or "",
        extra=json.loads(connection.extra or "{}"),
    )
