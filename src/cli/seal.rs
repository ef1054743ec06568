//! What can be typed after `headcount seal`. It is done by `app`, which knows how to reach a collector or to be one.

use clap::Args;

/// Arguments of `seal`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct SealArgs {
    /// Site; every site unless said otherwise
    #[arg(long, value_name = "ID")]
    pub site: Option<String>,
    /// Day: a date, today or yesterday, in the site's time zone; every day that is due unless said otherwise
    #[arg(long, value_name = "D", value_parser = day)]
    pub day: Option<String>,
    /// Also a day that is not over: it counts no more visitors
    #[arg(long, requires = "day")]
    pub now: bool,
    /// The past days that an import has filled in, now that it is done: closed at once, sealed one after the other
    #[arg(long, conflicts_with = "day")]
    pub filled: bool,
}

/// A day as it is typed.
pub(super) fn day(text: &str) -> Result<String, String> {
    let is_date = text.parse::<jiff::civil::Date>().is_ok();
    if is_date || matches!(text, "today" | "yesterday") {
        return Ok(text.to_owned());
    }
    Err("name a date such as 2026-11-21, today or yesterday".to_owned())
}
