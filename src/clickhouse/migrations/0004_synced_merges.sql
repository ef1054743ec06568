-- What is merged, or rewritten by a removal, is synced as what is inserted: its sources go a minute later, and by then a
-- power cut may find the new part in the memory of the kernel alone.
ALTER TABLE cells_open MODIFY SETTING min_rows_to_fsync_after_merge = 1;
ALTER TABLE crossings_open MODIFY SETTING min_rows_to_fsync_after_merge = 1;
ALTER TABLE cells MODIFY SETTING min_rows_to_fsync_after_merge = 1;
ALTER TABLE crossings MODIFY SETTING min_rows_to_fsync_after_merge = 1;
ALTER TABLE seals MODIFY SETTING min_rows_to_fsync_after_merge = 1;
