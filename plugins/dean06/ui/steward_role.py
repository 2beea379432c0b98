"""``python -m dean06.ui.steward_role``: Airflow's roles of those who may see quarantined records,
and of those who may release held KPIs.

For the FAB auth manager, whose commands cannot name a resource that is not Airflow's own. People
get a role beside the one that lets them see Airflow (Viewer); running it again changes nothing.
"""

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.providers.fab.www.security import permissions

from dean06.provinces import current
from dean06.ui.airflow_login import (
    PAGES_RESOURCE,
    RELEASE_RESOURCE,
    STEWARD_RESOURCE,
    resource_of,
)

ROLE = "dean06_steward"
RELEASER_ROLE = "dean06_releaser"
READER_ROLE = "dean06_reader"


def _permissions(resource: str, name: str) -> tuple[tuple[str, str], ...]:
    dag = f"{permissions.RESOURCE_DAG_PREFIX}{current.dag_id(name)}"
    return (
        *_reading(),
        (permissions.ACTION_CAN_READ, resource_of(resource)),
        # To have Airflow start at once on what was decided; without it the next run does.
        (permissions.ACTION_CAN_READ, dag),
        (permissions.ACTION_CAN_EDIT, dag),
        (permissions.ACTION_CAN_CREATE, permissions.RESOURCE_DAG_RUN),
    )


def _reading() -> tuple[tuple[str, str], ...]:
    """What readers of a province need beside the permission on plugins; nothing where there is only
    one."""
    return ((permissions.ACTION_CAN_READ, resource_of(PAGES_RESOURCE)),) if current.key() else ()


def roles() -> dict[str, tuple[tuple[str, str], ...]]:
    """The roles with their permissions; where there are several provinces, those of each, readers
    too."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for key in current.all_keys():
        with current.acting(key):
            suffix = f"_{key}" if key else ""
            found |= {READER_ROLE + suffix: _reading()} if key else {}
            found |= {
                ROLE + suffix: _permissions(STEWARD_RESOURCE, "replay_corrections"),
                RELEASER_ROLE + suffix: _permissions(RELEASE_RESOURCE, "build_kpis"),
            }
    return found


def make() -> None:
    """Create the roles and their permissions in Airflow's metadata database."""
    with get_application_builder() as builder:
        for name, granted in roles().items():
            role = builder.sm.add_role(name)
            for action, resource in granted:
                permission = builder.sm.create_permission(action, resource)
                builder.sm.add_permission_to_role(role, permission)


if __name__ == "__main__":
    make()
    print(f"roles {', '.join(roles())} exist: assign them to users in addition to Viewer")
