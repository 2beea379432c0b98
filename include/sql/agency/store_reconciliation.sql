-- Purpose:    note what a reconciliation was made from and which files it has. One that came to the
--             same keeps the time at which it was made.
-- Grain:      one day.
-- Parameters: day, as_of, load_count, last_load_id, differences, csv_name, csv_sha256, xlsx_name,
--             xlsx_sha256.
-- Reads:      nothing.
-- Writes:     ops.portal_reconciliation.
insert into ops.portal_reconciliation as known (
    day, as_of, load_count, last_load_id, difference_count, csv_name, csv_sha256, xlsx_name,
    xlsx_sha256
)
values (
    :day, :as_of, :load_count, :last_load_id, :differences, :csv_name, :csv_sha256, :xlsx_name,
    :xlsx_sha256
)
on conflict (day) do update set (
    as_of, load_count, last_load_id, difference_count, csv_name, csv_sha256, xlsx_name,
    xlsx_sha256, made_at
) = (
    excluded.as_of, excluded.load_count, excluded.last_load_id, excluded.difference_count,
    excluded.csv_name, excluded.csv_sha256, excluded.xlsx_name, excluded.xlsx_sha256,
    case
        when known.csv_sha256 = excluded.csv_sha256 then known.made_at
        else excluded.made_at
    end
)
