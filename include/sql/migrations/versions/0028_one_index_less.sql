-- Purpose:    drop the indexes on the newest version of a key: the primary key begins with the key.
-- Grain:      none (indexes of core tables).
-- Parameters: none.
-- Reads:      nothing.
do $$
declare
    unneeded text;
begin
    for unneeded in
        select indexname from pg_indexes
        where schemaname = 'core' and indexname = tablename || '__current'
    loop
        execute format('drop index core.%I', unneeded);
    end loop;
end
$$;
