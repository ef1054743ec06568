//! One-attribute counts of a commit: the line that counts is in [`Cells::add`].
//!
//! Called by [`super::books`] with what one visitor's events add, one visitor after another, so that a visitor is hashed
//! once for each cell.

use super::alike::Alike;
use super::books::{Booking, Entry, Who, is_sample};
use super::items::{Items, NONE};
use super::spread::Spread;
use super::sums::{self, Addend, Common};
use crate::model::{Cell, CellKey, Dimension, Hour, Measures};

/// A cell while it is being counted.
#[repr(align(64))]
struct Tally {
    sum: Common,
    item: u32,
    /// The tally of the same item for another hour.
    next: u32,
    /// The number of the visitor counted last.
    last: u32,
    hashes: u32,
    hour: Hour,
}

const _: () = assert!(size_of::<Tally>() == 64);

impl Tally {
    /// The hash of a visitor who was not the last one counted here.
    fn hash(&mut self, items: &Items, who: Who) -> Option<u64> {
        if self.last == who.number {
            return None;
        }
        self.last = who.number;
        let hash = items.keys_of(self.item)?.cell.hash(who.visitor);
        self.hashes += 1;
        Some(hash)
    }
}

/// The cells of a commit.
#[derive(Default)]
pub(super) struct Cells {
    tallies: Vec<Tally>,
    /// By item, the first of its tallies.
    heads: Vec<u32>,
    /// Tally and hash, as they came.
    found: Vec<(u32, u64)>,
    /// Tally and what is added to it beyond what is common.
    rare: Vec<(u32, Measures)>,
}

impl Cells {
    /// Adds what the entries of one visitor (or of nobody) add to the cells of all their attributes.
    pub fn run(&mut self, items: &Items, together: &[Booking], alike: &Alike) {
        let hour = together[0].entry.hour;
        let one_hour = together.iter().all(|booking| booking.entry.hour == hour);
        let common = Addend::of(&alike.all.measures);
        for member in alike.common.iter().filter(|member| one_hour || !member.dimension.hourly()) {
            let entered = member.entered && (!member.dimension.hourly() || alike.entered_hour == Some(hour));
            self.add(items, (member.item, hour), &common, alike.all.who.filter(|_| !entered));
        }
        for rest in alike.rest.iter().filter(|rest| one_hour || !rest.member.dimension.hourly()) {
            self.add(items, (rest.member.item, hour), &Addend::of(&rest.share.measures), rest.share.who);
        }
        if one_hour && !alike.has_special {
            return;
        }
        for (at, Booking { entry, .. }) in together.iter().enumerate() {
            for member in alike.members(at) {
                if member.is_special() || (!one_hour && member.dimension.hourly()) {
                    self.single(items, member.item, entry);
                }
            }
        }
    }

    /// Adds what one entry adds to the cell of one of its attributes.
    fn single(&mut self, items: &Items, item: u32, entry: &Entry) {
        let dimension = items.dimension(item);
        let measures = entry.measures_of(|of| of(dimension));
        self.add(items, (item, entry.hour), &Addend::of(&measures), entry.who_of(is_sample(dimension)));
    }

    /// Adds to the cell of an item in an hour; dimensions that are kept per day have one for the whole day. This is
    /// the line that counts.
    pub fn add(&mut self, items: &Items, (item, hour): (u32, Hour), addend: &Addend, who: Option<Who>) {
        let hour = if items.dimension(item).hourly() { hour } else { Hour::WHOLE_DAY };
        let place = self.place(items, item, hour);
        let tally = &mut self.tallies[place];
        sums::add(&mut tally.sum, addend);
        self.rare.extend(addend.rare().map(|measures| (place as u32, *measures)));
        if let Some(hash) = who.and_then(|who| tally.hash(items, who)) {
            self.found.push((place as u32, hash));
        }
    }

