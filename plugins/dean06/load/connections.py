"""Airflow connections as endpoints: the only place where tasks meet credentials."""

import json

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowNotFoundException

from dean06 import contract, settings
from dean06.details.detail import detail
from dean06.errors import ConnectionSettingError
from dean06.provinces import current
from dean06.sources import Endpoint


def endpoint_of(source: str) -> Endpoint:
    """The source's address and credentials, from the Airflow connection ``dean06_<source>``;
    of a province where there are several, ``dean06_<key>_<source>``.

    A source whose files are put into a folder needs no connection; if there is one, ``path`` in its
    extra is the folder. Raises ConnectionSettingError for another source without a connection.
    """
    name, is_folder = current.connection_id(source), contract.load(source).terms.is_folder
    try:
        connection = BaseHook.get_connection(name)
    except AirflowNotFoundException:
        if is_folder:
            return Endpoint(url=(settings.drops_root() / source).resolve().as_uri())
        variable = f"AIRFLOW_CONN_{name.upper()}"
        raise ConnectionSettingError(
            detail("no_connection", source=source, name=name, variable=variable)
        ) from None
    extra = json.loads(connection.extra or "{}")
    if is_folder:
        folder = extra.get("path") or settings.drops_root() / source
        return Endpoint(url=settings.PROJECT.joinpath(folder).as_uri(), extra=extra)
    port = f":{connection.port}" if connection.port else ""
    return Endpoint(
        url=f"{connection.schema or connection.conn_type}://{connection.host}{port}",
        login=connection.login or "",
        password=connection.password or "",
        extra=extra,
    )
