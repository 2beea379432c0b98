-- Purpose:    refuse a value without its publication or definition, once for all rows of a
--             statement. Publications and definitions are never deleted.
-- Grain:      none (trigger function).
-- Parameters: none.
-- Reads:      mart.kpi_publication, mart.kpi_definition.
-- Writes:     mart.refuse_unknown_parent; trigger of mart.kpi_value; trigger of ops.kpi_withheld.
create or replace function mart.refuse_unknown_parent() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if exists (
        select publication_id from inserted
        except
        select publication_id from mart.kpi_publication
    ) or exists (
        select kpi_code, kpi_version from inserted
        except
        select kpi_code, kpi_version from mart.kpi_definition
    ) then
        raise exception 'a value needs a publication and a definition that exist'
            using errcode = '23503';
    end if;
    return null;
end
$$;

comment on function mart.refuse_unknown_parent() is
'Refuses values without publication or definition.';

create or replace trigger kpi_value_has_parents after insert
on mart.kpi_value referencing new table as inserted
for each statement execute function mart.refuse_unknown_parent();

create or replace trigger kpi_withheld_has_parents after insert
on ops.kpi_withheld referencing new table as inserted
for each statement execute function mart.refuse_unknown_parent();

revoke execute on function mart.refuse_unknown_parent() from public;
