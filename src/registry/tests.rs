//! The registry as a whole: on disk, between processes, over time.

use std::collections::BTreeSet;

use super::*;
use crate::files::{TestDirectory, test_directory};

const NOW: i64 = 1_795_000_000;
const DAY: i64 = 86_400;

struct Fixture {
    scratch: TestDirectory,
    clock: Clock,
    registry: Arc<Registry>,
}

fn fixture() -> Fixture {
    let (scratch, clock) = (test_directory(), Clock::fixed(NOW));
    let registry = Registry::open_at(scratch.path(), clock.clone()).expect("an empty registry");
    Fixture { scratch, clock, registry }
}

impl Fixture {
    fn again(&self) -> Arc<Registry> {
        Registry::open_at(self.scratch.path(), self.clock.clone()).expect("opened again")
    }

    fn later(&self, seconds: i64) {
        if let Clock::Fixed(now) = &self.clock {
            now.fetch_add(seconds, std::sync::atomic::Ordering::Relaxed);
        }
    }

    fn site(&self, id: &str) {
        let added = self.registry.update("cli", |draft| Ok(draft.add_site(id, SiteChange::default())?));
        added.expect("added");
    }

    fn user(&self, name: &str, rights: Rights) {
        self.registry.update("cli", |draft| draft.add_user(name, &rights)).expect("added");
    }

    fn key(&self, site: &str, scope: Scope) -> String {
        self.registry.update("cli", |draft| draft.create_key(site, scope, "")).expect("created")
    }

    fn bytes_at_rest(&self) -> String {
        let files = std::fs::read_dir(self.scratch.path().join("registry")).expect("readable");
        let read = |file: std::fs::DirEntry| std::fs::read_to_string(file.path()).expect("readable");
        files.map(|file| read(file.expect("readable"))).collect()
    }
}

fn on(site: &str, role: Role) -> Rights {
    Rights::On(vec![site.to_owned()], role)
}

fn code<T: std::fmt::Debug>(result: Result<T, RegistryError>) -> &'static str {
    result.expect_err("refused").code()
}

#[test]
fn a_change_is_seen_by_another_handle_after_a_refresh() {
    let here = fixture();
    let there = here.again();
    assert!(!there.refresh().expect("readable"));
    here.site("blog.example");
    assert!(there.snapshot().site("blog.example").is_none());
    assert_eq!((there.refresh().expect("readable"), there.refresh().expect("readable")), (true, false));
    let snapshot = there.snapshot();
    let site = snapshot.site("blog.example").expect("seen");
    assert_eq!(**site, **here.registry.snapshot().site("blog.example").expect("there"));
    assert_eq!((site.domains.as_slice(), site.min_visitors), (["blog.example".to_owned()].as_slice(), 5));
}

#[test]
fn concurrent_changes_lose_nothing() {
    let here = fixture();
    std::thread::scope(|scope| {
        for worker in 0..4 {
            // Two share a handle, two have their own, as two processes would.
            let registry = if worker < 2 { here.registry.clone() } else { here.again() };
            scope.spawn(move || {
                for number in 0..50 {
                    let id = format!("s{worker}-{number}");
                    registry.update("cli", |draft| Ok(draft.add_site(&id, SiteChange::default())?)).expect("added");
                }
            });
        }
    });
    let read = here.again().snapshot();
    let ids: BTreeSet<_> = read.book().sites.iter().map(|site| site.id.clone()).collect();
    let expected: BTreeSet<_> = (0..4).flat_map(|w| (0..50).map(move |n| format!("s{w}-{n}"))).collect();
    assert_eq!(ids, expected);
    here.registry.refresh().expect("readable");
    assert_eq!(here.registry.snapshot().book(), read.book());
    let audit = std::fs::read_to_string(here.scratch.path().join("registry/audit.jsonl")).expect("readable");
    let told: BTreeSet<_> =
        audit.lines().map(|line| serde_json::from_str::<AuditLine>(line).expect("whole lines").about).collect();
    assert_eq!((told, audit.lines().count()), (expected, 200));
}

#[test]
fn a_refused_change_writes_nothing() {
    let here = fixture();
    here.site("app");
    let before = here.bytes_at_rest();
    let twice = here.registry.update("cli", |draft| {
        draft.add_site("other", SiteChange::default())?;
        Ok(draft.add_site("app", SiteChange::default())?)
    });
    assert_eq!((code(twice), here.bytes_at_rest()), ("site_exists", before));
}

