-- Purpose:    what would be dropped with a view or function: everything that stands on it, directly
--             or through another object.
-- Grain:      one row per object.
-- Parameters: objects: object ids of the views and functions.
-- Reads:      the catalogue.
-- Writes:     nothing.
with recursive dependent as (
    select
        known.classid as class_id,
        known.objid as object_id
    from (
        select
            'pg_class'::regclass::oid as classid,
            oid as objid
        from pg_class
        union all
        select
            'pg_proc'::regclass::oid as classid,
            oid as objid
        from pg_proc
    ) as known
    where known.objid = any(:objects)
    union
    -- A view stands on another one by its rule.
    select
        case when rule.oid is null then needs.classid else 'pg_class'::regclass::oid end
            as class_id,
        coalesce(rule.ev_class, needs.objid) as object_id
    from dependent
    inner join pg_depend as needs
        on
            dependent.class_id = needs.refclassid
            and dependent.object_id = needs.refobjid
            -- Not the parts of an object; but its row type, which others may use.
            and (needs.deptype = 'n' or needs.classid = 'pg_type'::regclass)
    left join pg_rewrite as rule
        on needs.classid = 'pg_rewrite'::regclass and needs.objid = rule.oid
)

select distinct
    named.type as kind,
    named.identity as object_name
from dependent
cross join lateral pg_identify_object(dependent.class_id, dependent.object_id, 0) as named
where
    dependent.object_id <> all(:objects)
    -- The row type of a view.
    and not exists (
        select from pg_type as row_type
        where
            dependent.class_id = 'pg_type'::regclass
            and row_type.oid = dependent.object_id
            and (
                row_type.typrelid <> 0
                or exists (
                    select from pg_type as of_rows
                    where of_rows.oid = row_type.typelem and of_rows.typrelid <> 0
                )
            )
    )
order by kind, object_name
