-- Purpose:    a view or function as PostgreSQL knows it: a digest of all that its file says
--             (definition, options, comments, grants, triggers, policies, and constraints that call
--             it), so that a change by hand is noticed.
-- Grain:      one row per view or function; functions that extensions brought are left out.
-- Parameters: name: schema and name; functions may share one.
-- Reads:      the catalogue.
-- Writes:     nothing.
with known as (
    select
        'pg_class'::regclass as class_id,
        view.oid as object_id,
        'view' as kind,
        view.oid::regclass::text as object_name,
        pg_get_viewdef(view.oid) || coalesce(view.reloptions::text, '') as definition,
        view.relacl as grants,
        view.relowner as owner_id
    from pg_class as view
    inner join pg_namespace as schema on view.relnamespace = schema.oid
    where view.relkind = 'v' and schema.nspname || '.' || view.relname = :name
    union all
    select
        'pg_proc'::regclass as class_id,
        routine.oid as object_id,
        'function' as kind,
        routine.oid::regprocedure::text as object_name,
        pg_get_functiondef(routine.oid) as definition,
        routine.proacl as grants,
        routine.proowner as owner_id
    from pg_proc as routine
    inner join pg_namespace as schema on routine.pronamespace = schema.oid
    where
        routine.prokind = 'f'
        and schema.nspname || '.' || routine.proname = :name
        and not exists (
            select from pg_depend as brought
            where
                brought.classid = 'pg_proc'::regclass
                and brought.objid = routine.oid
                and brought.deptype = 'e'
        )
)

select
    known.object_id,
    known.kind,
    known.object_name,
    md5(concat_ws(
        E'\n',
        known.definition,
        (
            -- Whoever the owner is.
            select string_agg(entry.said, ' ' order by entry.said)
            from (
                select
                    concat(
                        case
                            when granted.grantee = known.owner_id then 'owner'
                            when granted.grantee = 0 then 'public'
                            else pg_get_userbyid(granted.grantee)
                        end, '=', granted.privilege_type, granted.is_grantable
                    ) as said
                from aclexplode(known.grants) as granted
            ) as entry
        ),
        (
            select string_agg(shown.attname || shown.attacl::text, ' ' order by shown.attnum)
            from pg_attribute as shown
            where known.kind = 'view' and shown.attrelid = known.object_id
        ),
        (
            select string_agg(said.objsubid || said.description, E'\n' order by said.objsubid)
            from pg_description as said
            where said.classoid = known.class_id and said.objoid = known.object_id
        ),
        (
            select
                string_agg(
                    pg_get_triggerdef(fired.oid) || fired.tgenabled::text, E'\n'
                    order by pg_get_triggerdef(fired.oid)
                )
            from pg_trigger as fired
            where known.kind = 'function' and fired.tgfoid = known.object_id
        ),
        (
            select
                string_agg(
                    limited.conrelid::regclass || ' ' || limited.conname
                    || pg_get_constraintdef(limited.oid),
                    E'\n' order by limited.conname, limited.conrelid
                )
            from pg_constraint as limited
            where
                limited.contype = 'c'
                and limited.oid in (
                    select needs.objid
                    from pg_depend as needs
                    where
                        needs.classid = 'pg_constraint'::regclass
                        and needs.refclassid = known.class_id
                        and needs.refobjid = known.object_id
                )
        ),
        (
            select
                string_agg(
                    policy.polrelid::regclass::text || policy.polname || policy.polcmd::text
                    || policy.polpermissive::text || policy.polroles::text
                    || coalesce(pg_get_expr(policy.polqual, policy.polrelid), ''),
                    E'\n' order by policy.polname, policy.polrelid
                )
            from pg_policy as policy
            where
                policy.oid in (
                    select needs.objid
                    from pg_depend as needs
                    where
                        needs.classid = 'pg_policy'::regclass
                        and needs.refclassid = known.class_id
                        and needs.refobjid = known.object_id
                )
        )
    )) as digest
from known
order by known.object_id