#[test]
fn a_key_grants_its_scope_on_its_site_until_it_is_revoked() {
    let here = fixture();
    here.site("app");
    let key = here.key("app", Scope::Write);
    let id = here.registry.snapshot().book().keys[0].id.clone();
    assert!(key.starts_with("hc_w_") && key.len() == 48, "{key}");
    let grant = here.registry.snapshot().grant_of_key(&key);
    let site = Some("app".parse().expect("an id"));
    assert_eq!(grant, Some(Grant { key: id.clone(), scope: Scope::Write, site }));
    assert_eq!(here.registry.snapshot().grant_of_key("hc_w_other"), None);
    here.registry.update("cli", |draft| Ok(draft.revoke_key(&id)?)).expect("revoked");
    assert_eq!(here.registry.snapshot().grant_of_key(&key), None);
    assert_eq!(code(here.registry.update("cli", |draft| Ok(draft.revoke_key(&id)?))), "key_revoked");
    assert_eq!(code(here.registry.update("cli", |draft| Ok(draft.revoke_key("k0")?))), "unknown_key");
}

#[test]
fn removing_a_site_removes_its_keys_and_rights_and_no_others() {
    let here = fixture();
    here.site("one");
    here.site("two");
    let keys = [here.key("one", Scope::Read), here.key("two", Scope::Read)];
    here.user("anna", Rights::On(vec!["one".into(), "two".into()], Role::Editor));
    here.registry.update("cli", |draft| Ok(draft.remove_site("one")?)).expect("removed");
    // Twice is once; and no new site of that id until what the old one counted is erased.
    here.registry.update("cli", |draft| Ok(draft.remove_site("one")?)).expect("removed");
    let added = here.registry.update("cli", |draft| Ok(draft.add_site("one", SiteChange::default())?));
    assert_eq!((code(added), here.registry.snapshot().book().erasures.len()), ("site_being_erased", 1));
    here.registry
        .update("cli", |draft| {
            draft.site_erased("one");
            Ok(())
        })
        .expect("noted");
    here.site("one");
    let snapshot = here.registry.snapshot();
    assert_eq!(keys.map(|key| snapshot.grant_of_key(&key).is_some()), [false, true]);
    assert_eq!(["one", "two"].map(|site| snapshot.role("anna", site)), [None, Some(Role::Editor)]);
}

#[test]
fn roles_are_per_site_and_an_owner_of_all_has_those_to_come() {
    let here = fixture();
    here.site("one");
    here.user("boss", Rights::OwnerOfAll);
    here.user("anna", on("one", Role::Viewer));
    here.site("two");
    let snapshot = here.registry.snapshot();
    let roles = [("boss", "one"), ("boss", "two"), ("boss", "no"), ("anna", "one"), ("anna", "two"), ("no", "one")];
    let found = roles.map(|(user, site)| snapshot.role(user, site));
    assert_eq!(found, [Some(Role::Owner), Some(Role::Owner), None, Some(Role::Viewer), None, None]);
    here.registry.update("cli", |draft| Ok(draft.grant("anna", &on("one", Role::Editor))?)).expect("given");
    assert_eq!(here.registry.snapshot().role("anna", "one"), Some(Role::Editor));
    here.registry.update("cli", |draft| Ok(draft.withdraw("anna", &["one".into()])?)).expect("taken");
    assert_eq!(here.registry.snapshot().role("anna", "one"), None);
}

#[test]
fn users_that_may_not_be_are_refused() {
    let here = fixture();
    here.site("one");
    here.user("boss", Rights::OwnerOfAll);
    let add = |name: &str, rights: Rights| code(here.registry.update("cli", |draft| draft.add_user(name, &rights)));
    let refused = [
        add("boss", Rights::OwnerOfAll),
        add("cli", Rights::OwnerOfAll),
        add("owner", on("one", Role::Viewer)),
        add("a b", Rights::OwnerOfAll),
        add("", Rights::OwnerOfAll),
        add("anna", on("none", Role::Viewer)),
        code(here.registry.update("cli", |draft| Ok(draft.remove_user("boss")?))),
        code(here.registry.update("cli", |draft| Ok(draft.withdraw("boss", &[])?))),
        code(here.registry.update("cli", |draft| Ok(draft.remove_user("none")?))),
        Rights::new(Role::Viewer, vec![]).expect_err("needs a site").code(),
    ];
    let expected = [
        "user_exists",
        "name_kept",
        "name_kept",
        "bad_user_name",
        "bad_user_name",
        "unknown_site",
        "last_owner",
        "last_owner",
        "unknown_user",
        "role_needs_site",
    ];
    assert_eq!(refused, expected);
}

#[test]
fn a_link_works_once_for_seven_days_and_dies_with_a_newer_one() {
    let here = fixture();
    here.user("boss", Rights::OwnerOfAll);
    let link = || here.registry.update("cli", |draft| draft.make_link("boss")).expect("made");
    let owner_of = |token: &str| {
        let snapshot = here.registry.snapshot();
        snapshot.user_of_link(token, here.registry.now()).map(str::to_owned)
    };
    let claim = |token: &str| here.registry.update("boss", |draft| draft.use_link(token, "$argon2id$x".into()));
    let (old, new) = (link(), link());
    assert_eq!((owner_of(&old), owner_of(&new)), (None, Some("boss".to_owned())));
    assert_eq!(
        (code(claim(&old)), claim(&new).expect("works"), code(claim(&new))),
        ("link_used", "boss".into(), "link_used")
    );
    let late = link();
    here.later(LINK_DAYS * DAY);
    assert_eq!((owner_of(&late), code(claim(&late))), (None, "link_used"));
}

