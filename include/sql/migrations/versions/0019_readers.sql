-- Purpose:    readers get what is named for them and nothing by default; readers of one province.
-- Grain:      none (structure only).
-- Parameters: none.
-- Reads:      pg_roles.
do $$
begin
    if not exists (select from pg_roles where rolname = 'dean06_bi_province') then
        create role dean06_bi_province nologin;
    end if;
    grant dean06_bi_province to current_user;
end
$$;
comment on role dean06_bi_province is
'Reads mart, the rows of those provinces that its login is assigned to (ops.province_reader).';
grant usage on schema mart to dean06_bi_province;

-- A relation of tomorrow is nobody's to read until a migration says whose.
alter default privileges in schema mart revoke select on tables from dean06_bi;
-- Everybody may call a function unless told otherwise.
revoke execute on all functions in schema mart from public;
