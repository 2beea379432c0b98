-- Purpose:    tasks of the programme by their owner.
-- Grain:      one agency.
-- Parameters: day.
-- Reads:      mart.programme_league.
select
    league_rank,
    owner_name_vi,
    task_count,
    due_count,
    on_time_count,
    on_time_share
from mart.programme_league
where as_of_date = %(day)s
order by league_rank
limit 1000
