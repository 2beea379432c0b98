-- Purpose:    record that somebody lists the records behind a published value, and why, before any
--             is shown; with the reason where they may not be listed: there is no such number, it
--             is hidden, or its province is none of the reader's. It runs as the owner: nobody
--             writes readings past it.
-- Grain:      one row: the value as counted, without numbers where it may not be listed.
-- Parameters: which_publication, which_kpi, which_boundaries, which_level, which_unit,
--             which_breakdown, which_member: the value; which_page; who, why: the reader.
-- Reads:      mart.kpi_publication, mart.kpi_value, ops.kpi_exact, ops.province_reader.
-- Writes:     ops.read_value, ops.value_read.
create or replace function ops.read_value(
    which_publication bigint, which_kpi text, which_boundaries text, which_level text,
    which_unit text, which_breakdown text, which_member text, which_page integer, who text,
    why text
) returns table (
    as_of_date date, numerator bigint, denominator bigint, refused_because text
)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    published record;
    refusal text;
begin
    select value.province_code, value.is_suppressed, value.unknown_because, publication.as_of_date
    into published
    from mart.kpi_value as value
    inner join mart.kpi_publication as publication
        on value.publication_id = publication.publication_id
    where
        value.publication_id = which_publication
        and value.kpi_code = which_kpi
        and value.boundary_version = which_boundaries
        and value.unit_level = which_level
        and value.unit_code = which_unit
        and value.breakdown = which_breakdown
        and value.member_code = which_member;
    refusal := case
        when not found or published.unknown_because is not null then 'not_published'
        when published.is_suppressed then 'hidden'
        -- Whoever is assigned to no province reads all of them.
        when
            exists (
                select from ops.province_reader as assigned
                where ops.person_of(assigned.login_name) = ops.person_of(who)
            )
            and not exists (
                select from ops.province_reader as assigned
                where
                    ops.person_of(assigned.login_name) = ops.person_of(who)
                    and assigned.province_code = published.province_code
            )
            then 'other_province'
    end;
    insert into ops.value_read (
        reader, reason, publication_id, kpi_code, boundary_version, unit_level, unit_code,
        breakdown, member_code, page_no, refused_because
    )
    values (
        who, why, which_publication, which_kpi, which_boundaries, which_level, which_unit,
        which_breakdown, which_member, which_page, refusal
    );
    if refusal is not null then
        return query select null::date, null::bigint, null::bigint, refusal;
        return;
    end if;
    return query
    select published.as_of_date, exact.numerator, exact.denominator, null::text
    from ops.kpi_exact as exact
    where
        exact.publication_id = which_publication
        and exact.kpi_code = which_kpi
        and exact.boundary_version = which_boundaries
        and exact.unit_level = which_level
        and exact.unit_code = which_unit
        and exact.breakdown = which_breakdown
        and exact.member_code = which_member;
end
$$;

comment on function ops.read_value(
    bigint, text, text, text, text, text, text, integer, text, text
) is
'A published value as counted, after its reader and reason are written down; or why the records
behind it may not be listed.';

revoke all on function ops.read_value(
    bigint, text, text, text, text, text, text, integer, text, text
) from public;
grant execute on function ops.read_value(
    bigint, text, text, text, text, text, text, integer, text, text
) to dean06_ui, dean06_loader;
