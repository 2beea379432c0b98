-- Purpose:    causes of restated values in words: the one text that pages, reports and views show.
-- Grain:      one KPI, publication, cause and dataset.
-- Parameters: none.
-- Reads:      mart.dim_member, mart.kpi_revision_cause.
-- Writes:     mart.kpi_revision_reason.
create or replace view mart.kpi_revision_reason with (security_invoker = true) as
with named as (
    select
        known.publication_id,
        known.kpi_code,
        known.cause,
        coalesce(word.cause_en, known.cause) as cause_en,
        coalesce(word.cause_vi, known.cause) as cause_vi,
        known.dataset_code,
        coalesce(dataset.name_en, known.dataset_code) as dataset_name_en,
        coalesce(dataset.name_vi, known.dataset_code) as dataset_name_vi,
        known.row_count
    from mart.kpi_revision_cause as known
    left join (
        values
        ('late_rows', 'late records', 'bản ghi gửi muộn'),
        ('corrected_rows', 'corrected records', 'bản ghi được chỉnh sửa'),
        ('deleted_rows', 'records withdrawn by the agency', 'bản ghi do cơ quan rút lại'),
        (
            'changed_verdicts',
            'records with a new verification result',
            'bản ghi có kết quả xác thực mới'
        ),
        ('changed_definition', 'new formula', 'thay đổi công thức tính'),
        ('further_source', 'data from another source', 'có thêm nguồn gửi dữ liệu')
    ) as word (cause, cause_en, cause_vi) on known.cause = word.cause
    left join mart.dim_member as dataset
        on dataset.breakdown = 'dataset' and known.dataset_code = dataset.member_code
)

select
    named.*,
    concat(
        named.cause_en,
        case
            when named.dataset_code <> ''
                then concat(
                    ' (',
                    named.dataset_name_en,
                    ': ',
                    coalesce(to_char(named.row_count, 'FM999,999,999,990'), 'small count'),
                    ')'
                )
        end
    ) as told_en,
    concat(
        named.cause_vi,
        case
            when named.dataset_code <> ''
                then concat(
                    ' (',
                    named.dataset_name_vi,
                    ': ',
                    coalesce(
                        replace(to_char(named.row_count, 'FM999,999,999,990'), ',', '.'),
                        'số lượng nhỏ'
                    ),
                    ')'
                )
        end
    ) as told_vi
from named;

comment on view mart.kpi_revision_reason is
'What changed a KPI between a publication and the one before it, in words; mart.kpi_revision has the
values and the names of KPIs. | Nguyên nhân điều chỉnh bằng lời.';
comment on column mart.kpi_revision_reason.publication_id is
'The publication that restates values of the KPI.';
comment on column mart.kpi_revision_reason.kpi_code is 'The indicator.';
comment on column mart.kpi_revision_reason.cause is 'As in mart.kpi_revision_cause.';
comment on column mart.kpi_revision_reason.cause_en is 'The cause in English words.';
comment on column mart.kpi_revision_reason.cause_vi is 'The cause in Vietnamese words.';
comment on column mart.kpi_revision_reason.dataset_code is
'Where the rows came from; empty: the cause is not about rows. One query computes several KPIs: not
each of them depends on every dataset named.';
comment on column mart.kpi_revision_reason.dataset_name_en is
'Name of the dataset in English, or its code.';
comment on column mart.kpi_revision_reason.dataset_name_vi is
'Name of the dataset in Vietnamese, or its code.';
comment on column mart.kpi_revision_reason.row_count is
'Rows with this cause; null: too few to be shown, or the cause is not about rows. Add only within
one kpi_code and publication_id: one row can change several KPIs.';
comment on column mart.kpi_revision_reason.told_en is
'Cause, dataset and number of rows in English.';
comment on column mart.kpi_revision_reason.told_vi is
'Cause, dataset and number of rows in Vietnamese.';

grant select on mart.kpi_revision_reason to dean06_bi;
