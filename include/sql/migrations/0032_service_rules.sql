-- Purpose:    points of QĐ 766/QĐ-TTg depend on the day: rules by metric, part and day, and the
--             assumptions that they rest on. `migrate` fills both from include/reference.
-- Grain:      service_rule: one part of a metric while a rule is in force. service_assumption: one
--             assumption.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.service_index_total, mart.service_index, mart.service_assumption,
--             mart.service_rule.
drop view if exists mart.service_index_total, mart.service_index;
alter table mart.dim_service_metric
drop column max_points,
drop column full_at,
drop column kpi_code,
drop column na_reason_en,
drop column na_reason_vi,
drop column limit_en,
drop column limit_vi;

create table mart.service_assumption (
    assumption_id text primary key,
    sureness text not null check (sureness in ('P', 'S', 'G', 'A')),
    valid_from date not null,
    valid_to date check (valid_to > valid_from),
    made_on date not null,
    text_en text not null,
    text_vi text not null
);
comment on table mart.service_assumption is
'What this project assumes of QĐ 766/QĐ-TTg. | Giả định của dự án về Bộ chỉ số 766.';
comment on column mart.service_assumption.assumption_id is 'Name of the assumption.';
comment on column mart.service_assumption.sureness is
'P official text or press; S re-derived by third parties; G guess; A no formula is known.';
comment on column mart.service_assumption.valid_from is 'First day on which the index uses it.';
comment on column mart.service_assumption.valid_to is
'First day of the index on which it is no longer used; null: it is in use.';
comment on column mart.service_assumption.made_on is 'Day on which it was made.';
comment on column mart.service_assumption.text_en is 'The assumption in English.';
comment on column mart.service_assumption.text_vi is 'The assumption in Vietnamese.';

create table mart.service_rule (
    metric_id text not null references mart.dim_service_metric,
    part_no integer not null check (part_no > 0),
    valid_from date not null,
    valid_to date check (valid_to > valid_from),
    part_en text,
    part_vi text,
    max_points numeric not null check (max_points >= 0),
    full_at numeric check (full_at > 0 and full_at <= 1),
    kpi_code text,
    whole_code text,
    whole_number text check (whole_number in ('counted', 'whole')),
    when_none text not null check (when_none in ('unknown', 'full', 'zero')),
    sureness text not null check (sureness in ('P', 'S', 'G', 'A')),
    assumption_id text references mart.service_assumption,
    limit_en text,
    limit_vi text,
    na_reason_en text,
    na_reason_vi text,
    primary key (metric_id, part_no, valid_from),
    constraint measured_or_a_reason check (
        (kpi_code is not null)
        = (na_reason_en is null and na_reason_vi is null and full_at is not null)
    )
);
comment on table mart.service_rule is
'How each metric of QĐ 766/QĐ-TTg gives points, by day. | Cách tính điểm theo thời gian.';
comment on column mart.service_rule.metric_id is 'Number of the metric.';
comment on column mart.service_rule.part_no is 'Part of the metric; most have one.';
comment on column mart.service_rule.valid_from is 'First day for which it gives points.';
comment on column mart.service_rule.valid_to is
'First day for which another rule gives points; null: it is in force.';
comment on column mart.service_rule.part_en is 'Name of the part in English; null: the metric.';
comment on column mart.service_rule.part_vi is 'Name of the part in Vietnamese; null: the metric.';
comment on column mart.service_rule.max_points is 'Most points; the rules of a day make 100.';
comment on column mart.service_rule.full_at is 'Ratio from which on it gives all points.';
comment on column mart.service_rule.kpi_code is
'Base code of the KPI that answers it; null: not measured.';
comment on column mart.service_rule.whole_code is
'Base code of the KPI that has the denominator, where kpi_code is a count.';
comment on column mart.service_rule.whole_number is
'Which number of whole_code is the denominator: counted, its numerator; whole, its denominator.';
comment on column mart.service_rule.when_none is 'Points for 0 of 0: unknown, full or zero.';
comment on column mart.service_rule.sureness is
'P official text or press; S re-derived by third parties; G guess; A no formula is known.';
comment on column mart.service_rule.assumption_id is 'Assumption that it rests on.';
comment on column mart.service_rule.limit_en is 'What the KPI leaves out, in English.';
comment on column mart.service_rule.limit_vi is 'What the KPI leaves out, in Vietnamese.';
comment on column mart.service_rule.na_reason_en is 'Why it is not measured, in English.';
comment on column mart.service_rule.na_reason_vi is 'Why it is not measured, in Vietnamese.';

grant select on mart.service_assumption, mart.service_rule to dean06_bi, dean06_bi_province;
