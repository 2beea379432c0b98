-- Purpose:    how long each kind of data of each dataset is kept, as contracts and reference say.
-- Grain:      one kind of data of one dataset.
-- Parameters: whats, sources, datasets, classes, days, bases: arrays of one length.
-- Reads:      nothing.
-- Writes:     ops.retention.
insert into ops.retention as known (
    what, source_code, dataset_code, classification, kept_days, basis
)
select
    given.what,
    given.source_code,
    given.dataset_code,
    given.classification,
    given.kept_days,
    given.basis
from
    unnest({whats}, {sources}, {datasets}, {classes}, {days}, {bases})
        as given (
            what, source_code, dataset_code, classification, kept_days, basis
        )
on conflict (what, source_code, dataset_code) do update set
    classification = excluded.classification,
    kept_days = excluded.kept_days,
    basis = excluded.basis
where
(known.classification, known.kept_days, known.basis)
is distinct from (excluded.classification, excluded.kept_days, excluded.basis)
