//! The cap on distinct values of a dimension and day, as the oracle keeps it. Asked by `count`.

use std::collections::{HashMap, HashSet};

use super::fact::{Dim, Fact, PROP};

/// Under what values beyond the cap are counted.
pub const MORE: &str = "(more)";
/// A late day has so many times fewer.
const LATE_SHARE: usize = 10;

/// Values of one dimension, or of one key of properties, that have been admitted; those of a late day apart.
type Group = (i64, bool, Dim, String);

/// Which values have been admitted.
#[derive(Debug, Default)]
pub struct Caps {
    most: Option<usize>,
    admitted: HashMap<Group, HashSet<String>>,
}

impl Caps {
    /// So many values of each dimension and day, as many in crossings. By default there is no cap.
    pub fn of(most: usize) -> Self {
        Self { most: Some(most), ..Self::default() }
    }

    /// An event as it is counted on its day, which may be over. What comes first is admitted. `None`: there is no cap.
    pub fn admitted(&mut self, fact: &Fact, (day, is_late): (i64, bool)) -> Option<Fact> {
        let most = self.most?;
        let most = if is_late { most / LATE_SHARE } else { most };
        let mut fact = fact.clone();
        for (dimension, value) in &mut fact.attributes {
            let key = if *dimension == PROP { value.split('=').next().unwrap_or_default() } else { "" };
            let values = self.admitted.entry((day, is_late, *dimension, key.to_owned())).or_default();
            if values.contains(value) || (values.len() < most && values.insert(value.clone())) {
                continue;
            }
            *value = if key.is_empty() { MORE.to_owned() } else { format!("{key}={MORE}") };
        }
        Some(fact)
    }
}
