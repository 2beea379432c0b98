-- Purpose:    all that a role can reach in this database: by its own grants, those of roles it is
--             a member of, what everybody has, and what it will have of objects to come.
-- Grain:      one row per kind, object and privilege. What PostgreSQL itself gives everybody on its
--             own catalogue is left out; what somebody granted on it since is not.
-- Parameters: role.
-- Reads:      the catalogue.
-- Writes:     nothing.
with asked as (
    select
        oid,
        rolname
    from pg_roles
    where rolname = :role
),

-- Roles whose grants count: itself, those it may become, everybody (0).
grantee as (
    select pg_roles.oid
    from pg_roles
    cross join asked
    where pg_has_role(asked.oid, pg_roles.oid, 'member')
    union all
    select 0::oid as oid
),

own_schema as (
    select
        oid,
        nspname
    from pg_namespace
    where nspname <> 'information_schema' and nspname !~ '^pg_'
),

relation as (
    select
        class.oid,
        class.relkind,
        own_schema.nspname || '.' || class.relname as name
    from pg_class as class
    inner join own_schema on class.relnamespace = own_schema.oid
    cross join asked
    where has_schema_privilege(asked.oid, own_schema.oid, 'usage')
),

system_object as (
    select
        class.oid,
        'pg_class'::regclass as kind,
        class.oid::regclass::text as name,
        class.relacl as acl
    from pg_class as class
    -- What standard SQL shows everybody is about objects they own or may use.
    where
        class.relnamespace in (
            select space.oid from pg_namespace as space
            where space.nspname ~ '^pg_'
        )
    union all
    select
        proc.oid,
        'pg_proc'::regclass as kind,
        proc.oid::regprocedure::text as name,
        proc.proacl as acl
    from pg_proc as proc
    where proc.pronamespace in (
        select space.oid from pg_namespace as space
        where space.nspname ~ '^pg_'
    )
)

select
    'attribute' as kind,
    '' as name,
    attribute.privilege
from pg_roles
inner join grantee on pg_roles.oid = grantee.oid
cross join
    lateral (
        values
        ('superuser', pg_roles.rolsuper), ('createrole', pg_roles.rolcreaterole),
        ('createdb', pg_roles.rolcreatedb), ('replication', pg_roles.rolreplication),
        ('bypassrls', pg_roles.rolbypassrls)
    ) as attribute (privilege, is_held)
where attribute.is_held
union
select
    'role' as kind,
    pg_roles.rolname as name,
    'member' as privilege
from pg_roles
inner join grantee on pg_roles.oid = grantee.oid
where pg_roles.oid not in (select asked.oid from asked)
union
select
    'database' as kind,
    '' as name,
    asking.privilege
from asked
cross join (values ('connect'), ('create'), ('temporary')) as asking (privilege)
where has_database_privilege(asked.oid, current_database(), asking.privilege)
union
select
    'schema' as kind,
    own_schema.nspname as name,
    asking.privilege
from own_schema
cross join asked
cross join (values ('usage'), ('create')) as asking (privilege)
where has_schema_privilege(asked.oid, own_schema.oid, asking.privilege)
union
select
    'relation' as kind,
    relation.name,
    asking.privilege
from relation
cross join asked
cross join (
    values ('select'), ('insert'), ('update'), ('delete'), ('truncate'), ('references'), ('trigger')
) as asking (privilege)
where
    relation.relkind in ('r', 'v', 'm', 'p', 'f')
    and has_table_privilege(asked.oid, relation.oid, asking.privilege)
union
-- Columns granted one by one.
select
    'column' as kind,
    relation.name || '.' || attribute.attname as name,
    asking.privilege
from relation
inner join pg_attribute as attribute on relation.oid = attribute.attrelid
cross join asked
cross join (values ('select'), ('insert'), ('update'), ('references')) as asking (privilege)
where
    relation.relkind in ('r', 'v', 'm', 'p', 'f')
    and not attribute.attisdropped
    and has_column_privilege(asked.oid, relation.oid, attribute.attnum, asking.privilege)
    and not has_table_privilege(asked.oid, relation.oid, asking.privilege)
union
select
    'sequence' as kind,
    relation.name,
    asking.privilege
from relation
cross join asked
cross join (values ('usage'), ('select'), ('update')) as asking (privilege)
where
    relation.relkind = 'S'
    and has_sequence_privilege(asked.oid, relation.oid, asking.privilege)
union
-- Also in schemas it may not enter: a view or operator may call what nobody can name.
select
    'function' as kind,
    proc.oid::regprocedure::text as name,
    case when proc.prosecdef then 'execute as its owner' else 'execute' end as privilege
from pg_proc as proc
inner join own_schema on proc.pronamespace = own_schema.oid
cross join asked
where
    has_function_privilege(asked.oid, proc.oid, 'execute')
    and (proc.prosecdef or has_schema_privilege(asked.oid, own_schema.oid, 'usage'))
    -- An extension's functions compute from what they are given.
    and not exists (
        select from pg_depend
        where pg_depend.objid = proc.oid and pg_depend.deptype = 'e'
    )
union
select
    'system' as kind,
    system_object.name,
    lower(granted.privilege_type) as privilege
from system_object
cross join lateral aclexplode(system_object.acl) as granted
inner join grantee on granted.grantee = grantee.oid
where
    not exists (
        select from pg_init_privs as initial
        cross join lateral aclexplode(initial.initprivs) as given
        where
            initial.objoid = system_object.oid
            and initial.classoid = system_object.kind
            and given.grantee = granted.grantee
            and given.privilege_type = granted.privilege_type
    )
union
select
    'default privilege' as kind,
    concat_ws(' ', coalesce(pg_namespace.nspname, 'every schema'), pg_default_acl.defaclobjtype)
        as name,
    lower(granted.privilege_type) as privilege
from pg_default_acl
left join pg_namespace on pg_default_acl.defaclnamespace = pg_namespace.oid
cross join lateral aclexplode(pg_default_acl.defaclacl) as granted
inner join grantee on granted.grantee = grantee.oid
union
select
    'large object' as kind,
    '' as name,
    lower(granted.privilege_type) as privilege
from pg_largeobject_metadata as object
cross join lateral aclexplode(object.lomacl) as granted
inner join grantee on granted.grantee = grantee.oid
union
select
    'foreign server' as kind,
    pg_foreign_server.srvname as name,
    'usage' as privilege
from pg_foreign_server
cross join asked
where has_server_privilege(asked.oid, pg_foreign_server.oid, 'usage')
union
select
    'setting' as kind,
    pg_parameter_acl.parname as name,
    lower(granted.privilege_type) as privilege
from pg_parameter_acl
cross join lateral aclexplode(pg_parameter_acl.paracl) as granted
inner join grantee on granted.grantee = grantee.oid
order by kind, name, privilege
