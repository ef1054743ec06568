//! Links: what opens them, and for how long.

use std::sync::Arc;

use super::*;
use crate::clock::Clock;
use crate::files::{TestDirectory, test_directory};
use crate::registry::SiteChange;

const NOW: i64 = 1_795_000_000;

struct Fixture {
    registry: Arc<Registry>,
    clock: Clock,
    scratch: TestDirectory,
}

fn fixture() -> Fixture {
    let (scratch, clock) = (test_directory(), Clock::fixed(NOW));
    let registry = Registry::open_at(scratch.path(), clock.clone()).expect("a registry");
    let added = registry.update("cli", |draft| {
        draft.add_site("one", SiteChange::default())?;
        Ok(draft.add_site("two", SiteChange::default())?)
    });
    added.expect("added");
    Fixture { registry, clock, scratch }
}

impl Fixture {
    fn share(&self, site: &str, password: Option<&str>) -> (ShareRecord, String) {
        let made =
            self.registry.update("boss", |draft| draft.add_share(site, " For  Anna ", password.map(str::to_owned)));
        made.expect("made")
    }

    fn later(&self, seconds: i64) {
        if let Clock::Fixed(now) = &self.clock {
            now.fetch_add(seconds, std::sync::atomic::Ordering::Relaxed);
        }
    }
}

#[test]
fn a_link_opens_its_site_until_it_is_removed() {
    let here = fixture();
    let (share, token) = here.share("one", None);
    assert!(token.starts_with("hc_s_") && token.len() == 48, "{token}");
    let id = share.id.clone();
    let expected =
        ShareGrant { id: id.clone(), site: "one".into(), name: "For Anna".into(), has_password: false, is_open: true };
    assert_eq!(here.registry.share(&token), Some(expected));
    for other in ["", "hc_s_", "hc_p_", "hc_p___", id.as_str(), &token[..47]] {
        assert_eq!(here.registry.share(other), None, "{other}");
    }
    let remove = |site: &str, id: &str| here.registry.update("boss", |draft| Ok(draft.remove_share(site, id)?));
    let codes = [remove("two", &id), remove("none", &id), remove("one", "s0")]
        .map(|result| result.expect_err("refused").code());
    assert_eq!(codes, ["unknown_share", "unknown_site", "unknown_share"]);
    remove("one", &id).expect("removed");
    assert_eq!(here.registry.share(&token), None);
}

#[test]
fn a_password_buys_a_pass_that_ends_with_its_time_its_link_and_the_process() {
    let here = fixture();
    let (share, token) = here.share("one", Some("$argon2id$x"));
    let opens = |text: &str| here.registry.share(text).map(|grant| grant.is_open);
    assert_eq!(opens(&token), Some(false));
    let pass = here.registry.pass(&token).expect("a pass");
    assert_eq!((opens(&pass.text), pass.expires_at.as_second()), (Some(true), NOW + 12 * 3600));
    // Neither a later second nor another link's pass.
    let forged = [
        pass.text.replace(&(NOW + 12 * 3600).to_string(), &(NOW + 13 * 3600).to_string()),
        pass.text.replace(&share.id, &here.share("two", Some("$argon2id$x")).0.id),
        pass.text[..pass.text.len() - 1].to_owned(),
        format!("{}0", pass.text),
    ];
    assert_eq!(forged.each_ref().map(|text| opens(text)), [None; 4]);
    let again = Registry::open_at(here.scratch.path(), here.clock.clone()).expect("a registry");
    assert_eq!((again.share(&pass.text), again.share(&token).map(|grant| grant.is_open)), (None, Some(false)));
    here.later(12 * 3600 - 1);
    assert_eq!(opens(&pass.text), Some(true));
    here.later(1);
    assert_eq!(opens(&pass.text), None);
    let fresh = here.registry.pass(&token).expect("a pass");
    here.registry.update("boss", |draft| Ok(draft.remove_share("one", &share.id)?)).expect("removed");
    assert_eq!((opens(&fresh.text), here.registry.pass(&token)), (None, None));
}

#[test]
fn links_are_bounded_named_and_go_with_their_site() {
    let here = fixture();
    let tokens: Vec<_> = (0..SHARES).map(|_| here.share("one", None).1).collect();
    let add = |site: &str, name: &str| {
        let made = here.registry.update("boss", |draft| draft.add_share(site, name, None));
        made.expect_err("refused").code()
    };
    let long = "x".repeat(101);
    let codes = [add("one", "x"), add("two", " "), add("two", &long), add("two", "a\u{0}"), add("none", "x")];
    assert_eq!(codes, ["too_many", "bad_share", "bad_share", "bad_share", "unknown_site"]);
    let (_, other) = here.share("two", None);
    here.registry.update("boss", |draft| Ok(draft.remove_site("one")?)).expect("removed");
    let left = [&tokens[0], &tokens[49], &other].map(|token| here.registry.share(token).is_some());
    assert_eq!(left, [false, false, true]);
}

#[test]
fn no_token_and_no_pass_is_at_rest_or_shown() {
    let here = fixture();
    let (share, token) = here.share("one", Some("$argon2id$swordfish"));
    let pass = here.registry.pass(&token).expect("a pass");
    let files = std::fs::read_dir(here.scratch.path().join("registry")).expect("readable");
    let bytes: String =
        files.map(|file| std::fs::read_to_string(file.expect("readable").path()).expect("text")).collect();
    assert!(!bytes.contains(token.trim_start_matches(TOKEN)) && !bytes.contains(&pass.text));
    assert!(bytes.contains("with a password") && !format!("{share:?}").contains("swordfish"));
}
