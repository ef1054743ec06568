//! The check of two equations at once: what is left of a row, less what is left of a column.

use super::super::dimensions_of;
use super::levels::Line;
use super::{Check, Dimension, Group, Set, Value};

/// What readers see as `(other)` of one line.
struct Rest {
    group: Group,
    events: Set,
    /// Where those know it to lie who know which sources a channel has.
    within: Set,
    /// Whether something of the line is shown.
    is_cut: bool,
    /// The level of the line, when it is of one only.
    level: Option<Dimension>,
    /// `(more)` of a finer level is subtracted, and something without a value is left.
    is_vague: bool,
}

impl Check<'_> {
    /// Rests of rows and columns of which one lies in the other, and rests of rows that lie in a source shown of them, where
    /// the difference comes from fewer than k visitors.
    pub fn combined(&self) -> Vec<(Group, Group, u64)> {
        let rests = [self.rests(0), self.rests(1)];
        let mut found = Vec::new();
        for (outer, inner) in [(&rests[0], &rests[1]), (&rests[1], &rests[0])] {
            for outer in outer.iter().filter(|outer| self.is_protected(outer)) {
                for inner in inner.iter().filter(|inner| !is_mixed(outer, inner) && !is_mixed(inner, outer)) {
                    found.extend(self.difference((&outer.group, outer.events), inner));
                }
            }
        }
        let is_source = |value: &&Value| value.0 == Dimension::Source && value.1 != "(more)";
        for axis in (0..2).filter(|axis| self.families[*axis].contains(&Dimension::Source)) {
            for inner in &rests[axis] {
                for source in self.world.cells.keys().filter(is_source) {
                    let mut group = inner.group.clone();
                    group[axis] = Some(source.clone());
                    if let Some((events, true)) = self.look(&group) {
                        found.extend(self.difference((&group, events), inner));
                    }
                }
            }
        }
        found
    }

    /// What is left of some events without those of a rest that is known to lie in them, if it comes from few visitors.
    fn difference(&self, (group, events): (&Group, Set), inner: &Rest) -> Option<(Group, Group, u64)> {
        let left = events & !inner.events;
        let is_inside = inner.events != 0 && inner.within & !events == 0;
        // Of whole groups nobody knows that one lies in the other.
        let is_few = is_inside && inner.is_cut && left != 0 && self.world.visitors(left) < self.k;
        is_few.then(|| (group.clone(), inner.group.clone(), self.world.visitors(left)))
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
            rests.extend(self.lines(&group, axis).into_iter().map(|line| self.rest(&group, axis, line)));
        }
        rests
    }

    fn rest(&self, group: &Group, axis: usize, line: Line) -> Rest {
        let mut events = self.look(group).expect("occurs").0;
        if line.values.iter().any(|value| value.0 == Dimension::Event) {
            events &= self.world.features();
        }
        let level = line.values.first().map(|first| first.0);
        let level = level.filter(|level| line.values.iter().all(|value| value.0 == *level));
        let (mut is_cut, mut cuts_more, mut without) = (false, false, events);
        for value in line.values {
            let is_more = is_finer_more(&value);
            let (set, is_shown) = self.part(group, axis, value);
            without &= !set;
            if is_shown {
                cuts_more |= is_more;
                events &= !set;
                is_cut = true;
            }
        }
        let partly = line.partly.into_iter().map(|source| self.part(group, axis, source).0);
        let mut within = events | partly.fold(0, |all, set| all | set);
        if level == Some(Dimension::Goal) {
            // What does not reach a goal may reach another one, or none.
            within = self.look(group).expect("occurs").0;
        }
        Rest { group: group.clone(), events, within, is_cut, level, is_vague: cuts_more && without != 0 }
    }

    fn part(&self, group: &Group, axis: usize, value: Value) -> (Set, bool) {
        let mut part = group.clone();
        part[axis] = Some(value);
        self.look(&part).expect("occurs")
    }
}

/// Whether `(more)` of a finer level is asked for, or subtracted beside events without a value, in one, and other levels
/// in the other: nobody knows in which coarser values it lies.
fn is_mixed(more: &Rest, other: &Rest) -> bool {
    let [value, of] = [more, other].map(|rest| rest.group.iter().flatten().next());
    let is_same = |value: &Value| value.0 != Dimension::Section && other.level == Some(value.0);
    let is_asked = value.is_some_and(|value| is_finer_more(value) && !is_same(value));
    is_asked || (more.is_vague && more.level != of.map(|of| of.0))
}

fn is_finer_more(value: &Value) -> bool {
    let levels = dimensions_of(value.0.family());
    levels.len() > 1 && (levels[0] != value.0 || value.0 == Dimension::Section) && value.1 == "(more)"
}
