use super::stage::UNFINISHED_SECONDS;
use super::*;
use crate::files::{TestDirectory, test_directory};

/// 2026-11-21 12:00 UTC.
const NOON: i64 = 1_795_262_400;

fn site(zone: &str) -> Site {
    Site::new("demo".parse().expect("an id"), jiff::tz::TimeZone::get(zone).expect("a zone"))
}

/// The directory of the salts; beside it lies the list of closed days.
fn salts(directory: &TestDirectory) -> PathBuf {
    directory.path().join("salts")
}

fn day(text: &str) -> Day {
    Day::from_date(text.parse().expect("a date")).expect("in range")
}

fn commitment(store: &SaltStore, site: &Site, day: Day, now: i64) -> Option<[u8; 32]> {
    store.of(site, day, now).expect("a salt").map(|salt| salt.commitment())
}

#[test]
fn a_restart_keeps_the_salt() {
    let (site, directory) = (site("UTC"), test_directory());
    let first = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    let before = commitment(&first, &site, day("2026-11-21"), NOON);
    let second = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    assert_eq!(commitment(&second, &site, day("2026-11-21"), NOON), before);
    assert!(before.is_some());
}

#[test]
fn ages_and_commitments_are_told_and_survive_a_restart() {
    let (site, directory) = (site("UTC"), test_directory());
    let open = || SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    let store = open();
    let mut commitments: Vec<_> = [("2026-11-22", NOON - 1), ("2026-11-21", NOON)]
        .map(|(date, now)| commitment(&store, &site, day(date), now).expect("a salt"))
        .into();
    commitments.sort_unstable();
    let told = SaltsTold { oldest_hours: Some(3), commitments };
    assert_eq!((store.told(NOON + 2 * 3600), open().told(NOON + 2 * 3600)), (told.clone(), told));
}

#[test]
fn sites_and_days_have_salts_of_their_own() {
    let (a, mut b, directory) = (site("UTC"), site("UTC"), test_directory());
    b.id = "other".parse().expect("an id");
    let store = SaltStore::open(&salts(&directory), [&a, &b].into_iter(), NOON).expect("opens");
    let one = commitment(&store, &a, day("2026-11-21"), NOON);
    assert_ne!(one, commitment(&store, &b, day("2026-11-21"), NOON));
    assert_ne!(one, commitment(&store, &a, day("2026-11-22"), NOON));
}

