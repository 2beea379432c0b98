-- Purpose:    record a list that was written. One whose files are the same keeps its time.
-- Grain:      one list.
-- Parameters: source, day, scope: of the list; loads, runs: it was made from; rejected, mismatches:
--             how many; csv_name, csv_sha256, xlsx_name, xlsx_sha256: its files.
-- Reads:      nothing.
-- Writes:     ops.agency_list.
insert into ops.agency_list as known (
    source_code, day, scope, load_ids, verification_ids, rejected_count, mismatch_count,
    csv_name, csv_sha256, xlsx_name, xlsx_sha256, written_at
)
values (
    :source, :day, :scope, :loads, :runs, :rejected, :mismatches,
    :csv_name, :csv_sha256, :xlsx_name, :xlsx_sha256, clock_timestamp()
)
on conflict (source_code, day, scope) do update set
    load_ids = excluded.load_ids, verification_ids = excluded.verification_ids,
    rejected_count = excluded.rejected_count, mismatch_count = excluded.mismatch_count,
    csv_sha256 = excluded.csv_sha256, xlsx_sha256 = excluded.xlsx_sha256,
    written_at = case
        when
            (known.csv_sha256, known.xlsx_sha256)
            = (excluded.csv_sha256, excluded.xlsx_sha256) then known.written_at
        else excluded.written_at
    end
