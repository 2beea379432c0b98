"""Where this deployment keeps things, read from ``DEAN06_*`` variables at the moment of use; those
of a province where there are several (``provinces``)."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.provinces.current import value

TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Days, windows and KPI dates are Vietnamese calendar days."""

PROJECT = Path(__file__).resolve().parents[2]
CONTRACTS = PROJECT / "include" / "contracts"
EXPECTATIONS = PROJECT / "expectations"
REFERENCE = PROJECT / "include" / "reference"
SQL = PROJECT / "include" / "sql"
TEMPLATES = PROJECT / "include" / "templates"
ROLE_PREFIX = "dean06"
"""What the names of the warehouse's roles begin with, unless ``DEAN06_ROLE_PREFIX`` says else."""
_NEVER = date(2100, 1, 1)
_PREFIXES = re.compile(r"[a-z][a-z0-9_]{0,39}")


def warehouse_dsn() -> str:
    """The warehouse as a ``postgresql+psycopg2://`` URL (``DEAN06_WAREHOUSE_DSN``)."""
    dsn = value("DEAN06_WAREHOUSE_DSN")
    if not dsn:
        raise Dean06Error(detail("no_dsn"))
    return dsn


def direct_dsn() -> str:
    """The warehouse without a connection pool between (``DEAN06_WAREHOUSE_DIRECT_DSN``), for
    programs whose settings last longer than a transaction: ``pg_dump`` and ``pg_restore``."""
    return value("DEAN06_WAREHOUSE_DIRECT_DSN") or warehouse_dsn()


def role_prefix() -> str:
    """What the names of this warehouse's roles begin with (``DEAN06_ROLE_PREFIX``): roles belong to
    the server, so each warehouse on it needs another prefix.

    Raises Dean06Error for a text that no role's name may begin with.
    """
    prefix = value("DEAN06_ROLE_PREFIX") or ROLE_PREFIX
    if not _PREFIXES.fullmatch(prefix):
        raise Dean06Error(detail("role_prefix_invalid"))
    return prefix


def level() -> str:
    """Whose installation this is (``DEAN06_LEVEL``): a ``province``'s, which takes the ministries'
    sources, or the ``country``'s, which takes the provinces' signed publications."""
    return value("DEAN06_LEVEL") or "province"


def country_provinces() -> list[str]:
    """Provinces that a national value needs (``DEAN06_COUNTRY_PROVINCES``), as the connection of
    the publications calls them, separated by spaces."""
    return sorted(set(value("DEAN06_COUNTRY_PROVINCES").split()))


def landing_root() -> str:
    """The landing zone as a URL (``DEAN06_LANDING``): a folder, or ``s3://bucket/prefix``."""
    return value("DEAN06_LANDING") or (PROJECT / ".dean06" / "landing").as_uri()


def drops_root() -> Path:
    """Folder into which files of sources are put that have no server (``DEAN06_DROPS``): one folder
    for each source. They hold identities."""
    return Path(value("DEAN06_DROPS") or PROJECT / ".dean06" / "drops")


def staging_root() -> str:
    """Files of staging, as a URL: in landing, in a folder that is no source's."""
    return f"{landing_root().rstrip('/')}/_staging"


def shard_bytes() -> int:
    """Landed bytes that one worker stages and validates at most (``DEAN06_SHARD_BYTES``): 32 MiB,
    a good million residents. A single file is never divided."""
    return int(value("DEAN06_SHARD_BYTES") or 32 * 1024**2)


def kpi_sessions() -> int:
    """Sessions of PostgreSQL that count the KPIs of a large warehouse at once
    (``DEAN06_KPI_SESSIONS``): 2, or as many as its server has processors; 1 for the builder's own
    alone. Each uses up to 256 MB for a sort or a hash table."""
    return int(value("DEAN06_KPI_SESSIONS") or 2)


def target_scale() -> Decimal:
    """What targets of counts are multiplied by (``DEAN06_TARGET_SCALE``): 1 but for simulations of
    a part of a province."""
    return Decimal(value("DEAN06_TARGET_SCALE") or "1")


def agency_lists_root() -> str:
    """Where lists for the agencies go, as a URL (``DEAN06_AGENCY_LISTS``): they hold identities."""
    return value("DEAN06_AGENCY_LISTS") or (PROJECT / ".dean06" / "agency_lists").as_uri()