#[test]
fn a_day_is_late_two_hours_after_midnight_and_its_file_is_gone() {
    let (site, directory) = (site("UTC"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    let today = day("2026-11-21");
    commitment(&store, &site, today, NOON);
    let path = salts(&directory).join("demo/2026-11-21");
    let last_second = NOON + 14 * 3600 - 1;
    assert!(commitment(&store, &site, today, last_second).is_some() && path.exists());
    assert_eq!(store.destroy_closed(last_second, |_| true).ok(), Some(0));
    assert_eq!(store.destroy_closed(last_second + 1, |_| true).ok(), Some(1));
    assert!(!path.exists());
    assert_eq!(commitment(&store, &site, today, last_second + 1), None);
    assert_eq!(store.told(last_second + 1), SaltsTold::default());
}

#[test]
fn a_day_that_closed_while_the_program_was_off_is_destroyed_at_the_start() {
    let (site, directory) = (site("UTC"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    commitment(&store, &site, day("2026-11-21"), NOON);
    SaltStore::open(&salts(&directory), [&site].into_iter(), NOON + 86_400).expect("opens");
    assert!(!salts(&directory).join("demo/2026-11-21").exists());
}

#[test]
fn a_removed_site_takes_its_salts_along() {
    let (site, directory) = (site("UTC"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    commitment(&store, &site, day("2026-11-21"), NOON);
    assert_eq!(store.destroy_closed(NOON, |_| false).ok(), Some(1));
    assert!(!salts(&directory).join("demo/2026-11-21").exists());
}

#[test]
fn midnight_is_the_sites_own_also_when_clocks_change() {
    // Berlin left summer time on 2026-10-25, so that day had 25 hours and ended at 23:00 UTC.
    let berlin = closes_at(&site("Europe/Berlin"), day("2026-10-25"));
    let utc = closes_at(&site("UTC"), day("2026-10-25"));
    assert_eq!(utc - berlin, 3600);
    let before = closes_at(&site("Europe/Berlin"), day("2026-10-24"));
    assert_eq!(berlin - before, 25 * 3600);
}

#[cfg(unix)]
#[test]
fn files_are_for_the_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (site, directory) = (site("UTC"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    commitment(&store, &site, day("2026-11-21"), NOON);
    let mode = |path: &str| fs::metadata(salts(&directory).join(path)).expect("exists").permissions().mode() & 0o777;
    assert_eq!((mode("demo"), mode("demo/2026-11-21")), (0o700, 0o600));
}

#[test]
fn a_closed_day_never_gets_a_second_salt() {
    let (berlin, directory) = (site("Europe/Berlin"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&berlin].into_iter(), NOON).expect("opens");
    let today = day("2026-11-21");
    commitment(&store, &berlin, today, NOON);
    let closed_at = NOON + 13 * 3600;
    assert_eq!(store.destroy_closed(closed_at, |_| true).ok(), Some(1));
    // The clock steps back, the site moves west, the program starts again: the day stays closed.
    assert_eq!(commitment(&store, &berlin, today, NOON), None);
    let west = site("America/New_York");
    assert_eq!(commitment(&store, &west, today, closed_at), None);
    let again = SaltStore::open(&salts(&directory), [&west].into_iter(), closed_at).expect("opens");
    assert_eq!(commitment(&again, &west, today, closed_at), None);
    assert!(commitment(&again, &west, day("2026-11-22"), closed_at).is_some());
}

#[test]
fn a_change_of_zone_does_not_lengthen_a_salts_life() {
    let (berlin, directory) = (site("Europe/Berlin"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&berlin].into_iter(), NOON).expect("opens");
    commitment(&store, &berlin, day("2026-11-21"), NOON);
    let west = site("America/New_York");
    let again = SaltStore::open(&salts(&directory), [&west].into_iter(), NOON + 13 * 3600).expect("opens");
    assert!(again.is_empty() && !salts(&directory).join("demo/2026-11-21").exists());
}

#[test]
fn a_salt_made_under_a_clock_that_ran_ahead_is_destroyed() {
    let (site, directory) = (site("UTC"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    commitment(&store, &site, day("2027-06-09"), NOON + 200 * 86_400);
    assert_eq!(store.destroy_closed(NOON, |_| true).ok(), Some(1));
    assert!(store.is_empty());
}

#[test]
fn half_destroyed_files_are_no_salts() {
    let (site, directory) = (site("UTC"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    commitment(&store, &site, day("2026-11-21"), NOON);
    let path = salts(&directory).join("demo/2026-11-21");
    fs::write(&path, [0; FILE]).expect("written");
    let again = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    assert!(again.is_empty() && !path.exists());
}

#[test]
fn looking_for_a_salt_makes_none() {
    let (site, directory) = (site("UTC"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    let today = day("2026-11-21");
    let existing = |now| store.existing(&site.id, today, now).map(|salt| salt.commitment());
    assert!(existing(NOON).is_none() && store.is_empty());
    let made = commitment(&store, &site, today, NOON);
    // Two hours after midnight it is as good as gone.
    assert_eq!([existing(NOON + 14 * 3600 - 1), existing(NOON + 14 * 3600)], [made, None]);
}

#[test]
fn a_day_closed_early_gets_no_salt_again_nor_after_a_restart() {
    let (site, directory) = (site("UTC"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    let today = day("2026-11-21");
    commitment(&store, &site, today, NOON);
    assert!(!store.is_late(&site, today, NOON));
    store.close(&site.id, today).expect("closed");
    assert!(!salts(&directory).join("demo/2026-11-21").exists());
    for now in [NOON, NOON - 86_400] {
        let again = SaltStore::open(&salts(&directory), [&site].into_iter(), now).expect("opens");
        assert_eq!((commitment(&again, &site, today, now), again.is_late(&site, today, now)), (None, true));
    }
    // Other days are not touched: yesterday is late by its age, tomorrow is not.
    let days = ["2026-11-20", "2026-11-22"].map(|date| store.is_late(&site, day(date), NOON));
    assert_eq!(days, [true, false]);
}

#[test]
fn owners_open_past_days_that_were_never_closed_for_a_quarter_of_an_hour() {
    let (site, directory) = (site("UTC"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    let backfill = |day: Day, now| store.of_backfill(&site, day, now).expect("a salt").map(|salt| salt.commitment());
    let (past, old) = (day("2026-11-01"), day("2024-09-11"));
    assert_eq!((commitment(&store, &site, past, NOON), backfill(old, NOON)), (None, None));
    let first = backfill(past, NOON);
    // The commit finds it as it finds any other, also after a restart.
    assert!(first.is_some() && first == commitment(&store, &site, past, NOON));
    assert_eq!(backfill(past, NOON + 600), first);
    let again = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON + 601).expect("opens");
    assert_eq!(commitment(&again, &site, past, NOON + 1_499), first);
    assert!(!again.is_late(&site, past, NOON + 1_499));
    assert_eq!(again.destroy_closed(NOON + 1_500, |_| true).ok(), Some(1));
    let late = again.of_backfill(&site, past, NOON + 1_500).expect("no failure").is_none();
    assert!(late && again.is_late(&site, past, NOON + 1_500));
    assert_eq!(again.stage(&site, past, NOON + 1_500), Stage::Over);
    // Another past day, nobody's yet, can still be opened.
    assert!(again.of_backfill(&site, day("2026-11-02"), NOON + 1_500).expect("a salt").is_some());
}

#[test]
fn a_past_day_that_never_had_a_salt_is_unfinished_for_thirty_days() {
    let (site, directory) = (site("UTC"), test_directory());
    let store = SaltStore::open(&salts(&directory), [&site].into_iter(), NOON).expect("opens");
    let past = day("2026-11-18");
    let end = closes_at(&site, past);
    let at = [end - 1, end, end + UNFINISHED_SECONDS - 1, end + UNFINISHED_SECONDS];
    let stages = at.map(|now| store.stage(&site, past, now));
    assert_eq!(stages, [Stage::Open, Stage::Unfinished, Stage::Unfinished, Stage::Over]);
    assert_eq!(store.due_since(&site, past), at[3]);
    // Filled in, it ends as any day does.
    assert_eq!(store.oldest(NOON), None);
    assert!(store.of_backfill(&site, past, NOON).expect("a salt").is_some());
    let stages = [0, BACKFILL_SECONDS].map(|seconds| store.stage(&site, past, NOON + seconds));
    assert_eq!((stages, store.oldest(NOON)), ([Stage::Open, Stage::Over], Some(past)));
    store.destroy_closed(NOON + BACKFILL_SECONDS, |_| true).expect("closed");
    assert_eq!(store.due_since(&site, past), end);
}
