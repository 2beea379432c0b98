"""Who runs a command: the login decides, nobody types a name.

``db:lan``: the command's own login of PostgreSQL (``DEAN06_WAREHOUSE_DSN`` names a person's login
instead of the service account). ``os:lan``: the account of the operating system, by its number, not
by a variable of the environment.
"""

import os
import pwd

from dean06.errors import Dean06Error
from dean06.warehouse import transaction

_OWN_LOGIN = """select
    session_user::text as login, session_user <> pg_get_userbyid(datdba) as is_own
from pg_database where datname = current_database()"""


def person() -> str:
    """The login of whoever runs the command.

    Raises Dean06Error when the account has no name.
    """
    with transaction(role="") as session:
        found = session.one(_OWN_LOGIN)
    if found.is_own:
        return f"db:{found.login}"
    try:
        return f"os:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:
        raise Dean06Error(
            f"account {os.getuid()} has no user name, and decisions are recorded by name: log in "
            "with your own account"
        ) from None
