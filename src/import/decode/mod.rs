//! Records of a file to events: one file per format. Pure: text in, events or a reason out. Called by `import::read`.

mod cloudfront;
mod combined;
pub mod fields;
mod ga4;
mod json_log;
mod log;
mod matomo;
mod mixpanel;
pub mod moment;
mod umami;

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
}

/// A decoder for the next file; `host` is that of the pages where the file does not say.
pub fn decoder(arguments: &ImportArgs, host: &str) -> Box<dyn Decoder> {
    let host = arguments.host.as_deref().unwrap_or(host);
    match arguments.format {
        ImportFormat::Combined => Box::new(combined::Combined::new(host)),
        ImportFormat::Cloudfront => Box::new(cloudfront::Cloudfront::new(host)),
        ImportFormat::Caddy => Box::new(json_log::JsonLog::caddy(host)),
        ImportFormat::Umami => Box::new(umami::Umami::default()),
        ImportFormat::Matomo => Box::new(matomo::Matomo),
        ImportFormat::Ga4 => Box::new(ga4::Ga4),
        ImportFormat::Mixpanel => Box::new(mixpanel::Mixpanel),
        _ => Box::new(json_log::JsonLog::common(host, &arguments.fields)),
    }
}
