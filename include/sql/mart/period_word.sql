-- Purpose:    periods of KPIs in words: the one text that pages, files and dashboards show.
-- Grain:      one period of mart.kpi_definition.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.period_word.
create or replace view mart.period_word with (security_invoker = true) as
select
    word.period,
    word.position,
    word.period_en,
    word.period_vi
from (
    values
    ('day', 1, 'on the day', 'tại ngày báo cáo'),
    ('last_30_days', 2, 'last 30 days', '30 ngày gần nhất'),
    ('month', 3, 'in the month', 'trong tháng'),
    ('quarter', 4, 'in the quarter', 'trong quý'),
    ('year', 5, 'year to date', 'lũy kế từ đầu năm'),
    ('since_start', 6, 'cumulative', 'lũy kế đến ngày báo cáo')
) as word (period, position, period_en, period_vi);

comment on view mart.period_word is 'Periods of KPIs in words. | Tên kỳ báo cáo.';
comment on column mart.period_word.period is 'As in mart.kpi_definition.';
comment on column mart.period_word.position is 'Order in which periods are shown.';
comment on column mart.period_word.period_en is 'The words in English.';
comment on column mart.period_word.period_vi is 'The words in Vietnamese.';

grant select on mart.period_word to dean06_bi, dean06_bi_province;
