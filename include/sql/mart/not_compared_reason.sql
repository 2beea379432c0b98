-- Purpose:    why two values of a KPI must not be compared, in words.
-- Grain:      one reason of mart.kpi_now.
-- Parameters: none.
-- Reads:      mart.missing_reason.
-- Writes:     mart.not_compared_reason.
create or replace view mart.not_compared_reason with (security_invoker = true) as
select
    own.not_compared,
    own.reason_en,
    own.reason_vi
from (
    values
    (
        'not_published',
        'no value is published for that day',
        'chưa công bố số liệu của ngày so sánh'
    ),
    (
        'other_formula',
        'the formula has changed since',
        'công thức tính đã thay đổi'
    ),
    (
        'other_boundaries',
        'the unit had other boundaries',
        'địa giới hành chính đã thay đổi'
    ),
    (
        'other_period',
        'a new month, quarter or year has begun',
        'đã sang kỳ báo cáo mới'
    ),
    (
        'not_counted_again',
        'the count by commune has not been updated since then',
        'số liệu ít thay đổi nên chưa công bố lại ở cấp xã'
    )
) as own (not_compared, reason_en, reason_vi)
union all
select
    missing.missing_reason,
    missing.reason_en,
    missing.reason_vi
from mart.missing_reason as missing;

comment on view mart.not_compared_reason is
'Why two values must not be compared, in words. | Lý do không so sánh.';
comment on column mart.not_compared_reason.not_compared is
'As in mart.kpi_now; a value that is missing on one of the days has the reason of
mart.missing_reason.';
comment on column mart.not_compared_reason.reason_en is 'The reason in English.';
comment on column mart.not_compared_reason.reason_vi is 'The reason in Vietnamese.';

grant select on mart.not_compared_reason to dean06_bi, dean06_bi_province;
