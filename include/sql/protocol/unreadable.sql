-- Purpose:    rows of a load that core SQL cannot give their types, or gives no key, version or
--             day: rows that a rule of the suite ought to have rejected. Ranges of rows are read at
--             once; one that fails is halved until the failing rows are left.
-- Grain:      one row per unreadable record.
-- Parameters: meaning: the dataset's core SQL; identity: the columns that must not be empty;
--             dated_by: neither must this one, but where deleted withdraws the record.
-- Reads:      accepted (the rows of one load that broke no critical rule), numbered.
-- Writes:     numbered, unreadable (temporary).
create temporary table numbered on commit drop as
select
    accepted.*,
    row_number() over () as _number
from accepted;

create unique index on numbered (_number);

create function pg_temp.unreadable_rows(_from bigint, _upto bigint)
returns setof bigint
language plpgsql
as $unreadable$
declare
    _unidentified bigint;
begin
    begin
        with accepted as (select * from numbered where _number between _from and _upto),

        typed as ({meaning}),

        -- The text of a row: so that no column is left out as not needed.
        written as (select typed::text as row_text, num_nulls({identity})
            + case when {deleted} then 0 else num_nulls({dated_by}) end as nulls from typed)

        select count(*) filter (where length(row_text) > 0 and nulls > 0)
        into _unidentified
        from written;
        if _unidentified = 0 then
            return;
        end if;
    exception
        when data_exception then null;
    end;
    if _from = _upto then
        return query select _row from numbered where _number = _from;
    else
        return query select * from pg_temp.unreadable_rows(_from, (_from + _upto) / 2);
        return query select * from pg_temp.unreadable_rows((_from + _upto) / 2 + 1, _upto);
    end if;
end
$unreadable$;

create temporary table unreadable on commit drop as
select found._row
from (select count(*) as records from numbered) as whole
cross join lateral pg_temp.unreadable_rows(1, whole.records) as found (_row)
where whole.records > 0
