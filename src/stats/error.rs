//! Why a question is not answered. One place elsewhere turns the [`Kind`] into a status.

use crate::clickhouse::StoreError;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The question is malformed or names something that does not exist: 400.
    BadRequest,
    /// The question is sound, but what it asks for is not kept, by design: 422.
    NotKept,
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
    /// A filter.
    #[error(
        "filters: counts are kept per value of one dimension, so they cannot be filtered; ask for a dimension instead \
         and pick the value from its rows"
    )]
    FilterNotKept,
    /// Two dimensions at once.
    #[error(
        "dimensions: counts are kept for one dimension at a time, so that no row describes a person; ask for the \
         dimensions one by one"
    )]
    CrossingNotKept,
}

impl QueryError {
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
            Self::FilterNotKept => "filter_not_kept",
            Self::CrossingNotKept => "crossing_not_kept",
        }
    }

    /// Whose turn it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::FilterNotKept | Self::CrossingNotKept => Kind::NotKept,
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
    Store(#[from] StoreError),
}
