"""``python -m dean06.ui.steward_role``: Airflow's roles of those who may see quarantined records,
and of those who may release held KPIs.

For the FAB auth manager, whose commands cannot name a resource that is not Airflow's own. People
get a role beside the one that lets them see Airflow (Viewer); running it again changes nothing.
"""

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.providers.fab.www.security import permissions

from dean06.ui.airflow_login import RELEASE_RESOURCE, STEWARD_RESOURCE

ROLE = "dean06_steward"
RELEASER_ROLE = "dean06_releaser"


def _permissions(resource: str, dag_id: str) -> tuple[tuple[str, str], ...]:
    dag = f"{permissions.RESOURCE_DAG_PREFIX}{dag_id}"
    return (
        (permissions.ACTION_CAN_READ, resource),
        # To have Airflow start at once on what was decided; without it the next run does.
        (permissions.ACTION_CAN_READ, dag),
        (permissions.ACTION_CAN_EDIT, dag),
        (permissions.ACTION_CAN_CREATE, permissions.RESOURCE_DAG_RUN),
    )


ROLES = {
    ROLE: _permissions(STEWARD_RESOURCE, "replay_corrections"),
    RELEASER_ROLE: _permissions(RELEASE_RESOURCE, "build_kpis"),
}


def make() -> None:
    """Create the roles and their permissions in Airflow's metadata database."""
    with get_application_builder() as builder:
        for name, granted in ROLES.items():
            role = builder.sm.add_role(name)
            for action, resource in granted:
                permission = builder.sm.create_permission(action, resource)
                builder.sm.add_permission_to_role(role, permission)


if __name__ == "__main__":
    make()
    print(f"roles {', '.join(ROLES)} exist: assign them to users in addition to Viewer")
