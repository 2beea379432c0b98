-- Purpose:    a verdict of its own for records with neither birth date nor sex: only ID and name
--             could be compared. It counts as verified, as these records did before.
-- Grain:      none (constraint and rows of core.identity_verdict).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     core.identity_verdict.
alter table core.identity_verdict drop constraint identity_verdict_known;
-- Dossiers of the service portal have neither; the history keeps what was said at the time.
update core.identity_verdict
set
    verdict = case when verdict = 'deceased' then verdict else 'verified_by_name' end,
    verdict_in_life = 'verified_by_name'
where
    dataset_code = 'portal.dossier'
    and verdict_in_life in ('verified', 'verified_after_normalisation');
alter table core.identity_verdict add constraint identity_verdict_known check (
    verdict_in_life in (
        'verified', 'verified_after_normalisation', 'verified_by_name', 'mismatch_name',
        'mismatch_birth_date', 'mismatch_birth_date_swapped', 'mismatch_birth_date_year_only',
        'mismatch_sex', 'missing_id', 'id_is_cmnd', 'not_found', 'duplicate_id', 'invalid_id'
    )
    and (verdict = verdict_in_life or (verdict = 'deceased' and deceased_from is not null))
    and (
        deceased_from is null
        or verdict_in_life in ('verified', 'verified_after_normalisation', 'verified_by_name')
    )
);

comment on column core.identity_verdict.verdict is
'verified, verified_after_normalisation and verified_by_name (the record has neither birth date nor
sex) count as verified; deceased: the record still says that a deceased person lives; see
mart.dim_member for names.';