#[test]
fn a_session_ends_with_its_time_its_user_its_password_or_a_sign_out() {
    let here = fixture();
    here.user("boss", Rights::OwnerOfAll);
    here.user("anna", Rights::OwnerOfAll);
    let open = |user: &str| here.registry.open_session(user).expect("opened");
    let who = |cookie: &str| here.registry.session_user(cookie);
    let (first, second, hers) = (open("boss"), open("boss"), open("anna"));
    assert_eq!((who(&first), who(&hers), who("forged")), (Some("boss".into()), Some("anna".into()), None));
    assert_eq!(here.again().session_user(&first), Some("boss".into()));
    here.registry.close_session(&first).expect("closed");
    assert_eq!((who(&first), who(&second)), (None, Some("boss".into())));
    here.registry.update("boss", |draft| draft.set_password("boss", "$argon2id$x".into())).expect("set");
    assert_eq!((who(&second), who(&hers)), (None, Some("anna".into())));
    here.registry.update("cli", |draft| Ok(draft.remove_user("anna")?)).expect("removed");
    here.user("anna", Rights::OwnerOfAll);
    assert_eq!(who(&hers), None);
    let last = open("boss");
    here.later(SESSION_DAYS * DAY);
    assert_eq!(who(&last), None);
}

#[test]
fn sessions_of_one_user_are_bounded() {
    let here = fixture();
    here.user("boss", Rights::OwnerOfAll);
    let cookies: Vec<_> = (0..52).map(|_| here.registry.open_session("boss").expect("opened")).collect();
    let open = cookies.iter().map(|cookie| here.registry.session_user(cookie).is_some()).collect::<Vec<_>>();
    assert_eq!((open.iter().filter(|open| **open).count(), &open[..3]), (50, [false, false, true].as_slice()));
}

#[test]
fn every_start_makes_a_fresh_link_until_the_owner_has_a_password() {
    let here = fixture();
    let start = || first_start(&here.registry).expect("started");
    let (one, two) = (start().expect("a link"), start().expect("a link"));
    assert_eq!((one.user.as_str(), two.user.as_str(), one.token == two.token), ("owner", "owner", false));
    assert_eq!(two.address("https://s.example"), format!("https://s.example/sign-in?token={}", two.token));
    let claim = |token: &str| here.registry.update("owner", |draft| draft.use_link(token, "$argon2id$x".into()));
    assert_eq!((code(claim(&one.token)), claim(&two.token).expect("works")), ("link_used", "owner".to_owned()));
    assert!(start().is_none());
}

#[test]
fn no_secret_is_at_rest() {
    let here = fixture();
    here.site("app");
    let first = first_start(&here.registry).expect("started").expect("a link");
    let secrets =
        [first.token.clone(), here.key("app", Scope::Admin), here.registry.open_session("owner").expect("open")];
    let phc = hash_password("correct horse").expect("hashed");
    here.registry.update("cli", |draft| draft.set_password("owner", phc)).expect("set");
    let bytes = here.bytes_at_rest();
    for secret in secrets.iter().map(String::as_str).chain(["correct horse"]) {
        assert!(!bytes.contains(secret.trim_start_matches("hc_a_")));
    }
    assert!(bytes.contains("$argon2id$"));
}

#[test]
fn a_file_that_is_gone_removes_no_site() {
    let here = fixture();
    here.site("app");
    let file = here.scratch.path().join("registry/registry.json");
    let aside = file.with_extension("aside");
    std::fs::rename(&file, &aside).expect("moved");
    assert_eq!(code(here.registry.refresh()), "registry_io");
    assert!(here.registry.snapshot().site("app").is_some());
    std::fs::rename(&aside, &file).expect("moved back");
    here.registry.refresh().expect("readable");
    assert!(here.registry.snapshot().site("app").is_some());
}

#[test]
fn a_damaged_or_newer_file_is_refused_and_the_last_good_content_stays() {
    let here = fixture();
    here.site("app");
    let file = here.scratch.path().join("registry/registry.json");
    for text in ["{", "{\"version\":2,\"sites\":[],\"users\":[],\"links\":[],\"keys\":[]}"] {
        std::fs::write(&file, text).expect("written");
        assert_eq!(code(here.registry.refresh()), "registry_damaged");
        assert_eq!(code(here.registry.update("cli", |draft| Ok(draft.remove_site("app")?))), "registry_damaged");
        assert!(here.registry.snapshot().site("app").is_some());
    }
}
