//! Rules about goals, funnels and annotations.

use jiff::Timestamp;
use jiff::civil::date;

use super::super::draft::SiteChange;
use super::super::record::Book;
use super::*;

fn draft() -> Draft {
    let mut draft = Draft::new(Book::default(), Timestamp::UNIX_EPOCH, "anna");
    draft.add_site("app", SiteChange::default()).expect("added");
    draft
}

fn page(name: &str, pattern: &str) -> GoalRecord {
    GoalRecord { name: name.into(), page: Some(pattern.into()), ..GoalRecord::default() }
}

fn event(name: &str, event: &str, property: Option<&str>) -> GoalRecord {
    let property = property.map(str::to_owned);
    GoalRecord { name: name.into(), event: Some(event.into()), property, ..GoalRecord::default() }
}

fn funnel(draft: &mut Draft, steps: &[&str]) -> Result<FunnelRecord, String> {
    let steps = steps.iter().map(|&step| step.to_owned()).collect();
    draft.add_funnel("app", "Way", steps).map_err(|error| error.to_string())
}

#[test]
fn goals_are_pages_or_events_and_stand_in_the_audit_list() {
    let mut draft = draft();
    draft.add_goal("app", page("  Thank   you ", "/thanks/**")).expect("added");
    draft.add_goal("app", event("Pro", "signup", Some("plan=pro"))).expect("added");
    draft.add_goal("app", event("Any", "signup", None)).expect("added");
    let names: Vec<_> = draft.book.sites[0].goals.iter().map(|goal| goal.name.as_str()).collect();
    assert_eq!(names, ["Any", "Pro", "Thank you"]);
    draft.remove_goal("app", "Any").expect("removed");
    let notes: Vec<_> = draft.notes[1..].iter().map(|note| (&*note.who, &*note.what, &*note.detail)).collect();
    let expected = [
        ("anna", "goal_added", "Thank you: page /thanks/**"),
        ("anna", "goal_added", "Pro: event signup with plan=pro"),
        ("anna", "goal_added", "Any: event signup"),
        ("anna", "goal_removed", "Any"),
    ];
    assert_eq!(notes, expected);
}

#[test]
fn what_is_no_goal_is_refused() {
    let mut draft = draft();
    draft.add_goal("app", page("Taken", "/")).expect("added");
    let both = GoalRecord { event: Some("x".into()), ..page("Both", "/") };
    let page_with_property = GoalRecord { property: Some("a=b".into()), ..page("P", "/") };
    let long = "x".repeat(501);
    let cases = [
        (page("", "/"), "bad_goal"),
        (page("(other)", "/"), "bad_goal"),
        (page("a\u{7}", "/"), "bad_goal"),
        (page(&long[..101], "/"), "bad_goal"),
        (page("A", "thanks"), "bad_goal"),
        (page("A", &format!("/{}", &long[..500])), "bad_goal"),
        (GoalRecord { name: "None".into(), ..GoalRecord::default() }, "bad_goal"),
        (both, "bad_goal"),
        (page_with_property, "bad_goal"),
        (event("E", "", None), "bad_goal"),
        (event("E", "pageview", None), "bad_goal"),
        (event("E", &long[..65], None), "bad_goal"),
        (event("E", "x", Some("plan")), "bad_goal"),
        (event("E", "x", Some("=pro")), "bad_goal"),
        (page(" Taken ", "/other"), "goal_exists"),
    ];
    for (goal, code) in cases {
        let said = format!("{goal:?}");
        assert_eq!(draft.add_goal("app", goal).map_err(|refusal| refusal.code()), Err(code), "{said}");
    }
    assert_eq!(draft.add_goal("none", page("A", "/")).map_err(|refusal| refusal.code()), Err("unknown_site"));
    for number in 1..GOALS {
        draft.add_goal("app", page(&format!("G{number}"), "/")).expect("room");
    }
    assert_eq!(draft.add_goal("app", page("Last", "/")).map_err(|refusal| refusal.code()), Err("too_many"));
}

