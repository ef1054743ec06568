//! What the owner of the made-up site wants to know: goals, funnels, listed properties. Defined once, before the traffic,
//! and only where the site has none of its own. Called by [`super::run`].

use super::pass::WHO;
use crate::registry::{GoalRecord, Registry, RegistryError, SiteChange};

/// Name, page or feature, property.
const GOALS: [(&str, Option<&str>, Option<&str>, Option<&str>); 8] = [
    ("Saw pricing", Some("/pricing"), None, None),
    ("Read the docs", Some("/docs/**"), None, None),
    ("Opened sign-up", Some("/sign-up"), None, None),
    ("Signed up", None, Some("signup"), None),
    ("Signed up for a team", None, Some("signup"), Some("plan=team")),
    ("Added to cart", None, Some("add_to_cart"), None),
    ("Opened checkout", Some("/shop/checkout"), None, None),
    ("Purchase", None, Some("purchase"), None),
];
/// Name and goals.
const FUNNELS: [(&str, &[&str]); 2] = [
    ("Sign-up", &["Saw pricing", "Opened sign-up", "Signed up"]),
    ("Shop", &["Added to cart", "Opened checkout", "Purchase"]),
];
/// Properties that reports are filtered by.
const FILTERS: [&str; 2] = ["plan", "platform"];
/// Properties whose distribution is kept.
const NUMBERS: [&str; 1] = ["took_ms"];

/// Defines what is missing.
///
/// # Errors
/// When the registry cannot be changed.
pub fn define(registry: &Registry, site: &str) -> Result<(), RegistryError> {
    let snapshot = registry.snapshot();
    let Some(known) = snapshot.site(site) else { return Ok(()) };
    let list = |had: &[Box<str>], keys: &[&str]| {
        had.is_empty().then(|| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<String>>())
    };
    let (filter_properties, numbers) = (list(&known.filter_properties, &FILTERS), list(&known.numbers, &NUMBERS));
    let has_no_goals = known.goals.is_empty() && known.funnels.is_empty();
    if !has_no_goals && filter_properties.is_none() && numbers.is_none() {
        return Ok(());
    }
    registry.update(WHO, |draft| {
        draft.edit_site(site, SiteChange { filter_properties, numbers, ..SiteChange::default() })?;
        if !has_no_goals {
            return Ok(());
        }
        for (name, page, event, property) in GOALS {
            let text = |part: Option<&str>| part.map(str::to_owned);
            let (page, event, property) = (text(page), text(event), text(property));
            draft.add_goal(site, GoalRecord { name: name.to_owned(), page, event, property })?;
        }
        for (name, steps) in FUNNELS {
            draft.add_funnel(site, name, steps.iter().map(|step| (*step).to_owned()).collect())?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::feature::FEATURES;
    use crate::demo::world::World;
    use crate::files::test_directory;
    use crate::model::PagePattern;

    #[test]
    fn goals_and_funnels_are_defined_once_and_what_an_owner_has_stays() {
        let directory = test_directory();
        let registry = Registry::open(directory.path()).expect("opens");
        let add = |site: &str, numbers| {
            let change = SiteChange { numbers, ..SiteChange::default() };
            registry.update(WHO, |draft| Ok(draft.add_site(site, change)?)).expect("added");
        };
        add("demo", None);
        add("own", Some(vec!["mine".to_owned()]));
        for site in ["demo", "own", "demo", "nobody"] {
            define(&registry, site).expect("defined");
        }
        let snapshot = registry.snapshot();
        let site = |id| snapshot.site(id).expect("known");
        assert_eq!((site("demo").goals.len(), site("demo").funnels.len()), (GOALS.len(), FUNNELS.len()));
        assert_eq!((&*site("demo").filter_properties[0], &*site("demo").numbers[0]), ("plan", "took_ms"));
        assert_eq!((&*site("own").numbers[0], site("own").numbers.len()), ("mine", 1));
    }

    #[test]
    fn every_goal_can_be_reached() {
        let world = World::load();
        for (name, page, event, _) in GOALS {
            let reached = match (page, event) {
                (Some(page), _) => {
                    let pattern = PagePattern(page.into());
                    world.pages.all().any(|(_, page)| pattern.matches(page))
                }
                (None, event) => FEATURES.iter().any(|feature| Some(feature.name) == event),
            };
            assert!(reached, "{name}");
        }
    }
}
