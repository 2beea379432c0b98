-- Purpose:    publications that the log of publications does not have yet, in their order.
-- Grain:      one publication.
-- Parameters: none.
-- Reads:      mart.kpi_publication, ops.publication_leaf.
-- Writes:     nothing.
select publication.publication_id
from mart.kpi_publication as publication
left join ops.publication_leaf as leaf on publication.publication_id = leaf.publication_id
where leaf.publication_id is null
order by publication.publication_id
