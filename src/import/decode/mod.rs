//! Records of a file to events: one file per format. Pure: text in, events or a reason out. Called by `import::read`.

mod cloudfront;
mod combined;
pub mod country;
pub mod fields;
mod ga4;
mod json_log;
mod log;
mod matomo;
mod mixpanel;
pub mod moment;
mod umami;
pub mod umami_data;

use std::sync::Arc;

use self::umami_data::Properties;
use super::event::Event;
use super::skip::Skip;
use crate::cli::import::{ImportArgs, ImportFormat};

/// What becomes of one record.
pub type Decoded = Result<Vec<Event>, Skip>;

/// Reads the records of one file, in order. What a heading says is remembered.
pub trait Decoder {
    /// The events of a record.
    ///
    /// # Errors
    /// Why it becomes none.
    fn decode(&mut self, record: &str) -> Decoded;

    /// Looks at a record that was imported before: only what it says about the records to come matters.
    fn pass(&mut self, _record: &str) {}

    /// Events since this was last asked whose country has a name that is not known.
    fn unplaced(&mut self) -> u64 {
        0
    }
}

/// A decoder for the next file; `host` is that of the pages where the file does not say, `properties` those of events that
/// have them in another file.
pub fn decoder(arguments: &ImportArgs, host: &str, properties: &Arc<Properties>) -> Box<dyn Decoder> {
    let host = arguments.host.as_deref().unwrap_or(host);
    match arguments.format {
        ImportFormat::Combined => Box::new(combined::Combined::new(host)),
        ImportFormat::Cloudfront => Box::new(cloudfront::Cloudfront::new(host)),
        ImportFormat::Caddy => Box::new(json_log::JsonLog::caddy(host)),
        ImportFormat::Umami => Box::new(umami::Umami::new(properties.clone())),
        ImportFormat::Matomo => Box::new(matomo::Matomo),
        ImportFormat::Ga4 => Box::new(ga4::Ga4::default()),
        ImportFormat::Mixpanel => Box::new(mixpanel::Mixpanel),
        _ => Box::new(json_log::JsonLog::common(host, &arguments.fields)),
    }
}