def lineage_file() -> Path:
    """Where OpenLineage events are appended when nothing else is set (``DEAN06_LINEAGE``)."""
    return Path(value("DEAN06_LINEAGE") or PROJECT / ".dean06" / "lineage.jsonl")


def data_docs() -> Path:
    """Folder of Great Expectations' pages (``DEAN06_DATA_DOCS``)."""
    return Path(value("DEAN06_DATA_DOCS") or PROJECT / ".dean06" / "data_docs")


def compiled_suites() -> Path:
    """Folder of compiled suites (``DEAN06_COMPILED_SUITES``): made again when it is lost. Whoever
    can write there can change what rules mean."""
    return Path(value("DEAN06_COMPILED_SUITES") or PROJECT / ".compiled_suites")


def token_keys() -> Path:
    """File of the keys of person tokens (``DEAN06_TOKEN_KEYS``): keep it, and its backup, away from
    the warehouse's."""
    return Path(value("DEAN06_TOKEN_KEYS") or PROJECT / ".dean06" / "token_keys.json")


def audit_key() -> Path:
    """File of the key that signs the audit chain (``DEAN06_AUDIT_KEYFILE``): keep it, and its
    backup, away from the warehouse's."""
    return Path(value("DEAN06_AUDIT_KEYFILE") or PROJECT / ".dean06" / "audit_key.pem")


def audit_heads_root() -> str:
    """Where signed heads of the audit chain go, as a URL (``DEAN06_AUDIT_HEADS``): best a store
    that takes new files and lets none be changed."""
    return value("DEAN06_AUDIT_HEADS") or (PROJECT / ".dean06" / "audit_heads").as_uri()


def publication_keys() -> Path:
    """File of the keys that sign publications (``DEAN06_PUBLICATION_KEYS``): keep it, and its
    backup, away from the warehouse's."""
    return Path(value("DEAN06_PUBLICATION_KEYS") or PROJECT / ".dean06" / "publication_keys.json")


def signed_publications_root() -> str:
    """Where publications go for those who check them, as a URL (``DEAN06_SIGNED_PUBLICATIONS``):
    best a store that takes new files and lets none be changed. They hold no identities."""
    return (
        value("DEAN06_SIGNED_PUBLICATIONS")
        or (PROJECT / ".dean06" / "signed_publications").as_uri()
    )


def open_data_root() -> str:
    """Where the DAG ``release_open_data`` writes releases, as a URL (``DEAN06_OPEN_DATA``)."""
    return value("DEAN06_OPEN_DATA") or (PROJECT / ".dean06" / "open_data").as_uri()


def smallest_shown_count() -> int:
    """Counts of persons from 1 to below this are not published (``DEAN06_SMALLEST_SHOWN_COUNT``);
    0 and 1 publish everything."""
    return int(value("DEAN06_SMALLEST_SHOWN_COUNT") or 5)


def alert_urls() -> list[str]:
    """Apprise URLs that are notified of problems (``DEAN06_ALERT_URLS``), separated by spaces:
    ``mailtos://user:password@host?to=…``, ``jsons://host/path`` … They hold secrets."""
    return value("DEAN06_ALERT_URLS").split()


def report_urls() -> list[str]:
    """Apprise URLs that the reports of periods are sent to (``DEAN06_REPORT_URLS``), as for
    ``DEAN06_ALERT_URLS``, which is used where this is empty."""
    return value("DEAN06_REPORT_URLS").split() or alert_urls()


def metrics_address() -> str:
    """Where the watchdog serves metrics for Prometheus (``DEAN06_METRICS``): ``HOST:PORT``, or
    ``:PORT`` for this machine only. Empty: nowhere."""
    return value("DEAN06_METRICS")


def airflow_api() -> str:
    """Airflow's address with the login of a user who may read runs (``DEAN06_AIRFLOW_API``):
    ``http://user:password@host:8080``. Empty: failed tasks that left no trace in the ledger are
    not reported."""
    return value("DEAN06_AIRFLOW_API")


def stops() -> Path | None:
    """File with the moments at which the system was stopped on purpose, one a line
    (``DEAN06_STOPS``); ``make run`` writes it. Empty: tasks that ended with the system are reported
    as killed."""
    found = value("DEAN06_STOPS")
    return Path(found) if found else None


def scheduled_from() -> date:
    """First day for which syncs are scheduled and expected (``DEAN06_SCHEDULE_FROM``)."""
    return date.fromisoformat(value("DEAN06_SCHEDULE_FROM") or "2022-01-06")


