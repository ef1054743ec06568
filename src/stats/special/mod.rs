//! Questions that the query language has no words for: funnels, journeys, retention, web vitals, distributions of
//! numbers. Called by [`super::Egress::special`]. Each file reads what it needs through [`Source`], where suppression
//! happens (P7): nothing here sees a crossing that too few visitors stand behind.

mod distribution;
mod funnels;
mod journeys;
mod numbers;
mod properties;
mod retention;
mod source;
mod vitals;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::buckets::Width;
use super::error::{QueryError, ReadError};
use super::fields::{self, Field};
use super::period::{Comparison, DateRange, Period};
use super::plan::{first_kept, today};
use super::result::{Imported, Suppressed};
use crate::model::{Day, Site};

pub use funnels::{FunnelAnswer, FunnelAsked, FunnelBefore, FunnelSpan, FunnelStep};
pub use journeys::{JourneyRow, JourneysAnswer, Ways};
pub use numbers::{NumberRow, NumbersAnswer};
pub use properties::{PropertiesAnswer, PropertyKind, PropertyRow};
pub use retention::{ActiveDay, ActiveSpan, Cohort, CohortWeek, RetentionAnswer};
pub(super) use source::Source;
pub use vitals::{VitalBucket, VitalPage, VitalRow, VitalSpan, VitalsAnswer, VitalsAsked};

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// When.
    pub range: DateRange,
    /// What.
    pub about: About,
}

/// What a question is about.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// The steps of a funnel.
    Funnel(FunnelAsked),
    /// Which page follows which.
    Journeys {
        /// Which of them.
        ways: Ways,
        /// Most rows of each list.
        limit: usize,
    },
    /// Who comes back.
    Retention,
    /// Web vitals.
    Vitals(VitalsAsked),
    /// Distributions of numeric properties: of one key, or of all.
    Numbers {
        /// The key.
        key: Option<String>,
        /// Only events this names.
        filter: Option<Filter>,
    },
    /// Which properties were sent along, at all and with an event.
    Properties(Option<String>),
}

/// How a series is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// Days.
    Day,
    /// Weeks, from Monday.
    Week,
    /// Calendar months.
    Month,
}

impl Interval {
    fn width(self) -> Width {
        match self {
            Self::Day => Width::Day,
            Self::Week => Width::Week,
            Self::Month => Width::Month,
        }
    }
}

/// One value of one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The attribute.
    pub field: Field,
    /// The value.
    pub value: String,
}

/// What to know about an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SpecialMeta)]
pub struct Meta {
    /// What was folded because too few visitors stand behind it, as far as it is known.
    pub suppressed: Suppressed,
    /// How `visitors` is to be read: the unique visitors of each day, summed over days.
    #[schema(example = "daily_sum")]
    pub visitors: &'static str,
    /// The zone days are in.
    pub timezone: String,
    /// First and last day, in the site's zone.
    pub date_range: [String; 2],
    /// Where these numbers come from, when they are not of everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<&'static str>,
    /// Days of the range that were filled in from files, by import.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub imported: Vec<Imported>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To [`About::Funnel`].
    Funnel(FunnelAnswer),
    /// To [`About::Journeys`].
    Journeys(JourneysAnswer),
    /// To [`About::Retention`].
    Retention(RetentionAnswer),
    /// To [`About::Vitals`].
    Vitals(VitalsAnswer),
    /// To [`About::Numbers`].
    Numbers(NumbersAnswer),
    /// To [`About::Properties`].
    Properties(PropertiesAnswer),
}

/// Answers a question out of a source.
pub(super) async fn answer(source: &Source<'_>, about: &About) -> Result<Answer, ReadError> {
    Ok(match about {
        About::Funnel(asked) => Answer::Funnel(funnels::answer(source, asked).await?),
        About::Journeys { ways, limit } => Answer::Journeys(journeys::answer(source, ways, *limit).await?),
        About::Retention => Answer::Retention(retention::answer(source).await?),
        About::Vitals(asked) => Answer::Vitals(vitals::answer(source, asked).await?),
        About::Numbers { key, filter } => {
            Answer::Numbers(numbers::answer(source, key.as_deref(), filter.as_ref()).await?)
        }
        About::Properties(event) => Answer::Properties(properties::answer(source, event.as_deref()).await?),
    })
}

/// First and last day of a question.
pub(super) fn period(
    question: &Question,
    site: &Site,
    now: Timestamp,
    first: Option<Day>,
) -> Result<Period, QueryError> {
    let today = today(&site.timezone, now);
    if let About::Funnel(asked) = &question.about {
        asked.comparison.map_or(Ok(()), |comparison| comparison.check(first_kept(site, today)))?;
    }
    question.range.resolve(today, first.map(Day::date), first_kept(site, today))
}

/// The days that are read for it.
pub(super) fn reach(question: &Question, period: Period) -> Period {
    match &question.about {
        About::Funnel(asked) => funnels::reach(asked, period),
        About::Retention => retention::reach(period),
        _ => period,
    }
}

/// The range that `date_range`, or else `from` and `to`, name; 28 days when none does.
///
/// # Errors
/// What is no range.
pub fn range(word: Option<&str>, from: Option<&str>, to: Option<&str>) -> Result<DateRange, QueryError> {
    match (word, from, to) {
        (None, None, None) => Ok(DateRange::Days(28)),
        (Some(word), None, None) => DateRange::parse(&Value::String(word.to_owned())),
        (None, Some(from), Some(to)) => DateRange::parse(&serde_json::json!([from, to])),
        _ => Err(QueryError::Range("give date_range, or from and to together".to_owned())),
    }
}

/// What a range is compared with: `previous_period`, `year_over_year`, or two dates with a comma between.
///
/// # Errors
/// It is none of them.
pub fn comparison(text: &str) -> Result<Comparison, QueryError> {
    let value = match text.split_once(',') {
        Some((from, to)) => serde_json::json!([from, to]),
        None => Value::String(text.to_owned()),
    };
    Comparison::parse(&value)
}

impl Filter {
    /// The filter for one value of a dimension of the query language, such as `event:page` and `/pricing`.
    ///
    /// # Errors
    /// The dimension does not exist.
    pub fn new(dimension: &str, value: &str) -> Result<Self, QueryError> {
        let unknown = || {
            let message = "the dimension is not known; time has no filter, `date_range` does that";
            QueryError::Filter(message.to_owned())
        };
        let field = fields::field(dimension).ok_or_else(unknown)?;
        if value.is_empty() || value.len() > VALUE_BYTES || value.contains('\0') {
            return Err(QueryError::Filter(format!("a value has 1 to {VALUE_BYTES} bytes, none of them zero")));
        }
        Ok(Self { field, value: value.to_owned() })
    }
}

/// Most bytes of a value.
const VALUE_BYTES: usize = 1024;

/// A share in percent, to two decimals; 0 of nothing.
fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { rounded(100.0 * part as f64 / whole as f64) }
}

/// To two decimals.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn meta(site: &Site, period: Period, suppressed: Suppressed) -> Meta {
    Meta {
        suppressed,
        visitors: "daily_sum",
        timezone: site.timezone.iana_name().unwrap_or("UTC").to_owned(),
        date_range: [period.from.to_string(), period.to.to_string()],
        note: None,
        imported: Imported::within(site, period),
    }
}
