-- A load leaves its number in one row of each site-day it has rows of: the row of no dimension, whose value names the
-- journal. So it can be asked for. Tokens alone do not tell: ClickHouse notes a token before the part is there, and does
-- not sync what it noted. No other row has a number: rows of one number would tell who was counted together. Numbers are
-- moved by a keyed hash of table, site and day. Sealed tables only add up, so it is in a sum there.
ALTER TABLE cells_open ADD COLUMN IF NOT EXISTS `receipt` SimpleAggregateFunction(max, UInt64) COMMENT 'Number of the last load with rows of this site and day; only in the row of no dimension';
ALTER TABLE crossings_open ADD COLUMN IF NOT EXISTS `receipt` SimpleAggregateFunction(max, UInt64) COMMENT 'Number of the last load with rows of this site and day; only in the row of no dimension';
ALTER TABLE cells COMMENT COLUMN IF EXISTS `revenue_minor` 'Payments in the smallest unit of the currency; only under dimension currency. In the row of no dimension: the number of the last load of late counts';
ALTER TABLE crossings COMMENT COLUMN IF EXISTS `revenue_minor` 'Payments in the smallest unit of the currency; only under dimension currency. In the row of no dimension: the number of the last load of late counts';
