//! How the cost of an event grows with the number of sites and of pages.

use std::io::{self, Write};
use std::rc::Rc;
use std::thread::sleep;
use std::time::Duration;

use super::cost::sites;
use super::load::drive::{self, Plan};
use super::load::mix::{Mix, Shape, World};
use super::server::{self, Process};
use super::{Size, median};

/// Prints the table: beacons to the small world, then to the large ones, in turns.
pub fn table(size: Size, out: &mut impl Write) -> io::Result<()> {
    let (one, many) = (sites(1), sites(size.sites));
    let worlds = [(&one, 10), (&one, 1_000), (&one, size.pages), (&many, 1_000)];
    let start = |(sites, _): &(&Vec<String>, usize)| server::collector(sites, &[], &[]);
    let servers = worlds.iter().map(start).collect::<io::Result<Vec<Process>>>()?;
    let mixes = worlds.map(|(sites, pages)| {
        let world = World { sites, pages, people: 7_000, key: "" };
        Rc::new(Mix::new(Shape::Beacon, world, (30_000, 3)))
    });
    let mut micros = worlds.map(|_| Vec::new());
    // The first round is not counted: it makes what the later ones find.
    for round in 0..=size.rounds {
        for (index, process) in servers.iter().enumerate() {
            let plan = Plan { port: process.port, connections: 64, time: size.turn, rate: None, again: false };
            let before = process.used();
            let done = drive::run(&mixes[index], plan)?;
            sleep(Duration::from_millis(300));
            if round > 0 {
                micros[index].push(process.used().since(before).own * 1e6 / done.acknowledged.max(1) as f64);
            }
        }
    }
    let micros = micros.map(median);
    writeln!(out, "{:<10}{:>10}{:>12}{:>9}{:>14}", "sites", "pages", "µs/event", "ratio", "memory, MiB")?;
    for (index, (sites, pages)) in worlds.iter().enumerate() {
        let (micro, [memory, _]) = (micros[index], servers[index].peak_mib());
        writeln!(out, "{:<10}{pages:>10}{micro:>12.2}{:>9.2}{memory:>14.0}", sites.len(), micro / micros[0])?;
    }
    writeln!(out, "POST /e, medians of {} turns\n", size.rounds)
}
