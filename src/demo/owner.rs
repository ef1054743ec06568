//! What the owner of the made-up site wants to know: goals, funnels, listed properties. Defined once, before the traffic,
//! and only where the site has none of its own. Called by [`super::run`].

use self::Reached::{Feature, Page, With};
use crate::courier::WHO;
use crate::model::TRACKED_PROPERTIES;
use crate::registry::{GoalRecord, Registry, RegistryError, SiteChange};

/// What reaches a goal.
enum Reached {
    /// Pages of this pattern.
    Page(&'static str),
    /// A feature.
    Feature(&'static str),
    /// A feature with this property.
    With(&'static str, &'static str),
}

/// Goals by name.
const GOALS: [(&str, Reached); 8] = [
    ("Saw pricing", Page("/pricing")),
    ("Read the docs", Page("/docs/**")),
    ("Opened sign-up", Page("/sign-up")),
    ("Signed up", Feature("signup")),
    ("Signed up for a team", With("signup", "plan=team")),
    ("Added to cart", Feature("add_to_cart")),
    ("Opened checkout", Page("/shop/checkout")),
    ("Purchase", Feature("purchase")),
];
/// Name and goals.
const FUNNELS: [(&str, &[&str]); 2] = [
    ("Sign-up", &["Saw pricing", "Opened sign-up", "Signed up"]),
    ("Shop", &["Added to cart", "Opened checkout", "Purchase"]),
];
/// Properties that reports are filtered by.
const FILTERS: [&str; 4] = ["to", "form", "plan", "platform"];
/// Properties whose distribution is kept.
const NUMBERS: [&str; 1] = ["took_ms"];

/// Defines what is missing.
///
/// # Errors
/// When the registry cannot be changed.
pub fn define(registry: &Registry, site: &str) -> Result<(), RegistryError> {
    let snapshot = registry.snapshot();
    let Some(known) = snapshot.site(site) else { return Ok(()) };
    // What every new site has is nothing of the owner's own.
    let list = |had: &[Box<str>], keys: &[&str]| {
        let is_plain = had.iter().all(|key| TRACKED_PROPERTIES.contains(&&**key));
        is_plain.then(|| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<String>>())
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
        for (name, reached) in &GOALS {
            draft.add_goal(site, goal(name, reached))?;
        }
        for (name, steps) in FUNNELS {
            draft.add_funnel(site, name, steps.iter().map(|step| (*step).to_owned()).collect())?;
        }
        Ok(())
    })
}

fn goal(name: &str, reached: &Reached) -> GoalRecord {
    let text = |part: &&str| Some((*part).to_owned());
    let goal = GoalRecord { name: name.to_owned(), ..GoalRecord::default() };
    match reached {
        Page(pattern) => GoalRecord { page: text(pattern), ..goal },
        Feature(event) => GoalRecord { event: text(event), ..goal },
        With(event, property) => GoalRecord { event: text(event), property: text(property), ..goal },
    }
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
        let filters: Vec<&str> = site("demo").filter_properties.iter().map(|key| &**key).collect();
        assert_eq!((filters, &*site("demo").numbers[0]), (FILTERS.to_vec(), "took_ms"));
        assert_eq!((&*site("own").numbers[0], site("own").numbers.len()), ("mine", 1));
    }

    #[test]
    fn every_goal_can_be_reached() {
        let world = World::load();
        for (name, reached) in &GOALS {
            let reached = match reached {
                Page(pattern) => {
                    let pattern = PagePattern((*pattern).into());
                    world.pages.all().any(|(_, page)| pattern.matches(page))
                }
                Feature(event) | With(event, _) => FEATURES.iter().any(|feature| feature.name == *event),
            };
            assert!(reached, "{name}");
        }
    }
}
