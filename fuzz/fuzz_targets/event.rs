//! The body of `POST /e`, and what is done with its texts.
#![no_main]

use headcount::ingest::decode;
use headcount::ingest::enrich::{campaign, language, page};
use headcount::ingest::hit::Week;
use headcount::privacy::hygiene;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(hit) = decode::one(body) else { return };
    let _ = (hygiene::clean_name(&hit.name), hygiene::clean_path(&hit.path), hygiene::clean_path(&hit.screen));
    let _ = language::primary(&hit.client.language);
    for address in [&hit.url, &hit.referrer] {
        let Some(parts) = page::split(address) else { continue };
        let _ = (parts.host.and_then(hygiene::clean_host), hygiene::clean_path(parts.path));
        let _ = campaign::read(parts.query).is_empty();
    }
    assert!(hit.revenue.is_none_or(|revenue| revenue.minor.unsigned_abs() <= 10_u64.pow(16)));
    if let Some(week) = hit.cohort.and_then(|cohort| cohort.first_week) {
        assert_eq!(Week::of(week.monday()), week);
    }
    for (key, value) in &hit.props.0 {
        let _ = (hygiene::clean_key(key), hygiene::clean_value(value));
    }
});
