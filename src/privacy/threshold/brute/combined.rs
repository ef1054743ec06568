//! The check of two equations at once: what is left of a row, less what is left of a column.

use super::{Check, Dimension, Group, Set};

/// What readers see as `(other)` of one line.
struct Rest {
    group: Group,
    events: Set,
    /// Whether something of the line is shown.
    is_cut: bool,
}

impl Check<'_> {
    /// Rests of rows and columns of which one lies in the other and the difference comes from fewer than k visitors.
    pub fn combined(&self) -> Vec<(Group, Group, u64)> {
        let rests = [self.rests(0), self.rests(1)];
        let mut found = Vec::new();
        for (outer, inner) in [(&rests[0], &rests[1]), (&rests[1], &rests[0])] {
            for outer in outer.iter().filter(|outer| self.is_protected(outer)) {
                for inner in inner {
                    let left = outer.events & !inner.events;
                    let is_inside = inner.events != 0 && inner.events & !outer.events == 0;
                    // Of whole groups nobody knows that one lies in the other.
                    if is_inside && inner.is_cut && left != 0 && self.world.visitors(left) < self.k {
                        found.push((outer.group.clone(), inner.group.clone(), self.world.visitors(left)));
                    }
                }
            }
        }
        found
    }

    /// Whether anything is promised of what is left of a group: small cells are published.
    fn is_protected(&self, rest: &Rest) -> bool {
        self.world.visitors(self.look(&rest.group).expect("occurs").0) >= self.k
    }

    /// The rests of all lines along an axis.
    fn rests(&self, axis: usize) -> Vec<Rest> {
        let mut rests = Vec::new();
        for group in self.published() {
            // A row is a value of the other side, and nothing of this one.
            if group[1 - axis].is_none() || group[axis].is_some() {
                continue;
            }
            for line in self.lines(&group, axis) {
                let mut events = self.look(&group).expect("occurs").0;
                if line.iter().any(|value| value.0 == Dimension::Event) {
                    events &= self.world.features();
                }
                let mut is_cut = false;
                for value in line {
                    let mut part = group.clone();
                    part[axis] = Some(value);
                    let (set, is_shown) = self.look(&part).expect("occurs");
                    if is_shown {
                        events &= !set;
                        is_cut = true;
                    }
                }
                rests.push(Rest { group: group.clone(), events, is_cut });
            }
        }
        rests
    }
}
