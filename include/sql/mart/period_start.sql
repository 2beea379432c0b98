-- Purpose:    the first day that a KPI's value of some day covers. A period in which a law came
--             into force begins on its first day, from that day on.
-- Grain:      one value.
-- Parameters: period, counts_from: of mart.kpi_definition; as_of: the day of the value.
-- Reads:      nothing.
-- Writes:     mart.period_start.
create or replace function mart.period_start(period text, counts_from date, as_of date)
returns date
language sql immutable parallel safe as $$
select
    case
        when period = 'day' then as_of
        when period = 'last_30_days' then as_of - 29
        when period in ('month', 'quarter', 'year')
            then
                greatest(
                    date_trunc(period, as_of::timestamp)::date,
                    case when counts_from <= as_of then counts_from end
                )
    end
$$;

comment on function mart.period_start(text, date, date) is
'First day that a value covers; null: cumulative, no first day. | Ngày đầu kỳ báo cáo.';