    fn place(&mut self, items: &Items, item: u32, hour: Hour) -> usize {
        if self.heads.len() <= item as usize {
            self.heads.resize(items.len(), NONE);
        }
        let mut at = self.heads[item as usize];
        while at != NONE {
            let tally = &self.tallies[at as usize];
            if tally.hour == hour {
                return at as usize;
            }
            at = tally.next;
        }
        let place = self.tallies.len();
        let next = std::mem::replace(&mut self.heads[item as usize], u32::try_from(place).unwrap_or(NONE));
        self.tallies.push(Tally { sum: Common::default(), item, next, last: NONE, hashes: 0, hour });
        place
    }

    /// The cells, sorted by key, each key once. What is left is empty and ready for the next commit.
    pub fn finish(&mut self, items: &Items) -> Vec<Cell> {
        let ranks = ranks(items);
        let tallies = std::mem::take(&mut self.tallies);
        tallies.iter().for_each(|tally| self.heads[tally.item as usize] = NONE);
        let begin = |tally: &Tally| {
            let hashes = Vec::with_capacity(tally.hashes as usize);
            Counted { item: tally.item, hour: tally.hour, measures: sums::measures(&tally.sum), hashes }
        };
        let mut counted: Vec<Counted> = tallies.iter().map(begin).collect();
        self.found.drain(..).for_each(|(place, hash)| counted[place as usize].hashes.push(hash));
        for (place, addend) in self.rare.drain(..) {
            sums::add_rare(&mut counted[place as usize].measures, &addend);
        }
        // What was added may have taken itself away again, as when a visit's last page moved and moved back.
        counted.retain(|cell| !cell.measures.is_zero() || !cell.hashes.is_empty());
        let key = |cell: &Counted| {
            let item = items.get(cell.item);
            (ranks[item.site_day as usize], item.dimension, items.text(item.text), cell.hour)
        };
        let mut order: Vec<(u128, usize)> = counted.iter().map(|cell| brief(key(cell))).zip(0..).collect();
        let full = |(_, at): &(u128, usize)| key(&counted[*at]);
        order.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| full(one).cmp(&full(other))));
        let mut spread = Spread::default();
        order.into_iter().map(|(_, at)| counted[at].cell(items, &mut spread)).collect()
    }
}

/// A number in the order of keys, but for texts that begin alike: most keys are told apart by it, and it is quicker to sort.
fn brief((rank, dimension, text, _): (u32, Dimension, &str, Hour)) -> u128 {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&rank.to_be_bytes());
    bytes[4] = dimension as u8;
    let length = text.len().min(11);
    bytes[5..5 + length].copy_from_slice(&text.as_bytes()[..length]);
    u128::from_be_bytes(bytes)
}

/// A cell that is counted.
struct Counted {
    item: u32,
    hour: Hour,
    measures: Measures,
    hashes: Vec<u64>,
}

impl Counted {
    /// The cell; its hashes are taken out.
    fn cell(&mut self, items: &Items, spread: &mut Spread<u64>) -> Cell {
        let Self { item, hour, measures, .. } = *self;
        let mut hashes = std::mem::take(&mut self.hashes);
        if spread.sort(&mut hashes) {
            hashes.dedup();
        }
        let (day, dimension) = (&items.day_of(item).key, items.dimension(item));
        let key = CellKey { site: day.site.clone(), day: day.day, dimension, value: items.value(item).into(), hour };
        Cell { key, measures, hashes }
    }
}

/// The place of each site-day in the order of sites and days.
fn ranks(items: &Items) -> Vec<u32> {
    let mut order: Vec<u32> = (0..items.days.len() as u32).collect();
    let key = |number: &u32| {
        let key = &items.days.get(*number).key;
        (&key.site, key.day)
    };
    order.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
    let mut ranks = vec![0; order.len()];
    (0..).zip(order).for_each(|(rank, number)| ranks[number as usize] = rank);
    ranks
}
