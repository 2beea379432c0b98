-- Purpose:    closed correction cases of rejected records forget whose they were when the period of
--             quarantine is over.
-- Grain:      none (structure only).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
alter table ops.purge drop constraint purge_what_check;
alter table ops.purge add constraint purge_what_check check (
    what in ('landing', 'staging', 'quarantine', 'replay', 'agency_list', 'correction')
);
comment on column ops.purge.what is
'landing: files; staging: tables; quarantine, replay: payloads; agency_list: files; correction: keys
of records whose case is closed.';

grant delete on core.correction_record to dean06_loader;
