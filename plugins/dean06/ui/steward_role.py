"""``python -m dean06.ui.steward_role``: Airflow's role of those who may see quarantined records.

For the FAB auth manager, whose commands cannot name a resource that is not Airflow's own. Stewards
get it beside the role that lets them see Airflow (Viewer); running it again changes nothing.
"""

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.providers.fab.www.security import permissions

from dean06.ui.access import STEWARD_RESOURCE

ROLE = "dean06_steward"
_REPLAYS = f"{permissions.RESOURCE_DAG_PREFIX}replay_corrections"
PERMISSIONS = (
    (permissions.ACTION_CAN_READ, STEWARD_RESOURCE),
    # To have Airflow start on a replay at once; without it the hourly run does.
    (permissions.ACTION_CAN_READ, _REPLAYS),
    (permissions.ACTION_CAN_EDIT, _REPLAYS),
    (permissions.ACTION_CAN_CREATE, permissions.RESOURCE_DAG_RUN),
)


def make() -> None:
    """Create the role and its permissions in Airflow's metadata database."""
    with get_application_builder() as builder:
        role = builder.sm.add_role(ROLE)
        for action, resource in PERMISSIONS:
            builder.sm.add_permission_to_role(role, builder.sm.create_permission(action, resource))


if __name__ == "__main__":
    make()
    print(f"role {ROLE} exists: give it to stewards, beside Viewer")
