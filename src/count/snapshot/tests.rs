use proptest::prelude::*;

use super::*;
use crate::count::Live;
use crate::count::testing::{Bench, HOUR, Hit, MIDNIGHT, site};
use crate::model::Dimension as D;

/// The same counts as if nothing had happened between the two commits.
fn restarted(before: &[Hit], after: &[Hit]) -> [Bench; 2] {
    let mut benches = [(); 2].map(|()| Bench::new(site(), 100));
    benches.iter_mut().for_each(|bench| bench.take(before));
    let at = before.iter().map(|hit| hit.at).max().unwrap_or_default();
    let bench = &mut benches[1];
    let saved = bench.folder.save_visits();
    bench.folder = Folder::new(bench.salts.clone(), Arc::new(Live::default()), 100);
    bench.folder.restore_visits(&saved, MIDNIGHT + at).expect("restored");
    benches.iter_mut().for_each(|bench| bench.take(after));
    benches
}

#[test]
fn visits_go_on_after_a_restart() {
    let hit = |at, page| Hit::view(1, 23 * HOUR + at, page).with(D::Country, "DE").engaged_by(at);
    let [through, restarted] = restarted(
        &[hit(0, "/a"), hit(1_000, "/b"), hit(2_600, "/a")],
        &[hit(3_700, "/c"), hit(3_800, "/c"), hit(7_300, "/a")],
    );
    assert_eq!(restarted.of(&[D::Total]), through.of(&[D::Total]));
    assert!(through.counts.keys().eq(restarted.counts.keys()));
    assert!(through.counts.values().zip(restarted.counts.values()).all(|(one, other)| one.0 == other.0));
}

#[test]
fn nobody_is_no_bytes_and_closed_days_are_left_out() {
    let mut bench = Bench::new(site(), 100);
    assert_eq!(bench.folder.save_visits(), Vec::<u8>::new());
    bench.take(&[Hit::view(1, 23 * HOUR, "/a")]);
    let saved = bench.folder.save_visits();
    let two_days_later = MIDNIGHT + 72 * HOUR;
    let restored = [MIDNIGHT + 24 * HOUR, two_days_later].map(|now| {
        let mut folder = Folder::new(bench.salts.clone(), Arc::new(Live::default()), 100);
        folder.restore_visits(&saved, now).expect("restored")
    });
    assert_eq!(restored, [1, 0]);
}

impl Hit {
    fn engaged_by(self, at: i64) -> Self {
        if at % 2_000 == 0 { self.engaged(7, 30) } else { self }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_restored_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bench = Bench::new(site(), 100);
        bench.take(&[Hit::view(1, 12 * HOUR, "/a"), Hit::view(1, 12 * HOUR + 9, "/b").with(D::Goal, "g")]);
        let mut saved = bench.folder.save_visits();
        let at = at.index(saved.len());
        saved[at] = byte;
        if cut {
            saved.truncate(at);
        }
        let mut folder = Folder::new(bench.salts.clone(), Arc::new(Live::default()), 100);
        let _ = folder.restore_visits(&saved, MIDNIGHT + 12 * HOUR);
        // Whatever came of it, counting goes on.
        bench.folder = folder;
        bench.take(&[Hit::view(1, 12 * HOUR + 20, "/c").with(D::Goal, "g")]);
    }
}
