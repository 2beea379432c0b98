-- Purpose:    the reasons of publications, with that of a source whose data are gone.
-- Grain:      one comment.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
comment on column mart.kpi_publication.reason is
'Why it was published: first publication of the day, data from another source, a source no longer
has data of the day, late or corrected records, or new or changed definitions. | Lý do công bố.';
