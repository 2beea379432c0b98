-- Purpose:    staging is columnar files beside landing, listed with their digests; schema staging
--             and its tables go. A load on its way is staged again from its landed files.
-- Grain:      one shard of a load: a group of its landed files that one worker takes.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.shard, ops.staging_due.
create table ops.shard (
    load_id bigint not null references ops.load,
    shard_no integer not null check (shard_no > 0),
    first_piece integer not null,
    last_piece integer not null,
    staged_path text,
    staged_sha256 text,
    staged_bytes bigint,
    received_count bigint,
    withdrawn_count bigint,
    unreadable_count bigint,
    known_fields text[],
    unknown_fields text[],
    failing_path text,
    failing_sha256 text,
    failing_bytes bigint,
    broken_rules jsonb,
    primary key (load_id, shard_no)
);
comment on table ops.shard is
'Groups of a load''s landed files, each staged and validated by one worker: which files of staging
it has. | Phần của một lượt nạp.';
comment on column ops.shard.load_id is 'Load it belongs to.';
comment on column ops.shard.shard_no is 'Its place in the load, from 1.';
comment on column ops.shard.first_piece is 'The first landed file of the group.';
comment on column ops.shard.last_piece is 'The last landed file of the group.';
comment on column ops.shard.staged_path is
'File of its staged records; empty before they are staged and after they were published.';
comment on column ops.shard.staged_sha256 is 'Digest of that file, proven whenever it is read.';
comment on column ops.shard.staged_bytes is 'Size of that file.';
comment on column ops.shard.received_count is 'Its records, unreadable ones included.';
comment on column ops.shard.withdrawn_count is 'Records that only name what the source withdrew.';
comment on column ops.shard.unreadable_count is 'Records that could not be read.';
comment on column ops.shard.known_fields is 'Fields of the contract that a record of it has.';
comment on column ops.shard.unknown_fields is
'Fields the contract does not know, as they may be shown: digits masked.';
comment on column ops.shard.failing_path is
'File of its records that broke a critical rule; empty before they are validated.';
comment on column ops.shard.failing_sha256 is 'Digest of that file, proven whenever it is read.';
comment on column ops.shard.failing_bytes is 'Size of that file.';
comment on column ops.shard.broken_rules is
'Number of the rule in the suite → records that broke it.';

alter table ops.landing_file add column last_line bigint;
comment on column ops.landing_file.last_line is
'Number of the last line that holds a record; empty before it is staged.';

drop view if exists ops.staging_due;
drop schema staging cascade;
