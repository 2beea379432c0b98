-- Purpose:    the log of publications: the file of each, and the heads that were signed.
-- Grain:      ops.publication_leaf: one publication; ops.publication_head: one head and key.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.publication_leaf, ops.publication_head.

create table ops.publication_leaf (
    place bigint primary key check (place >= 0),
    publication_id bigint not null unique references mart.kpi_publication,
    leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
    body bytea not null,
    salt bytea not null check (octet_length(salt) = 32),
    recorded_at timestamptz not null default clock_timestamp()
);
comment on table ops.publication_leaf is
'The file of each publication, and its place in the log. | Tệp và vị trí của từng lần công bố.';
comment on column ops.publication_leaf.place is 'Place in the log, from 0, without a gap.';
comment on column ops.publication_leaf.publication_id is 'The publication.';
comment on column ops.publication_leaf.leaf_hash is
'Hash of the file as a leaf of the tree (RFC 6962, section 2.1).';
comment on column ops.publication_leaf.body is 'The file, compressed (zlib).';
comment on column ops.publication_leaf.salt is
'Salt of the fingerprints of loads within the file; it is not published.';
comment on column ops.publication_leaf.recorded_at is 'When.';

create table ops.publication_head (
    size bigint not null check (size > 0),
    key_id text not null check (key_id ~ '^[0-9a-f]{8}$'),
    note text not null,
    stored_at timestamptz not null default clock_timestamp(),
    primary key (size, key_id)
);
comment on table ops.publication_head is
'Signed heads of the log whose files are in their place. | Các mốc công bố đã ký.';
comment on column ops.publication_head.size is 'How many publications it covers.';
comment on column ops.publication_head.key_id is 'Key that signed it.';
comment on column ops.publication_head.note is 'The signed note, as its file holds it.';
comment on column ops.publication_head.stored_at is 'When its files were in their place.';

revoke update, delete, truncate on ops.publication_leaf, ops.publication_head from dean06_loader;
