-- Purpose:    counts by commune and member are published rounded, those by commune again only when
--             enough has changed: which values are rounded and of which day, the secret that
--             rounds, totals of the last time.
-- Grain:      see the comments of the tables.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.rounding_secret, ops.commune_count.
alter table mart.kpi_value
add column is_rounded boolean not null default false,
add column counted_on date;
comment on column mart.kpi_value.is_rounded is
'True: a count by commune or member, rounded to twice smallest_shown of the publication, so that
they need not add up to the total (docs/decisions/0033).';
comment on column mart.kpi_value.counted_on is
'Day of a rounded count; before as_of_date when too few changed since to show it again.';

create table ops.rounding_secret (
    is_only boolean primary key default true check (is_only),
    secret text not null
);
comment on table ops.rounding_secret is
'What decides where counts are rounded up: made once, by chance. | Khoá làm tròn.';
comment on column ops.rounding_secret.is_only is 'There is one.';
comment on column ops.rounding_secret.secret is 'Drawn by the first publication.';

create table ops.commune_count (
    publication_id bigint not null references mart.kpi_publication,
    kpi_code text not null,
    kpi_version integer not null,
    breakdown text not null,
    member_code text not null,
    province_code text not null,
    counted_on date not null,
    counted_in bigint not null references mart.kpi_publication,
    counted bigint not null,
    uncounted bigint,
    primary key (publication_id, kpi_code, breakdown, member_code, province_code)
);
comment on table ops.commune_count is
'Which rounded counts by commune a publication shows, and the exact count of their province on that
day: counts by commune change when the province has changed enough. | Số liệu xã đã công bố.';
comment on column ops.commune_count.publication_id is 'The publication.';
comment on column ops.commune_count.kpi_code is 'The indicator.';
comment on column ops.commune_count.kpi_version is 'Version of its definition.';
comment on column ops.commune_count.breakdown is 'Empty for a total; else what it is by.';
comment on column ops.commune_count.member_code is 'Empty for a total; else the member counted.';
comment on column ops.commune_count.province_code is 'The province, as reported.';
comment on column ops.commune_count.counted_on is 'Day that its communes'' counts are of.';
comment on column ops.commune_count.counted_in is 'Publication that showed them first.';
comment on column ops.commune_count.counted is 'What the province counted on that day.';
comment on column ops.commune_count.uncounted is 'Of a share, what it did not count.';
