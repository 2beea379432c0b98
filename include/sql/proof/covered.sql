-- Purpose:    up to which moment the loads that a publication covers bring each dataset, how many
--             they are, and a fingerprint of them: windows, row counts and digests of the files
--             that landed. With a salt, which is published nowhere: a file may hold one person.
-- Grain:      one dataset.
-- Parameters: day, build: of the publication; salt: 32 bytes.
-- Reads:      ops.kpi_coverage, ops.landing_file, ops.load.
-- Writes:     nothing.
with
covered as (
    select load.*
    from ops.kpi_coverage as coverage
    inner join ops.load on coverage.load_id = load.load_id
    where
        coverage.as_of_date = :day
        and (coverage.build_id is null or coverage.build_id <= :build)
),

landed as (
    select
        file.load_id,
        string_agg(file.sha256, ',' order by file.piece_no) as digests
    from ops.landing_file as file
    inner join covered on file.load_id = covered.load_id
    group by file.load_id
)

select
    covered.source_code,
    covered.dataset_code,
    max(covered.window_until) as until,
    count(*) as loads,
    encode(
        sha256(
            cast(:salt as bytea) || convert_to(
                string_agg(
                    concat_ws(
                        '|',
                        covered.load_id, covered.run_key, covered.attempt,
                        extract(epoch from covered.window_since),
                        extract(epoch from covered.window_until),
                        covered.received_count, covered.inserted_count, covered.updated_count,
                        covered.unchanged_count, covered.deleted_count, covered.superseded_count,
                        covered.quarantined_count, landed.digests
                    ),
                    E'\n'
                    order by covered.load_id
                ),
                'UTF8'
            )
        ),
        'hex'
    ) as fingerprint
from covered
left join landed on covered.load_id = landed.load_id
group by covered.source_code, covered.dataset_code
order by covered.source_code, covered.dataset_code
