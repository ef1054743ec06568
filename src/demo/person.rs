//! One made-up visitor: network, browser, window, and how the hits reach the server. Called by [`super::traffic`].

use super::random::Random;
use super::world::{Device, World};

/// Share of visitors whose browser sends beacons to this machine itself.
const BEACONS: f64 = 0.05;
/// Share of visitors without scripts: a pixel.
const PIXELS: f64 = 0.01;
/// Share of visitors with the app.
const APPS: f64 = 0.09;
/// Share of visitors with a browser in English, wherever they are.
const ENGLISH: f64 = 0.12;

/// How a visitor's hits reach the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In batches of a relay that says whom they come from.
    Relay,
    /// In batches of the app, by number of the kind of installation.
    App(usize),
    /// As beacons, one by one.
    Beacon,
    /// As pixels.
    Pixel,
}

/// A visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Anonymous id, for ways that carry one.
    pub id: u64,
    /// IPv4 address as text.
    pub address: String,
    /// User agent; the app has none.
    pub agent: &'static str,
    /// `Accept-Language`.
    pub language: &'static str,
    /// Width of the viewport in CSS pixels; 0 when unknown.
    pub width: u32,
    /// The way.
    pub way: Way,
}

impl Person {
    /// Whoever the random sequence says.
    pub fn new(world: &World, random: &mut Random) -> Self {
        let network = world.networks.pick(random);
        let [first, second] = network.blocks[random.below(network.blocks.len() as u64) as usize];
        let (third, fourth) = (random.below(256), 1 + random.below(254));
        let browser = world.browsers.pick(random);
        let way = way(world, random);
        let is_app = matches!(way, Way::App(_));
        Self {
            id: random.bits(),
            address: format!("{first}.{second}.{third}.{fourth}"),
            agent: if is_app { "" } else { browser.agent },
            language: if random.chance(ENGLISH) { "en-US,en;q=0.9" } else { network.language },
            width: if is_app { 0 } else { width(browser.device, random) },
            way,
        }
    }
}

fn way(world: &World, random: &mut Random) -> Way {
    let point = random.unit();
    if point < PIXELS {
        return Way::Pixel;
    }
    if point < PIXELS + BEACONS {
        return Way::Beacon;
    }
    if point < PIXELS + BEACONS + APPS { Way::App(*world.app.pick(random)) } else { Way::Relay }
}

fn width(device: Device, random: &mut Random) -> u32 {
    let widths: &[u32] = match device {
        Device::Desktop => &[1280, 1366, 1440, 1512, 1536, 1680, 1728, 1905, 1920, 1920, 2545, 2560, 3440],
        Device::Phone => &[360, 375, 384, 390, 393, 402, 412, 412, 430],
        Device::Tablet => &[768, 800, 810, 820, 834, 1024],
    };
    widths[random.below(widths.len() as u64) as usize]
}
