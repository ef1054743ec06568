//! Which value refines which: sections and pages, channels and sources, countries, regions and cities, browsers and
//! systems and their versions. Called by the plan. Reads texts; judges nothing.

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use smallvec::SmallVec;

use super::PairTable;
use super::nodes::Nodes;
use crate::model::Dimension;

/// Under what values beyond the cap are counted.
const MORE: &str = "(more)";

/// The name of the event that a page view is.
const PAGEVIEW: &str = "pageview";

/// Where a node stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// What it refines, nearest first: the first of these that occurs in a line is its whole there.
    pub ancestors: SmallVec<[u32; 4]>,
    /// The line it is in when none of its ancestors occurs. `None`: it is no clean part of anything coarser.
    pub tree: Option<u32>,
    /// The line of its own level, from the very top.
    pub flat: Option<u32>,
    /// It overlaps others of its line: what lies outside of it is judged for it alone.
    pub is_alone: bool,
    /// It is never shown.
    pub is_hidden: bool,
    /// The parts of a source divide it in two ways, which have lines of their own: 0 but for these.
    pub way: u8,
    /// Of a goal: the event that reaches it.
    pub event: Option<u32>,
    /// Of a source of several channels: these.
    pub channels: SmallVec<[u32; 2]>,
}

/// The place of every node.
pub(super) fn places(table: &PairTable<'_>, nodes: &Nodes) -> Vec<Place> {
    let mut tree = Tree::of(table, nodes);
    (0..nodes.list.len()).map(|node| tree.place(node)).collect()
}

