-- Purpose:    the removal of a source's records from core is written down as any other removal,
--             with who had it done.
-- Grain:      ops.purge: one removal.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
alter table ops.purge drop constraint purge_what_check;
alter table ops.purge add constraint purge_what_check check (
    what in (
        'landing', 'staging', 'quarantine', 'replay', 'agency_list', 'correction', 'replaced',
        'core'
    )
);
alter table ops.purge add column removed_by text;
comment on column ops.purge.removed_by is
'Login of who removed the records of a source (core); empty: a period was over.';
