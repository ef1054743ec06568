-- Visits, engagement and revenue; crossings; sealed days.
-- Open tables hold keyed sketches, sealed tables hold integers only. A site-day is read from the generation its row in
-- seals names, and from the open tables before there is one.
ALTER TABLE cells_open ADD COLUMN IF NOT EXISTS `visits` SimpleAggregateFunction(sum, Int64) COMMENT 'Visits: runs of events of one visitor with less than 30 minutes between them; deltas until a visit is over' AFTER `events`;
ALTER TABLE cells_open ADD COLUMN IF NOT EXISTS `bounces` SimpleAggregateFunction(sum, Int64) COMMENT 'Visits without a second page view' AFTER `visits`;
ALTER TABLE cells_open ADD COLUMN IF NOT EXISTS `visit_secs` SimpleAggregateFunction(sum, Int64) COMMENT 'Seconds between the first and the last event of visits' AFTER `bounces`;
ALTER TABLE cells_open ADD COLUMN IF NOT EXISTS `engaged_secs` SimpleAggregateFunction(sum, Int64) COMMENT 'Seconds a page was visible and focused' AFTER `visit_secs`;
ALTER TABLE cells_open ADD COLUMN IF NOT EXISTS `engaged_n` SimpleAggregateFunction(sum, Int64) COMMENT 'Page views that reported engagement' AFTER `engaged_secs`;
ALTER TABLE cells_open ADD COLUMN IF NOT EXISTS `scroll_pct_sum` SimpleAggregateFunction(sum, Int64) COMMENT 'Sum of furthest scroll positions, percent of the page' AFTER `engaged_n`;
ALTER TABLE cells_open ADD COLUMN IF NOT EXISTS `scroll_n` SimpleAggregateFunction(sum, Int64) COMMENT 'Page views that reported a scroll position' AFTER `scroll_pct_sum`;
ALTER TABLE cells_open ADD COLUMN IF NOT EXISTS `revenue_minor` SimpleAggregateFunction(sum, Int64) COMMENT 'Payments in the smallest unit of the currency; only under dimension currency' AFTER `scroll_n`;
CREATE TABLE IF NOT EXISTS crossings_open
(
    `site` LowCardinality(String) COMMENT 'Site id',
    `day` Date COMMENT 'Calendar date in the site''s time zone',
    `dim` LowCardinality(String) COMMENT 'First dimension',
    `value` String COMMENT 'Its value' CODEC(ZSTD(1)),
    `dim2` LowCardinality(String) COMMENT 'Second dimension',
    `value2` String COMMENT 'Its value' CODEC(ZSTD(1)),
    `pageviews` SimpleAggregateFunction(sum, Int64) COMMENT 'Events of kind page view',
    `events` SimpleAggregateFunction(sum, Int64) COMMENT 'All events, page views included; samples for vital and number',
    `visits` SimpleAggregateFunction(sum, Int64) COMMENT 'Visits: runs of events of one visitor with less than 30 minutes between them; deltas until a visit is over',
    `bounces` SimpleAggregateFunction(sum, Int64) COMMENT 'Visits without a second page view',
    `visit_secs` SimpleAggregateFunction(sum, Int64) COMMENT 'Seconds between the first and the last event of visits',
    `engaged_secs` SimpleAggregateFunction(sum, Int64) COMMENT 'Seconds a page was visible and focused',
    `engaged_n` SimpleAggregateFunction(sum, Int64) COMMENT 'Page views that reported engagement',
    `scroll_pct_sum` SimpleAggregateFunction(sum, Int64) COMMENT 'Sum of furthest scroll positions, percent of the page',
    `scroll_n` SimpleAggregateFunction(sum, Int64) COMMENT 'Page views that reported a scroll position',
    `revenue_minor` SimpleAggregateFunction(sum, Int64) COMMENT 'Payments in the smallest unit of the currency; only under dimension currency',
    `hashes` Array(UInt32) EPHEMERAL COMMENT 'Input of the sketch, not stored: PRF(crossing key, visitor) of each visitor',
    `visitors` AggregateFunction(uniqCombined64(16), UInt32) DEFAULT arrayReduce('uniqCombined64State(16)', hashes) COMMENT 'Sketch of keyed hashes; those of different crossings share no hash' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY (day, cityHash64(site) % 8)
ORDER BY (site, day, dim, dim2, value, value2)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 60
COMMENT 'Crossings of two dimensions, of days that are still being counted';
-- Values of sealed rows are LowCardinality: measured on 1.5 million crossings, a filtered table takes half the time and a
-- sixth less space. By value before day: a year of one value lies in one place, and its numbers are alike.
-- Numbers that nearly say the same are stored as what one exceeds the other by, a fifth of all bytes less; what readers
-- ask for is an alias. Differences add up as the numbers do, so merges and late counts need not know.
-- By quarter: of a year that is asked about, each part takes a millisecond or two whatever it holds; by year, a month filtered by
-- a second dimension takes twice the time. A quarter nothing was added to for two days becomes one part.
CREATE TABLE IF NOT EXISTS cells
(
    `site` LowCardinality(String) COMMENT 'Site id',
    `day` Date COMMENT 'Calendar date in the site''s time zone' CODEC(Delta, ZSTD(3)),
    `dim` LowCardinality(String) COMMENT 'What is grouped by: total, page, event, source …',
    `value` LowCardinality(String) COMMENT 'Value of the dimension' CODEC(ZSTD(3)),
    `hour` UInt8 COMMENT 'Hours elapsed since local midnight, 0 to 24; 255: the whole day. Hours are there of the whole site alone',
    `generation` UInt64 COMMENT 'Rows of a generation that no row in seals names are remains of a seal that was interrupted' CODEC(ZSTD(3)),
    `visitors` Int64 COMMENT 'Unique visitors, fixed when the day was sealed' CODEC(T64, ZSTD(3)),
    `visits_over` Int64 COMMENT 'Visits less visitors' CODEC(T64, ZSTD(3)),
    `visits` Int64 ALIAS visitors + visits_over COMMENT 'Visits: runs of events of one visitor with less than 30 minutes between them; deltas until a visit is over',
    `bounces` Int64 COMMENT 'Visits without a second page view' CODEC(T64, ZSTD(3)),
    `visit_secs` Int64 COMMENT 'Seconds between the first and the last event of visits' CODEC(T64, ZSTD(3)),
    `engaged_secs` Int64 COMMENT 'Seconds a page was visible and focused' CODEC(T64, ZSTD(3)),
    `scroll_pct_sum` Int64 COMMENT 'Sum of furthest scroll positions, percent of the page' CODEC(T64, ZSTD(3)),
    `scroll_n` Int64 COMMENT 'Page views that reported a scroll position' CODEC(T64, ZSTD(3)),
    `engaged_over` Int64 COMMENT 'Page views that reported engagement less those that reported a scroll position' CODEC(T64, ZSTD(3)),
    `engaged_n` Int64 ALIAS scroll_n + engaged_over COMMENT 'Page views that reported engagement',
    `pageviews_over` Int64 COMMENT 'Page views less those that reported engagement' CODEC(T64, ZSTD(3)),
    `pageviews` Int64 ALIAS scroll_n + engaged_over + pageviews_over COMMENT 'Events of kind page view',
    `events_over` Int64 COMMENT 'Events that are no page views; samples for vital and number' CODEC(T64, ZSTD(3)),
    `events` Int64 ALIAS scroll_n + engaged_over + pageviews_over + events_over COMMENT 'All events, page views included; samples for vital and number',
    `revenue_minor` Int64 COMMENT 'Payments in the smallest unit of the currency; only under dimension currency' CODEC(T64, ZSTD(3)),
    `keep_days` UInt16 COMMENT 'Days the row is kept',
    `keep_until` Date ALIAS day + keep_days COMMENT 'The row is removed after this day'
)
ENGINE = SummingMergeTree((visitors, visits_over, bounces, visit_secs, engaged_secs, scroll_pct_sum, scroll_n, engaged_over, pageviews_over, events_over, revenue_minor))
PARTITION BY toStartOfQuarter(day)
ORDER BY (site, dim, hour, value, day, generation)
TTL day + keep_days + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 60,
         min_age_to_force_merge_seconds = 172800, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Cells of sealed days: integers only';
CREATE TABLE IF NOT EXISTS crossings
(
    `site` LowCardinality(String) COMMENT 'Site id',
    `day` Date COMMENT 'Calendar date in the site''s time zone' CODEC(Delta, ZSTD(3)),
    `dim` LowCardinality(String) COMMENT 'First dimension',
    `value` LowCardinality(String) COMMENT 'Its value' CODEC(ZSTD(3)),
    `dim2` LowCardinality(String) COMMENT 'Second dimension',
    `value2` LowCardinality(String) COMMENT 'Its value' CODEC(ZSTD(3)),
    `generation` UInt64 COMMENT 'Rows of a generation that no row in seals names are remains of a seal that was interrupted' CODEC(ZSTD(3)),
    `visitors` Int64 COMMENT 'Unique visitors, fixed when the day was sealed' CODEC(T64, ZSTD(3)),
    `visits_over` Int64 COMMENT 'Visits less visitors' CODEC(T64, ZSTD(3)),
    `visits` Int64 ALIAS visitors + visits_over COMMENT 'Visits: runs of events of one visitor with less than 30 minutes between them; deltas until a visit is over',
    `bounces` Int64 COMMENT 'Visits without a second page view' CODEC(T64, ZSTD(3)),
    `visit_secs` Int64 COMMENT 'Seconds between the first and the last event of visits' CODEC(T64, ZSTD(3)),
    `engaged_secs` Int64 COMMENT 'Seconds a page was visible and focused' CODEC(T64, ZSTD(3)),
    `scroll_pct_sum` Int64 COMMENT 'Sum of furthest scroll positions, percent of the page' CODEC(T64, ZSTD(3)),
    `scroll_n` Int64 COMMENT 'Page views that reported a scroll position' CODEC(T64, ZSTD(3)),
    `engaged_over` Int64 COMMENT 'Page views that reported engagement less those that reported a scroll position' CODEC(T64, ZSTD(3)),
    `engaged_n` Int64 ALIAS scroll_n + engaged_over COMMENT 'Page views that reported engagement',
    `pageviews_over` Int64 COMMENT 'Page views less those that reported engagement' CODEC(T64, ZSTD(3)),
    `pageviews` Int64 ALIAS scroll_n + engaged_over + pageviews_over COMMENT 'Events of kind page view',
    `events_over` Int64 COMMENT 'Events that are no page views; samples for vital and number' CODEC(T64, ZSTD(3)),
    `events` Int64 ALIAS scroll_n + engaged_over + pageviews_over + events_over COMMENT 'All events, page views included; samples for vital and number',
    `revenue_minor` Int64 COMMENT 'Payments in the smallest unit of the currency; only under dimension currency' CODEC(T64, ZSTD(3)),
    `keep_days` UInt16 COMMENT 'Days the row is kept',
    `keep_until` Date ALIAS day + keep_days COMMENT 'The row is removed after this day'
)
ENGINE = SummingMergeTree((visitors, visits_over, bounces, visit_secs, engaged_secs, scroll_pct_sum, scroll_n, engaged_over, pageviews_over, events_over, revenue_minor))
PARTITION BY toStartOfQuarter(day)
ORDER BY (site, dim, dim2, value, value2, day, generation)
TTL day + keep_days + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 60,
         min_age_to_force_merge_seconds = 172800, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Crossings of sealed days that enough visitors stand behind: integers only';
CREATE TABLE IF NOT EXISTS seals
(
    `site` LowCardinality(String) COMMENT 'Site id',
    `day` Date COMMENT 'The day that was sealed',
    `generation` UInt64 COMMENT 'The rows of cells and crossings that hold',
    `sealed_at` DateTime('UTC') COMMENT 'When it was sealed',
    `k` UInt32 COMMENT 'Groups of fewer visitors were folded',
    `strict` Bool COMMENT 'k applied to cells of every dimension',
    `cells` UInt64 COMMENT 'Rows in cells',
    `crossings` UInt64 COMMENT 'Rows in crossings',
    `folded` UInt64 COMMENT 'Crossings and cells that were folded',
    `folded_in` Map(String, UInt64) COMMENT 'How many of them by dimension, and by both dimensions of a crossing'
)
ENGINE = ReplacingMergeTree(sealed_at)
ORDER BY (site, day)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 60
COMMENT 'The switch: from which generation a site-day is read';