struct Tree<'t> {
    table: &'t PairTable<'t>,
    nodes: &'t Nodes,
    /// Values that others refine.
    coarse: HashMap<(Dimension, &'t str), u32, FixedState>,
    /// What events alone tell: source → its channels, host → its sources, goal → its events.
    within: HashMap<u32, SmallVec<[u32; 2]>, FixedState>,
    /// Names of lines.
    groups: HashMap<(Dimension, &'t str), u32, FixedState>,
}

impl<'t> Tree<'t> {
    fn of(table: &'t PairTable<'t>, nodes: &'t Nodes) -> Self {
        let mut coarse = HashMap::default();
        for (at, node) in (0..).zip(&nodes.list) {
            if is_coarse(node.dimension) {
                coarse.insert((node.dimension, &*table.texts[node.value as usize]), at);
            }
        }
        let mut within: HashMap<u32, SmallVec<[u32; 2]>, FixedState> = HashMap::default();
        for tie in table.ties {
            let find = |(dimension, value)| nodes.find(dimension, value);
            let Some((fine, coarse)) = find(tie.fine).zip(find(tie.coarse)) else { continue };
            let coarser = within.entry(fine).or_default();
            if !coarser.contains(&coarse) {
                coarser.push(coarse);
            }
        }
        Self { table, nodes, coarse, within, groups: HashMap::default() }
    }

    fn group(&mut self, dimension: Dimension, key: &'t str) -> Option<u32> {
        let next = u32::try_from(self.groups.len()).ok();
        next.map(|next| *self.groups.entry((dimension, key)).or_insert(next))
    }

    fn place(&mut self, at: usize) -> Place {
        let node = self.nodes.list[at];
        let within = u32::try_from(at).ok().and_then(|at| self.within.get(&at)).cloned().unwrap_or_default();
        let text: &'t str = &self.table.texts[node.value as usize];
        match node.dimension {
            Dimension::Section => self.section(text),
            Dimension::Page | Dimension::Region | Dimension::City => self.finer(node.dimension, text),
            Dimension::BrowserVersion | Dimension::OsVersion => self.finer(node.dimension, text),
            Dimension::Source => self.source(within),
            Dimension::Referrer => self.part_of_source((node.dimension, text), &within, 1),
            Dimension::UtmSource => self.part_of_source((node.dimension, text), &within, 2),
            // Keys hold no `=`; each is a line of its own.
            Dimension::Prop | Dimension::Vital | Dimension::Number | Dimension::Cohort => {
                let key = text.split_once('=').map_or(text, |(key, _)| key);
                Place { tree: self.group(node.dimension, key), ..Place::default() }
            }
            Dimension::Goal => {
                // Of a goal that was defined anew in the middle of the day nobody knows in which event it lies.
                let event = within.first().copied().filter(|_| within.len() == 1);
                Place { tree: self.group(node.dimension, ""), is_alone: true, event, ..Place::default() }
            }
            // Steps contain each other, see `funnels`. Every group says how many page views it has.
            Dimension::Funnel => Place::default(),
            Dimension::Event if text == PAGEVIEW => Place::default(),
            other => Place { tree: self.group(other, ""), ..Place::default() },
        }
    }

    fn section(&mut self, text: &'t str) -> Place {
        if text == MORE {
            // It holds sections of one and of two segments, which overlap, and some pages whole: of no use to anybody, and
            // nothing to subtract from.
            return Place { is_hidden: true, ..Place::default() };
        }
        let ancestors = self.ancestors(Dimension::Section, text);
        Place { ancestors, tree: self.group(Dimension::Section, ""), ..Place::default() }
    }

    /// A value of a level below the first.
    fn finer(&mut self, dimension: Dimension, text: &'t str) -> Place {
        let flat = self.group(dimension, "");
        if text == MORE {
            return Place { flat, ..Place::default() };
        }
        let ancestors = self.ancestors(dimension, text);
        Place { ancestors, tree: self.group(top(dimension), ""), flat, ..Place::default() }
    }

    fn source(&mut self, channels: SmallVec<[u32; 2]>) -> Place {
        let flat = self.group(Dimension::Source, "");
        match channels.len() {
            0 => return Place { flat, ..Place::default() },
            1 => {}
            _ => return Place { channels, tree: self.group(Dimension::Channel, ""), flat, ..Place::default() },
        }
        let mut ancestors = SmallVec::from_slice(&channels);
        ancestors.extend(self.coarse.get(&(Dimension::Channel, MORE)).copied());
        Place { ancestors, tree: self.group(Dimension::Channel, ""), flat, ..Place::default() }
    }

    /// A host or tag lies in one source. One that lies in several is a part of none of them, and would tell, subtracted
    /// from all of them together, what nobody judges.
    fn part_of_source(&mut self, (dimension, text): (Dimension, &str), sources: &[u32], way: u8) -> Place {
        let flat = self.group(dimension, "");
        let is_hidden = sources.len() > 1 && text != MORE;
        let ancestors = match sources {
            [source] if text != MORE => SmallVec::from_slice(&[*source]),
            _ => SmallVec::new(),
        };
        Place { ancestors, flat, way, is_hidden, ..Place::default() }
    }

    /// Nearest first. A value whose coarser one is beyond the cap lies in the coarsest `(more)`.
    fn ancestors(&self, dimension: Dimension, text: &str) -> SmallVec<[u32; 4]> {
        let mut found = SmallVec::new();
        let get = |dimension: Dimension, text: &str| self.coarse.get(&(dimension, text)).copied();
        match dimension {
            Dimension::Section | Dimension::Page => {
                let [one, two] = sections(text);
                // A page refines a section of the same text.
                for section in [two, one].into_iter().flatten() {
                    if dimension == Dimension::Page || section.len() < text.len() {
                        found.extend(get(Dimension::Section, section));
                    }
                }
                return found;
            }
            Dimension::City => {
                let mut regions = text.rmatch_indices('/').map(|(at, _)| &text[..at]);
                found.extend(regions.find_map(|region| get(Dimension::Region, region)));
                found.extend(get(Dimension::Country, before(text, '-')));
            }
            Dimension::Region => found.extend(get(Dimension::Country, before(text, '-'))),
            Dimension::BrowserVersion => found.extend(names(text).find_map(|name| get(Dimension::Browser, name))),
            Dimension::OsVersion => found.extend(names(text).find_map(|name| get(Dimension::Os, name))),
            _ => {}
        }
        found.extend(self.coarse.get(&(top(dimension), MORE)).copied());
        found
    }
}

/// Whether other values refine those of this dimension.
fn is_coarse(dimension: Dimension) -> bool {
    use Dimension::{Browser, Channel, Country, Os, Region, Section};
    matches!(dimension, Section | Channel | Country | Region | Browser | Os)
}

/// The coarsest dimension of the family.
fn top(dimension: Dimension) -> Dimension {
    super::dimensions_of(dimension.family())[0]
}

fn before(text: &str, end: char) -> &str {
    text.split_once(end).map_or(text, |(head, _)| head)
}

/// Of what `text` may be a version: of what is left without its last word, or of itself when no version is known.
fn names(text: &str) -> impl Iterator<Item = &str> {
    std::iter::once(text).chain(text.rsplit_once(' ').map(|(name, _)| name))
}

/// The sections of a path, of one and of two segments, the way `ingest` makes them (a test compares).
pub(super) fn sections(path: &str) -> [Option<&str>; 2] {
    let Some(rest) = path.strip_prefix('/').filter(|rest| !rest.is_empty()) else { return [None, None] };
    let first = rest.find('/').map_or(path.len(), |length| length + 1);
    if path.len() <= first + 1 {
        return [Some(&path[..first]), None];
    }
    let second = path[first + 1..].find('/').map_or(path.len(), |length| first + 1 + length);
    [Some(&path[..first]), Some(&path[..second])]
}
