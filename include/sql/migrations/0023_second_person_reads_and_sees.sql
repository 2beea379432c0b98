-- Purpose:    a second person reads the very correction that waits, and sees every change of what
--             the contract classifies as personal or sensitive.
-- Grain:      none (columns and constraints).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.

alter table ops.payload_read add column replay_id bigint references ops.replay;
comment on column ops.payload_read.replay_id is
'The correction that it was read for, beside the record; empty: the record alone.';

alter table ops.replay_binding add column person_columns text[] not null default '{}';
comment on column ops.replay_binding.person_columns is
'Columns as received that are about a person, or that withdraw the record.';

alter table ops.replay_hold drop constraint replay_hold_cause_check;
alter table ops.replay_hold add constraint replay_hold_cause_check check (
    cause in (
        'key_changed', 'key_unread', 'moment_changed', 'person_changed', 'known_later',
        'differs_from_core'
    )
);
comment on column ops.replay_hold.cause is
'key_changed, moment_changed, person_changed: the rejected record has another one; key_unread: the
rejected record shows no key; known_later: core has a version of the record from that moment or a
later one; differs_from_core: core says something else about the person.';

-- Readings are written by the functions that show records, and by nobody else.
revoke insert on ops.payload_read from dean06_loader;
