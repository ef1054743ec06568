//! What channels have beyond the sources they have for themselves, where it is known to be of one source only: a part of
//! that source that nobody stored and everybody can compute. Called by [`super::several`]; knows neither texts nor
//! dimensions.

use smallvec::SmallVec;

use super::lines::{Whole, error};
use super::several::{Own, Part, Set};

/// Channels tied together, or one, in a group.
pub(super) struct Channels {
    /// Their items.
    pub items: Set,
    /// What they have together; `None` where one of them is never shown.
    pub whole: Option<Whole>,
    /// What the sources that lie in one of them alone come to.
    pub own: Own,
}

/// A part of a source: all that some channels have beyond the sources they have for themselves.
struct Exposed {
    source: usize,
    amount: i64,
    /// Most visitors it can have.
    most: u64,
    /// Fewest visitors it can have.
    fewest: u64,
}

/// The source that all is of that some channels have beyond their own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rest {
    pub source: u32,
    /// Without it, and without other such parts, the source may be a few visitors' events.
    pub is_near: bool,
}

/// Of each of `channels` the source of its rest, if that is of one only and can be computed: the channels are no small ones.
/// `parts`: all sources of the group that lie in several channels, and in which.
pub(super) fn rests(channels: &[Channels], parts: &[(&Part, &Set)], k: u64) -> Vec<Option<Rest>> {
    let found: Vec<Option<Exposed>> = channels.iter().map(|channels| expose(channels, parts)).collect();
    let is_near = |(at, (part, _)): (usize, &(&Part, &Set))| {
        let of_part: SmallVec<[&Exposed; 4]> = found.iter().flatten().filter(|part| part.source == at).collect();
        leaves_few(part, &of_part, k)
    };
    let near: Vec<bool> = parts.iter().enumerate().map(is_near).collect();
    let rest = |exposed: &Exposed| Rest { source: parts[exposed.source].0.item, is_near: near[exposed.source] };
    found.iter().map(|exposed| exposed.as_ref().map(rest)).collect()
}

fn expose(channels: &Channels, parts: &[(&Part, &Set)]) -> Option<Exposed> {
    let is_in = |channel: &u32| channels.items.contains(channel);
    let mut partly = parts.iter().enumerate().filter(|(_, (_, of))| of.iter().any(is_in) && !of.iter().all(is_in));
    let (source, _) = partly.next()?;
    if partly.next().is_some() {
        return None;
    }
    let whole = channels.whole?;
    let mut own = channels.own;
    parts.iter().filter(|(_, of)| of.iter().all(is_in)).for_each(|(part, _)| own.add(part));
    let amount = whole.amount - own.amount;
    let most = whole.visitors.saturating_add(error(whole.visitors)).min(u64::try_from(amount).unwrap_or(0));
    let fewest = whole.visitors.saturating_sub(error(whole.visitors)).saturating_sub(own.visitors);
    (amount > 0).then_some(Exposed { source, amount, most, fewest })
}

/// Whether the source less some of its known parts may be a few visitors' events.
fn leaves_few(part: &Part, exposed: &[&Exposed], k: u64) -> bool {
    let sure = part.visitors.saturating_sub(error(part.visitors));
    let most: u64 = exposed.iter().map(|exposed| exposed.most).sum();
    let amount: i64 = exposed.iter().map(|exposed| exposed.amount).sum();
    let is_few_without_all = amount < part.amount && sure < most.saturating_add(k);
    let has_few = |one: &&Exposed| one.fewest.max(sure.saturating_sub(most - one.most)) < k;
    !exposed.is_empty() && (is_few_without_all || (exposed.len() > 1 && exposed.iter().any(has_few)))
}
