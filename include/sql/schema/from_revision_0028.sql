-- Purpose:    bring a warehouse that was made by the 26 Alembic revisions before 0.1.0 to the
--             baseline. Tables and data are the same; views and functions are made from their files
--             afterwards, as in every run.
-- Grain:      one row of ops.applied_migration per file of the baseline.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.applied_migration, ops.migration.
insert into ops.applied_migration (number, name) values
(1, 'schemas'),
(2, 'ledger'),
(3, 'replays'),
(4, 'identity'),
(5, 'dimensions'),
(6, 'kpis'),
(7, 'kpi_builds'),
(8, 'operations');

drop table ops.migration;
