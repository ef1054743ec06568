//! Questions that the query language has no words for: funnels, journeys, retention, web vitals, distributions of
//! numbers. Each file reads what it needs through [`source`], which is the way out for all of them (P7): nothing here
//! sees a crossing that too few visitors stand behind.

mod distribution;
mod funnels;
mod journeys;
mod retention;
mod source;
mod vitals;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::error::{QueryError, ReadError};
use super::fields;
use super::period::{DateRange, Period};
use super::plan::{first_kept, today};
use crate::clickhouse::Store;
use crate::model::{Dimension, Funnel, Site};

pub use funnels::{FunnelAnswer, FunnelStep};
pub use journeys::{JourneyRow, JourneysAnswer};
pub use retention::{ActiveDay, ActiveSpan, Cohort, CohortWeek, RetentionAnswer};
pub use vitals::{NumberRow, NumbersAnswer, VitalRow, VitalsAnswer};

use source::Source;

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
    Funnel(Funnel),
    /// Which page follows which.
    Journeys {
        /// Only from this page.
        from_page: Option<String>,
        /// Most rows of each list.
        limit: usize,
    },
    /// Who comes back.
    Retention,
    /// Web vitals, of all page views or of those a filter names.
    Vitals(Option<Filter>),
    /// Distributions of numeric properties: of one key, or of all.
    Numbers {
        /// The key.
        key: Option<String>,
        /// Only events this names.
        filter: Option<Filter>,
    },
}

/// One value of one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The dimension.
    pub dimension: Dimension,
    /// The value as it is stored.
    pub value: String,
}

/// What to know about an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SpecialMeta)]
pub struct Meta {
    /// What was folded because too few visitors stand behind it.
    pub suppressed: Folded,
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
}

/// What was folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Folded {
    /// Groups of days that are still open. Of sealed days nothing that was folded exists any more.
    #[schema(minimum = 0)]
    pub rows: u64,
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
}

/// Answers `question` about `site` at `now` (seconds since 1970). The caller has checked that the asker may read the
/// site.
///
/// # Errors
/// The question asks for something impossible or not kept, or the database is away.
pub async fn answer(store: &Store, site: &Site, question: &Question, now: i64) -> Result<Answer, ReadError> {
    let now = Timestamp::from_second(now).unwrap_or(Timestamp::UNIX_EPOCH);
    let first = match question.range {
        DateRange::All => store.first_day(&site.id).await?,
        _ => None,
    };
    let today = today(&site.timezone, now);
    let period = question.range.resolve(today, first.map(crate::model::Day::date), first_kept(site, today))?;
    let source = Source::new(store, site, period);
    Ok(match &question.about {
        About::Funnel(funnel) => Answer::Funnel(funnels::answer(&source, funnel).await?),
        About::Journeys { from_page, limit } => {
            Answer::Journeys(journeys::answer(&source, from_page.as_deref(), *limit).await?)
        }
        About::Retention => Answer::Retention(retention::answer(&source).await?),
        About::Vitals(filter) => Answer::Vitals(vitals::answer(&source, filter.as_ref()).await?),
        About::Numbers { key, filter } => {
            Answer::Numbers(vitals::numbers(&source, key.as_deref(), filter.as_ref()).await?)
        }
    })
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

impl Filter {
    /// The filter for one value of a dimension of the query language, such as `event:page` and `/pricing`.
    ///
    /// # Errors
    /// The dimension does not exist, or nothing can be filtered by it.
    pub fn new(dimension: &str, value: &str) -> Result<Self, QueryError> {
        let Some(field) = fields::field(dimension).filter(|field| field.dimension.filterable()) else {
            return Err(not_kept());
        };
        let (dimension, value) = (field.dimension, format!("{}{value}", field.prefix));
        Ok(Self { dimension, value })
    }
}

/// What is said of a filter nothing is kept for.
fn not_kept() -> QueryError {
    QueryError::FilterNotKept("this site keeps no pairs with that dimension".to_owned())
}

/// A share in percent, to two decimals; 0 of nothing.
fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { rounded(100.0 * part as f64 / whole as f64) }
}

/// To two decimals.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn meta(site: &Site, period: Period, folded: u64) -> Meta {
    Meta {
        suppressed: Folded { rows: folded },
        visitors: "daily_sum",
        timezone: site.timezone.iana_name().unwrap_or("UTC").to_owned(),
        date_range: [period.from.to_string(), period.to.to_string()],
        note: None,
    }
}
