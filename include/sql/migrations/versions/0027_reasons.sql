-- Purpose:    say of publications' reasons what they are.
-- Grain:      none (a comment).
-- Parameters: none.
-- Reads:      nothing.
comment on column mart.kpi_publication.reason is
'Why there was something to say: first publication of the day, a further source reached the day, or
late or corrected records. | Lý do công bố.';
