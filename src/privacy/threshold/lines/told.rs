//! Whether what a line leaves is known to be what one folded item is. Called while lines are settled.

use smallvec::SmallVec;

use super::{Lines, NONE};

impl Lines {
    /// Whether the whole minus what is shown tells one folded item, or too much of one that is shown.
    pub(super) fn is_told(&self, line: usize) -> bool {
        let state = &self.lines[line];
        if state.folded == 0 {
            return state.rest.is_some_and(|rest| rest.is_near || self.folded[rest.source as usize]);
        }
        if !state.has_no_rest() {
            return false;
        }
        let Some(axis) = state.finer else {
            return state.folded == 1 || (state.firm == 1 && self.others_are_subtracted(line));
        };
        let members = &self.of_line[self.line_begins[line] as usize..self.line_begins[line + 1] as usize];
        let items = members.iter().map(|member| self.members[*member as usize].item);
        let mut folded = items.filter(|item| self.folded[*item as usize]);
        let Some(first) = folded.next() else { return false };
        let mut holds_all: SmallVec<[u32; 4]> = self.coarser(axis, first).collect();
        holds_all.retain(|item| self.folded[*item as usize]);
        for item in folded {
            holds_all.retain(|coarse| self.coarser(axis, item).any(|other| other == *coarse));
            if holds_all.is_empty() {
                return false;
            }
        }
        true
    }

    /// Whether the folded parts that cover nothing can be subtracted with all others of a set.
    fn others_are_subtracted(&self, line: usize) -> bool {
        let members = &self.of_line[self.line_begins[line] as usize..self.line_begins[line + 1] as usize];
        let members = members.iter().map(|member| self.members[*member as usize]);
        let mut weak = members.filter(|member| member.is_weak && self.folded[member.item as usize]);
        let is_told = |set: &u32| self.lines[*set as usize].folded == 0 && self.lines[*set as usize].has_no_rest();
        weak.all(|member| self.sets.get(&member.item).is_some_and(|sets| sets.iter().any(is_told)))
    }

    /// An item, and all in which it lies along an axis, nearest first.
    fn coarser(&self, axis: usize, item: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(item), move |item| {
            let members = self.of_item[*item as usize]..self.of_item[*item as usize + 1];
            let lines = members.map(|member| self.members[member as usize].line);
            let mut wholes = lines.map(|line| (line, self.lines[line as usize].item));
            let is_under = |of: &(u32, u32)| of.1 != NONE && self.lines[of.0 as usize].axis == axis;
            wholes.find(is_under).map(|(_, whole)| whole)
        })
    }
}
