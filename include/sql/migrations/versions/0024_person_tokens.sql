-- Purpose:    what joins persons in mart instead of their numbers, days as a dimension, and a role
--             for who may read rows about single persons.
-- Grain:      ops.person_token: one person of the registry; mart.dim_date: one day.
-- Parameters: none.
-- Reads:      pg_roles.
create table ops.token_key (
    key_version integer primary key,
    fingerprint text not null,
    used_from timestamptz not null default now()
);
comment on table ops.token_key is
'Keys that person tokens were made with; the keys themselves are elsewhere. | Phiên bản khóa.';
comment on column ops.token_key.key_version is 'The newest is the one in use.';
comment on column ops.token_key.fingerprint is
'Tells whether a key is the right one; nothing can be computed from it.';
comment on column ops.token_key.used_from is 'When tokens were first made with it.';

create table ops.person_token (
    personal_id text primary key,
    person_token uuid not null unique
);
comment on table ops.person_token is
'Token of each person of the registry. Nobody reads it but the loader. | Mã thay thế số định danh.';
comment on column ops.person_token.personal_id is 'Number in the registry. [personal]';
comment on column ops.person_token.person_token is 'Keyed hash of the number under the newest key.';
-- Who reads facts and this table knows whose they are.
revoke select on ops.person_token from dean06_steward;

do $$
begin
    if not exists (select from pg_roles where rolname = 'dean06_analyst') then
        create role dean06_analyst nologin;
    end if;
    grant dean06_analyst to current_user;
end
$$;
comment on role dean06_analyst is
'Reads mart and its facts: rows about single persons, joined by token.';
grant dean06_bi to dean06_analyst;

create table mart.dim_date as
select
    day::date as day,
    extract(year from day)::smallint as year,
    extract(quarter from day)::smallint as quarter,
    extract(month from day)::smallint as month,
    extract(week from day)::smallint as iso_week,
    extract(isodow from day)::smallint as weekday,
    (array['Thứ hai', 'Thứ ba', 'Thứ tư', 'Thứ năm', 'Thứ sáu', 'Thứ bảy', 'Chủ nhật'])[
        extract(isodow from day)::integer
    ] as weekday_vi
from generate_series(date '2015-01-01', date '2045-12-31', interval '1 day') as calendar (day);
alter table mart.dim_date add primary key (day);
comment on table mart.dim_date is 'Days from 2015 to 2045. | Ngày.';
comment on column mart.dim_date.day is 'Calendar day in Vietnam.';
comment on column mart.dim_date.year is 'Year.';
comment on column mart.dim_date.quarter is 'Quarter of the year, 1 to 4.';
comment on column mart.dim_date.month is 'Month of the year, 1 to 12.';
comment on column mart.dim_date.iso_week is 'Week of the year by ISO 8601.';
comment on column mart.dim_date.weekday is 'Day of the week, Monday is 1.';
comment on column mart.dim_date.weekday_vi is 'Day of the week in Vietnamese.';
grant select on mart.dim_date to dean06_bi, dean06_bi_province;
