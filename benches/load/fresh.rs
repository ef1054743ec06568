//! The requests of [`super::mix`], each written when it is sent and none like another, from people who take turns: so many
//! requests from so many addresses as are asked for.

use std::cell::Cell;
use std::collections::HashSet;

use super::drive::Source;
use super::mix::{Request, Shape, World, Worth};
use super::people::{self, Browser};
use super::random::Random;

/// Requests that are written as they are sent.
pub struct Fresh {
    shape: Shape,
    sites: Vec<String>,
    pages: usize,
    people: usize,
    key: String,
    browsers: Vec<Browser>,
    run: u64,
    most: u64,
    begun: Cell<u64>,
}

impl Fresh {
    /// At most `most` requests. Batch ids of one `run` differ from those of another.
    pub fn new(shape: Shape, world: World<'_>, (most, run): (u64, u64)) -> Self {
        let World { sites, pages, people, key } = world;
        let (sites, key, browsers) = (sites.to_vec(), key.to_owned(), people::browsers());
        Self { shape, sites, pages, people, key, browsers, run, most, begun: Cell::new(0) }
    }

    /// The addresses from which events came so far.
    pub fn addresses(&self) -> HashSet<String> {
        let events = self.begun.get() as usize * self.shape.events();
        (0..events.min(self.people)).map(|number| people::person(number, &self.browsers).address).collect()
    }
}

impl Source for Fresh {
    fn next(&self) -> Option<u64> {
        let number = self.begun.get();
        (number < self.most).then(|| self.begun.replace(number + 1))
    }

    fn write(&self, number: u64, out: &mut Vec<u8>) -> Worth {
        let Self { shape, sites, pages, people, key, browsers, run, .. } = self;
        let world = World { sites, pages: *pages, people: *people, key };
        let mut random = Random::new((run + 1) << 40 ^ number);
        let mut turn = number as usize * shape.events();
        let mut cast = |_: &mut Random| {
            turn += 1;
            people::person((turn - 1) % people, browsers)
        };
        let id = format!("{run:08x}-{number:012x}");
        Request::new(*shape, world, &mut cast, &mut random).write(*shape, &id, out)
    }

    fn is_durable(&self) -> bool {
        self.shape.is_durable()
    }
}
