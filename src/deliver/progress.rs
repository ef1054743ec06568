//! How far the loaders are: what both have loaded may leave the spool, and who seals waits for both.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

use super::table::Table;

/// Sequences up to which batches are in ClickHouse, table by table.
#[derive(Default)]
pub struct Progress {
    confirmed: [AtomicU64; 2],
    /// Those that stay confirmed whatever happens to the program.
    durable: watch::Sender<[u64; 2]>,
    /// Up to where somebody waits.
    wanted: watch::Sender<u64>,
}

impl Progress {
    /// Up to where both tables have everything.
    pub fn loaded(&self) -> u64 {
        let confirmed = self.confirmed.each_ref().map(|sequence| sequence.load(Ordering::Relaxed));
        confirmed.into_iter().min().unwrap_or(0)
    }

    /// Waits until both tables have everything up to `sequence`, and no load of it can ever be tried again. The loaders
    /// do not pause meanwhile.
    pub async fn reach(&self, sequence: u64) {
        self.wanted.send_if_modified(|wanted| {
            let is_more = sequence > *wanted;
            *wanted = sequence.max(*wanted);
            is_more
        });
        let mut durable = self.durable.subscribe();
        // Ends with an error only when the sender is gone, which this very reference keeps from happening.
        let _ = durable.wait_for(|durable| durable.iter().all(|reached| *reached >= sequence)).await;
    }

    /// A view on up to where somebody waits.
    pub(super) fn wanted(&self) -> watch::Receiver<u64> {
        self.wanted.subscribe()
    }

    pub(super) fn confirm(&self, table: Table, sequence: u64) {
        self.confirmed[table as usize].store(sequence, Ordering::Relaxed);
    }

    pub(super) fn durable(&self, table: Table) -> u64 {
        self.durable.borrow()[table as usize]
    }

    pub(super) fn make_durable(&self, table: Table, sequence: u64) {
        self.durable.send_modify(|durable| durable[table as usize] = sequence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_is_woken_when_both_tables_are_there() {
        let progress = Progress::default();
        progress.make_durable(Table::Cells, 7);
        let wait = progress.reach(5);
        tokio::pin!(wait);
        tokio::select! {
            biased;
            () = &mut wait => panic!("crossings are not there"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(*progress.wanted().borrow(), 5);
        progress.make_durable(Table::Crossings, 5);
        wait.await;
        progress.confirm(Table::Cells, 7);
        assert_eq!(progress.loaded(), 0);
        progress.confirm(Table::Crossings, 5);
        assert_eq!(progress.loaded(), 5);
    }
}
