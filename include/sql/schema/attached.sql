-- Purpose:    triggers, policies and check constraints: what could go with a function it needs.
-- Grain:      one trigger, policy or constraint.
-- Parameters: none.
-- Reads:      the catalogue.
-- Writes:     nothing.
select 'trigger ' || tgname || ' on ' || tgrelid::regclass as object_name
from pg_trigger
where not tgisinternal
union all
select 'policy ' || polname || ' on ' || polrelid::regclass as object_name
from pg_policy
union all
select 'constraint ' || conname || ' on ' || conrelid::regclass as object_name
from pg_constraint
where contype = 'c' and conrelid <> 0
