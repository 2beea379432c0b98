"""What one run of ``make containers`` leaves for the next: the settings of the containers and the
digests that their warehouse has to have."""

import json
import re

from dean06.cli import init_env
from dean06.reports.digest import warehouse_digest
from ministries.servers import running
from tests.conftest import private_cluster
from tests.containers.engine import EngineError
from tests.lib.compose_file import PROJECT
from tests.lib.syncing import sync

FOLDER = PROJECT / "build" / "containers"
ENV_FILE = FOLDER / "env"
_DIGESTS = FOLDER / "digests.json"
SCALE = 0.01


def begin(settings: dict[str, str], days: tuple[str, ...]) -> None:
    """Write settings with fresh secrets, and the digest after each day, synced without
    containers. Raises EngineError where a run was left up."""
    if ENV_FILE.exists():
        raise EngineError(
            f"an earlier run was left up: continue it with --from, or remove it with --from end "
            f"({ENV_FILE})"
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    _DIGESTS.write_text(json.dumps(_synced_here(days)), encoding="utf-8")
    init_env.init_env(ENV_FILE, "admin", simulation=True)
    text = with_settings(ENV_FILE.read_text(encoding="utf-8"), settings)
    ENV_FILE.write_text(text, encoding="utf-8")


def digests() -> dict[str, str]:
    """The digest after each day. Raises EngineError where no run was left up."""
    if not ENV_FILE.exists():
        raise EngineError("no earlier run was left up: begin with --keep and without --from")
    found: dict[str, str] = json.loads(_DIGESTS.read_text(encoding="utf-8"))
    return found


def forget() -> None:
    """After the containers are gone, their secrets are of no use."""
    ENV_FILE.unlink(missing_ok=True)


def with_settings(text: str, settings: dict[str, str]) -> str:
    """The text of an ``.env`` with settings filled in. Raises EngineError for one it lacks."""
    for name, value in settings.items():
        text, count = re.subn(rf"(?m)^{name}=.*$", lambda _, line=f"{name}={value}": line, text)
        if count != 1:
            raise EngineError(f".env.example has no line {name}=")
    return text


def _synced_here(days: tuple[str, ...]) -> dict[str, str]:
    found = {}
    with (
        private_cluster() as cluster,
        cluster.copy(cluster.migrated()),
        running("tien_giang_2022", SCALE) as ministries,
    ):
        for day in days:
            sync(ministries, day)
            found[day] = warehouse_digest()["total"]
    return found