def syncs_on_request_only() -> bool:
    """Whether the scheduler starts no sync by itself: the first scheduled day is in 2100 or later.
    The simulated world ends in 2023, so days are synced on request."""
    return scheduled_from() >= _NEVER


def max_unpacked_bytes() -> int:
    """What one compressed file may unpack to (``DEAN06_MAX_UNPACKED_BYTES``): 4 GiB, ten times what
    a province's largest file needs."""
    return int(value("DEAN06_MAX_UNPACKED_BYTES") or 4 * 1024**3)


def retry_seconds() -> float:
    """Seconds before a failed task is tried again (``DEAN06_RETRY_SECONDS``)."""
    return float(value("DEAN06_RETRY_SECONDS") or 300)


def postgres_programs() -> str:
    """Folder of ``pg_dump`` and ``pg_restore`` (``DEAN06_PG_BIN``), searched before the path."""
    return value("DEAN06_PG_BIN")


def pages_url() -> str:
    """The address that browsers know ``serve`` by (``DEAN06_PAGES_URL``): the provider sends them
    back to its ``/login/back``."""
    return value("DEAN06_PAGES_URL") or "http://localhost:8089"


def pages_secret() -> str:
    """What ``serve`` signs logins and forms with (``DEAN06_PAGES_SECRET``): 32 random characters or
    more. Inside Airflow its own ``[api] secret_key`` is used."""
    return value("DEAN06_PAGES_SECRET")


def api_origins() -> list[str]:
    """Origins of web sites whose pages may read the API in a browser (``DEAN06_API_ORIGINS``),
    separated by spaces. Empty: none."""
    return value("DEAN06_API_ORIGINS").split()


def api_requests() -> int:
    """Requests that a server process of the API works on at once (``DEAN06_API_REQUESTS``), 1 to
    10: each uses a connection, of which ten stay open. Raises Dean06Error for another number."""
    written = value("DEAN06_API_REQUESTS") or "8"
    if not (written.isascii() and written.isdecimal() and 1 <= int(written) <= 10):
        raise Dean06Error(detail("api_requests_invalid"))
    return int(written)


def airflow_url() -> str:
    """Airflow's address for readers of ``serve`` (``DEAN06_AIRFLOW_URL``); without it no page links
    there."""
    return value("DEAN06_AIRFLOW_URL").rstrip("/")


def oidc_issuer() -> str:
    """The OpenID Connect provider of ``serve`` (``DEAN06_OIDC_ISSUER``): the address below which it
    has ``/.well-known/openid-configuration``."""
    issuer = value("DEAN06_OIDC_ISSUER")
    if not issuer:
        raise Dean06Error(detail("issuer_not_set"))
    return issuer


def oidc_client_id() -> str:
    """What the provider calls ``serve`` (``DEAN06_OIDC_CLIENT_ID``)."""
    return value("DEAN06_OIDC_CLIENT_ID") or "dean06"


def oidc_client_secret() -> str:
    """The secret that the provider has given ``serve`` (``DEAN06_OIDC_CLIENT_SECRET``)."""
    return value("DEAN06_OIDC_CLIENT_SECRET")


def oidc_scope() -> str:
    """What ``serve`` asks the provider for (``DEAN06_OIDC_SCOPE``)."""
    return value("DEAN06_OIDC_SCOPE") or "openid profile"


def oidc_name_claim() -> str:
    """The claim that names a reader in the audit trail (``DEAN06_OIDC_NAME_CLAIM``); it must never
    be given to another person."""
    return value("DEAN06_OIDC_NAME_CLAIM") or "preferred_username"


def oidc_roles_claim() -> str:
    """The claim that lists a reader's roles (``DEAN06_OIDC_ROLES_CLAIM``), as ``roles`` or
    ``realm_access.roles``: dean06_reader, dean06_steward, dean06_releaser, dean06_admin."""
    return value("DEAN06_OIDC_ROLES_CLAIM") or "roles"


def oidc_province() -> str:
    """The code of the province that ``serve`` shows (``DEAN06_OIDC_PROVINCE``): readers must
    have it in their claim ``province``. Empty: the claim is not asked for."""
    return value("DEAN06_OIDC_PROVINCE")


def start_of(day: date) -> datetime:
    """Midnight at which a Vietnamese calendar day begins."""
    return datetime.combine(day, time(), TIMEZONE)


def end_of(day: date) -> datetime:
    """Midnight at which a Vietnamese calendar day ends."""
    return start_of(day + timedelta(days=1))
