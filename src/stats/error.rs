//! Why a question is not answered. One place elsewhere turns the [`Kind`] into a status.

use crate::clickhouse::StoreError;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The question is malformed or names something that does not exist: 400.
    BadRequest,
    /// The question is sound, but what it asks for is not kept, by design: 422.
    NotKept,
    /// The question is sound, but its answer is too large: 422.
    TooMuch,
}

/// A question that cannot be answered. The texts name what is known and never what was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Not JSON, a key that does not exist, or a wrong type.
    #[error("{0}")]
    Malformed(String),
    /// Not a site id.
    #[error("site_id: {0}")]
    Site(#[from] crate::model::SiteIdError),
    /// No metric, one that does not exist, or one asked for twice.
    #[error("metrics: {0}")]
    Metric(String),
    /// A dimension that does not exist.
    #[error("dimensions: {0}")]
    Dimension(String),
    /// A range that is no range.
    #[error("date_range: {0}")]
    Range(String),
    /// An order by something that is not asked for.
    #[error("order_by: {0}")]
    Order(String),
    /// A page that cannot be given.
    #[error("pagination: {0}")]
    Pagination(String),
    /// No filter, or one that cannot be read.
    #[error("filters: {0}")]
    Filter(String),
    /// A filter by something that is not kept.
    #[error("filters: {0}")]
    FilterNotKept(String),
    /// A combination of dimensions that is not kept.
    #[error("dimensions: {0}")]
    CrossingNotKept(String),
    /// A metric that is not kept for what is asked.
    #[error("metrics: {0}")]
    MetricNotKept(String),
    /// Days that are not kept any more.
    #[error("date_range: days before {0} are not kept any more; that is the first day to ask for")]
    OutsideRetention(jiff::civil::Date),
    /// More rows than an answer may have.
    #[error(
        "the answer has more than {0} rows before it is cut into pages: ask for fewer days, for values of a filter, or \
         without time; an export has everything"
    )]
    TooManyRows(u64),
}

impl QueryError {
    /// More than one filter.
    pub(super) fn two_filters() -> Self {
        Self::FilterNotKept(
            "counts of at most two attributes at a time are kept, so that no row describes a person: one dimension and \
             one filter, which may have several values"
                .to_owned(),
        )
    }

    /// A stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "bad_query",
            Self::Site(_) => "bad_site",
            Self::Metric(_) => "unknown_metric",
            Self::Dimension(_) => "unknown_dimension",
            Self::Range(_) => "bad_date_range",
            Self::Order(_) => "bad_order",
            Self::Pagination(_) => "bad_pagination",
            Self::Filter(_) => "bad_filter",
            Self::FilterNotKept(_) => "filter_not_kept",
            Self::CrossingNotKept(_) => "crossing_not_kept",
            Self::MetricNotKept(_) => "metric_not_kept",
            Self::OutsideRetention(_) => "outside_retention",
            Self::TooManyRows(_) => "too_many_rows",
        }
    }

    /// Whose turn it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::FilterNotKept(_) | Self::CrossingNotKept(_) | Self::MetricNotKept(_) | Self::OutsideRetention(_) => {
                Kind::NotKept
            }
            Self::TooManyRows(_) => Kind::TooMuch,
            _ => Kind::BadRequest,
        }
    }
}

/// No answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The question is at fault.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The database is.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        if let StoreError::TooManyRows { most } = error {
            return Self::Query(QueryError::TooManyRows(most));
        }
        if !error.is_bad_pattern() {
            return Self::Store(error);
        }
        Self::Query(QueryError::Filter("the database does not accept the pattern; patterns are RE2".to_owned()))
    }
}
