-- Days that are still being counted. One row is one group of hits of one site and day; nothing finer is stored.
-- Partitions: a day and a bucket of sites, so that sealing one site touches a small part of a day.
-- LowCardinality measured against String with ZSTD: a tenth less work per insert, both columns far smaller.
-- The deduplication window lets an insert be repeated after any failure; the two fsync settings make an acknowledged
-- insert survive a power cut. Merged parts are removed soon, since unmerged ones are finer than the table promises.
CREATE TABLE IF NOT EXISTS cells_open
(
    `site` LowCardinality(String) COMMENT 'Site id',
    `day` Date COMMENT 'Calendar date in the site''s time zone',
    `dim` LowCardinality(String) COMMENT 'What is grouped by: total, page, event, source …',
    `value` String COMMENT 'Value of the dimension; empty for total; key=value for prop' CODEC(ZSTD(1)),
    `hour` UInt8 COMMENT 'Hours elapsed since local midnight, 0 to 24; 255: the whole day',
    `pageviews` SimpleAggregateFunction(sum, Int64) COMMENT 'Events of kind page view',
    `events` SimpleAggregateFunction(sum, Int64) COMMENT 'All events, page views included',
    `hashes` Array(UInt64) EPHEMERAL COMMENT 'Input of the sketch, not stored: PRF(cell key, visitor) of each visitor',
    `visitors` AggregateFunction(uniqCombined64(16), UInt64) DEFAULT arrayReduce('uniqCombined64State(16)', hashes) COMMENT 'Sketch of keyed hashes; those of different cells share no hash' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY (day, cityHash64(site) % 8)
ORDER BY (site, day, dim, value, hour)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 60
COMMENT 'Cells of days that are still being counted';