#[test]
fn no_goal_asks_for_the_property_of_a_number() {
    let mut draft = draft();
    let numbers = |keys: &[&str]| SiteChange {
        numbers: Some(keys.iter().map(|&key| key.to_owned()).collect()),
        ..SiteChange::default()
    };
    draft.edit_site("app", numbers(&["load_ms"])).expect("edited");
    let refused = draft.add_goal("app", event("Fast", "x", Some("load_ms=12"))).expect_err("never reached");
    assert_eq!(refused.code(), "bad_goal");
    assert!(refused.to_string().contains("take the key off the numbers"), "{refused}");
    draft.add_goal("app", event("Pro", "x", Some("plan=load_ms"))).expect("added");
    let refused = draft.edit_site("app", numbers(&["load_ms", "plan"])).expect_err("never reached again");
    assert_eq!(refused.code(), "bad_setting");
    assert!(refused.to_string().contains("remove the goal first"), "{refused}");
    assert_eq!(draft.book.sites[0].numbers, ["load_ms"]);
    draft.edit_site("app", numbers(&[])).expect("edited");
    draft.add_goal("app", event("Fast", "x", Some("load_ms=12"))).expect("added");
}

#[test]
fn a_funnel_is_two_to_eight_goals_each_once() {
    let mut draft = draft();
    for number in 0..9 {
        draft.add_goal("app", page(&format!("G{number}"), "/")).expect("added");
    }
    let all: Vec<String> = (0..9).map(|number| format!("G{number}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let words = [&[][..], &["G0"], &["G0", "G1", "G0"], &["G0", "none"], &all]
        .map(|steps| funnel(&mut draft, steps).expect_err("refused"));
    let expected = ["without steps", "of one step", "stands twice", "not a goal of this site", "at most 8"];
    for (words, part) in words.iter().zip(expected) {
        assert!(words.contains(part), "{words}");
    }
    let made = funnel(&mut draft, &["G1", "G0"]).expect("made");
    assert_eq!(
        (made.name.as_str(), made.steps.as_slice(), made.id.contains('=')),
        ("Way", &["G1", "G0"].map(str::to_owned)[..], false)
    );
    assert!(funnel(&mut draft, &["G1", "G2"]).expect_err("a name is taken").contains("exists already"));
    assert_eq!(draft.remove_goal("app", "G0").map_err(|refusal| refusal.code()), Err("goal_in_use"));
    draft.remove_funnel("app", &made.id).expect("removed");
    assert_eq!(draft.remove_funnel("app", &made.id).map_err(|refusal| refusal.code()), Err("unknown_funnel"));
    draft.remove_goal("app", "G0").expect("free again");
    for number in 0..FUNNELS {
        draft.add_funnel("app", &format!("F{number}"), vec!["G1".into(), "G2".into()]).expect("room");
    }
    assert!(funnel(&mut draft, &["G1", "G2"]).expect_err("full").contains("at most 20"));
}

#[test]
fn annotations_are_kept_by_day() {
    let mut draft = draft();
    let late = draft.add_annotation("app", date(2026, 3, 2), "  new  design ").expect("added");
    draft.add_annotation("app", date(2026, 3, 1), "launch").expect("added");
    let texts: Vec<_> = draft.book.sites[0].annotations.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["launch", "new design"]);
    let long = "x".repeat(201);
    for bad in ["", "  ", long.as_str()] {
        let refused = draft.add_annotation("app", date(2026, 3, 1), bad).map_err(|error| error.code());
        assert_eq!(refused, Err("bad_annotation"));
    }
    let moved = draft.edit_annotation("app", &late.id, (Some(date(2026, 2, 1)), None)).expect("moved");
    assert_eq!((moved.day, moved.text.as_str(), &moved.id), (date(2026, 2, 1), "new design", &late.id));
    let edited = draft.edit_annotation("app", &late.id, (None, Some(" newer design "))).expect("edited");
    assert_eq!(draft.book.sites[0].annotations[0], edited);
    assert_eq!((edited.day, edited.text.as_str()), (date(2026, 2, 1), "newer design"));
    let refused = draft.edit_annotation("app", &late.id, (None, Some(""))).map_err(|refusal| refusal.code());
    assert_eq!(refused, Err("bad_annotation"));
    assert_eq!(
        draft.edit_annotation("app", "a-none", (None, None)).map_err(|refusal| refusal.code()),
        Err("unknown_annotation")
    );
    draft.remove_annotation("app", &late.id).expect("removed");
    assert_eq!(draft.remove_annotation("app", &late.id).map_err(|refusal| refusal.code()), Err("unknown_annotation"));
    for _ in 1..ANNOTATIONS {
        draft.add_annotation("app", date(2026, 3, 1), "x").expect("room");
    }
    let full = draft.add_annotation("app", date(2026, 3, 1), "x").map_err(|error| error.code());
    assert_eq!(full, Err("too_many"));
}
