-- Purpose:    statements that bring grants and comments of a view or function back to those of one
--             that is newly created, so that its file says all there is to say.
-- Grain:      one row per statement, in the order in which they are to be run.
-- Parameters: object: object id of the view or function.
-- Reads:      the catalogue.
-- Writes:     nothing.
with given as (
    select
        'pg_class'::regclass as class_id,
        view.oid as object_id,
        'table ' || view.oid::regclass as on_what,
        'view ' || view.oid::regclass as what,
        view.relacl as grants,
        view.relowner as owner_id,
        view.relnamespace as schema_id,
        'r' as default_kind
    from pg_class as view
    where view.oid = :object and view.relkind = 'v'
    union all
    select
        'pg_proc'::regclass as class_id,
        routine.oid as object_id,
        'function ' || routine.oid::regprocedure as on_what,
        'function ' || routine.oid::regprocedure as what,
        routine.proacl as grants,
        routine.proowner as owner_id,
        routine.pronamespace as schema_id,
        'f' as default_kind
    from pg_proc as routine
    where routine.oid = :object
),

revoked as (
    select distinct
        given.*,
        case
            when entry.grantee = 0 then 'public'
            else quote_ident(pg_get_userbyid(entry.grantee))
        end as grantee
    from given
    cross join
        lateral (
            select whole.grantee from aclexplode(given.grants) as whole
            union
            select part.grantee
            from pg_attribute as shown
            cross join lateral aclexplode(shown.attacl) as part
            where given.default_kind = 'r' and shown.attrelid = given.object_id
        ) as entry
    where entry.grantee <> given.owner_id
)

select said.statement
from (
    select
        1 as position,
        format('revoke all on %s from %s cascade', on_what, grantee) as statement
    from revoked
    union all
    select
        2 as position,
        format('grant execute on %s to public', on_what) as statement
    from given
    where default_kind = 'f' and grants is not null
    union all
    select
        2 as position,
        format(
            'grant %s on %s to %I', entry.privilege_type, given.on_what,
            pg_get_userbyid(entry.grantee)
        ) as statement
    from given
    inner join pg_default_acl as defaults
        on
            given.schema_id = defaults.defaclnamespace
            and given.owner_id = defaults.defaclrole
            and given.default_kind = defaults.defaclobjtype::text
    cross join lateral aclexplode(defaults.defaclacl) as entry
    where given.default_kind = 'r' and entry.grantee <> 0
    union all
    select
        3 as position,
        case
            when comment.objsubid = 0 then format('comment on %s is null', given.what)
            else format(
                'comment on column %s.%I is null', given.object_id::regclass, attribute.attname
            )
        end as statement
    from given
    inner join pg_description as comment
        on given.class_id = comment.classoid and given.object_id = comment.objoid
    left join pg_attribute as attribute
        on comment.objsubid = attribute.attnum and given.object_id = attribute.attrelid
) as said
order by said.position, said.statement
