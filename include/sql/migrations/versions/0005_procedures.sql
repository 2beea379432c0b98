-- Purpose:    administrative procedures and the codes that dossiers name them by; campaigns.
-- Grain:      mart.dim_procedure: one procedure; mart.procedure_code: one code while it means one
--             procedure; mart.dim_campaign: one campaign.
-- Parameters: none.
-- Reads:      nothing.

create table mart.dim_procedure (
    procedure_id text primary key,
    procedure_set text not null,
    position integer not null,
    name_en text not null,
    name_vi text not null,
    field_vi text,
    lead_agency text not null,
    is_digitisation_blocked boolean not null,
    blocked_reason_en text,
    blocked_reason_vi text,
    constraint a_block_has_a_reason check (
        is_digitisation_blocked
        = (blocked_reason_en is not null and blocked_reason_vi is not null)
    )
);
comment on table mart.dim_procedure is
'Administrative procedures by a short id that outlives their national codes. | Thủ tục hành chính.';
comment on column mart.dim_procedure.procedure_id is 'Short id: DA06-01, Q422-01 …';
comment on column mart.dim_procedure.procedure_set is
'DA06_25: the essential ones of QĐ 06/QĐ-TTg; QD422: of QĐ 422/QĐ-TTg; others beside them.';
comment on column mart.dim_procedure.position is 'Order in which procedures are shown.';
comment on column mart.dim_procedure.name_en is 'Name in English.';
comment on column mart.dim_procedure.name_vi is 'Name in Vietnamese.';
comment on column mart.dim_procedure.field_vi is 'Field of administration, in Vietnamese.';
comment on column mart.dim_procedure.lead_agency is 'Kind of agency that leads it.';
comment on column mart.dim_procedure.is_digitisation_blocked is
'Central guidance is missing: out of the denominator of digitisation.';
comment on column mart.dim_procedure.blocked_reason_en is 'Why it is blocked, in English.';
comment on column mart.dim_procedure.blocked_reason_vi is 'Why it is blocked, in Vietnamese.';

create table mart.procedure_code (
    code text not null,
    procedure_id text not null references mart.dim_procedure,
    valid_from date not null,
    valid_to date,
    note text,
    primary key (code, valid_from),
    constraint validity_runs_forward check (valid_to is null or valid_from < valid_to)
);
comment on table mart.procedure_code is
'Codes that dossiers name procedures by, while they mean them. | Mã thủ tục theo thời gian.';
comment on column mart.procedure_code.code is
'National code, or the portal''s own (DVC.…) where there is none.';
comment on column mart.procedure_code.procedure_id is 'Procedure that it means.';
comment on column mart.procedure_code.valid_from is 'First day on which it means this procedure.';
comment on column mart.procedure_code.valid_to is 'First day on which it no longer does.';
comment on column mart.procedure_code.note is 'What tells it from the other codes.';

create table mart.dim_campaign (
    campaign_code text primary key,
    province_code text not null,
    first_day date not null,
    last_day date not null,
    opens_hour integer not null,
    closes_hour integer not null,
    shifts integer not null check (shifts > 0),
    name_en text not null,
    name_vi text not null,
    constraint campaign_runs_forward check (first_day <= last_day),
    constraint campaign_opens_before_it_closes check (
        opens_hour >= 0 and opens_hour < closes_hour and closes_hour <= 24
    ),
    constraint shifts_are_whole_hours check ((closes_hour - opens_hour) % shifts = 0)
);
comment on table mart.dim_campaign is
'Campaigns of collecting identity-card dossiers. | Đợt cao điểm thu nhận hồ sơ căn cước.';
comment on column mart.dim_campaign.campaign_code is 'The campaign.';
comment on column mart.dim_campaign.province_code is 'Province that held it.';
comment on column mart.dim_campaign.first_day is 'First day.';
comment on column mart.dim_campaign.last_day is 'Last day.';
comment on column mart.dim_campaign.opens_hour is 'Stations open at this hour of each day.';
comment on column mart.dim_campaign.closes_hour is 'Stations close at this hour.';
comment on column mart.dim_campaign.shifts is 'Equal parts of the opening hours.';
comment on column mart.dim_campaign.name_en is 'Name in English.';
comment on column mart.dim_campaign.name_vi is 'Name in Vietnamese.';
