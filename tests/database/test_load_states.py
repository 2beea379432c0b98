"""The ledger allows the states that the steps know, and begins with the first."""

import re

import pytest

from dean06.load.steps import State
from tests.lib.loading import rows

pytestmark = pytest.mark.usefixtures("warehouse")


def test_the_ledger_allows_the_states_of_a_load_and_no_other() -> None:
    checks = rows(
        """select pg_get_constraintdef(con.oid) from pg_constraint as con
           inner join pg_attribute as att
               on con.conrelid = att.attrelid and con.conkey = array[att.attnum]
           where con.conrelid = 'ops.load'::regclass and con.contype = 'c'
               and att.attname = 'status'"""
    )
    allowed = {name for (text,) in checks for name in re.findall(r"'(\w+)'", text)}
    assert len(checks) == 1
    assert allowed == set(State)


def test_a_load_begins_open() -> None:
    [(default,)] = rows(
        """select column_default from information_schema.columns
           where table_schema = 'ops' and table_name = 'load' and column_name = 'status'"""
    )
    assert default == f"'{State.OPEN}'::text"
