//! What a failed statement means: worth trying again, or not. Decided by ClickHouse's error code alone; its error
//! text may quote data and is therefore never kept, shown or logged (P9).

use std::fmt;

/// What went wrong, without a word of what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// ClickHouse's error code, where it answered with one.
    pub code: Option<u32>,
    /// Its name, `TOO_MANY_PARTS`, or what happened to the connection.
    pub name: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "ClickHouse answered {code} {}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// An insert failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InsertError {
    /// The same bytes may be taken later: network, timeout, overload, memory, read-only.
    #[error("{0}")]
    Retry(Failure),
    /// ClickHouse will never take these bytes into this table as it is.
    #[error("{0}")]
    Refused(Failure),
}

impl InsertError {
    /// A stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Retry(_) => "insert_retry",
            Self::Refused(_) => "insert_refused",
        }
    }
}

/// A statement other than an insert failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// ClickHouse is away or overloaded; it may work later.
    #[error("{0}")]
    Unavailable(Failure),
    /// ClickHouse does not accept the statement.
    #[error("{0}")]
    Refused(Failure),
    /// The tables were made by a newer version of this program.
    #[error("the tables have schema version {found}, this program knows {known}: run the newer version")]
    NewerSchema {
        /// Version found.
        found: u32,
        /// Newest version this program knows.
        known: u32,
    },
    /// The answer has more rows than may be in memory; nothing of it is given.
    #[error("the answer has more than {most} rows")]
    TooManyRows {
        /// How many may be.
        most: u64,
    },
}

impl StoreError {
    /// A stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "store_unavailable",
            Self::Refused(_) => "store_refused",
            Self::NewerSchema { .. } => "store_newer_schema",
            Self::TooManyRows { .. } => "store_too_many_rows",
        }
    }

    /// Whether a regular expression was at fault: `CANNOT_COMPILE_REGEXP`.
    pub fn is_bad_pattern(&self) -> bool {
        match self {
            Self::Unavailable(failure) | Self::Refused(failure) => failure.code == Some(427),
            Self::NewerSchema { .. } | Self::TooManyRows { .. } => false,
        }
    }
}

impl From<clickhouse::error::Error> for InsertError {
    fn from(error: clickhouse::error::Error) -> Self {
        let (failure, again) = judge(&error);
        if again { Self::Retry(failure) } else { Self::Refused(failure) }
    }
}

impl From<clickhouse::error::Error> for StoreError {
    fn from(error: clickhouse::error::Error) -> Self {
        let (failure, again) = judge(&error);
        if again { Self::Unavailable(failure) } else { Self::Refused(failure) }
    }
}

impl From<InsertError> for StoreError {
    fn from(error: InsertError) -> Self {
        match error {
            InsertError::Retry(failure) => Self::Unavailable(failure),
            InsertError::Refused(failure) => Self::Refused(failure),
        }
    }
}

/// Codes that will come back for the same bytes however often they are sent. Every other code is retried: the spool
/// keeps the data, and an operator who sees the metric can mend the server. Losing it cannot be mended. A missing table
/// or database is retried too, the next migration makes it; so is an unknown setting, which every load would fail on.
const REFUSED: &[u32] = &[
    6,   // CANNOT_PARSE_TEXT
    7,   // INCORRECT_NUMBER_OF_COLUMNS
    8,   // THERE_IS_NO_COLUMN
    10,  // NOT_FOUND_COLUMN_IN_BLOCK
    16,  // NO_SUCH_COLUMN_IN_TABLE
    20,  // NUMBER_OF_COLUMNS_DOESNT_MATCH
    26,  // CANNOT_PARSE_QUOTED_STRING
    27,  // CANNOT_PARSE_INPUT_ASSERTION_FAILED
    32,  // ATTEMPT_TO_READ_AFTER_EOF
    33,  // CANNOT_READ_ALL_DATA
    36,  // BAD_ARGUMENTS
    38,  // CANNOT_PARSE_DATE
    43,  // ILLEGAL_TYPE_OF_ARGUMENT
    44,  // ILLEGAL_COLUMN
    46,  // UNKNOWN_FUNCTION
    47,  // UNKNOWN_IDENTIFIER
    48,  // NOT_IMPLEMENTED
    50,  // UNKNOWN_TYPE
    53,  // TYPE_MISMATCH
    62,  // SYNTAX_ERROR
    69,  // ARGUMENT_OUT_OF_BOUND
    70,  // CANNOT_CONVERT_TYPE
    72,  // CANNOT_PARSE_NUMBER
    73,  // UNKNOWN_FORMAT
    117, // INCORRECT_DATA
    128, // TOO_LARGE_ARRAY_SIZE
    130, // CANNOT_READ_ARRAY_FROM_TEXT
    131, // TOO_LARGE_STRING_SIZE
    321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
    349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
    457, // BAD_QUERY_PARAMETER
    469, // VIOLATED_CONSTRAINT
];

/// The failure without its text, and whether trying again makes sense.
fn judge(error: &clickhouse::error::Error) -> (Failure, bool) {
    use clickhouse::error::Error;
    match error {
        Error::BadResponse(text) => judge_answer(text),
        Error::Network(_) => (plain("ClickHouse cannot be reached"), true),
        Error::TimedOut => (timed_out(), true),
        Error::Decompression(_) | Error::NotEnoughData => (plain("the answer broke off"), true),
        // A mistake of the operator: what was counted meanwhile must not suffer for it.
        Error::InvalidParams(_) | Error::Unsupported(_) => (plain("the address of ClickHouse cannot be used"), true),
        Error::Other(_) => (plain("the exchange with ClickHouse failed"), true),
        // Unknown: the spool keeps the load, and keeping it can be mended.
        _ => (plain("ClickHouse answered something unexpected"), true),
    }
}

/// The failure of a statement that took too long.
pub(super) fn timed_out() -> Failure {
    plain("ClickHouse did not answer in time")
}

/// The failure of an insert that was answered 200 and whose rows are not there, whatever token it is sent under.
pub fn took_and_lost() -> InsertError {
    InsertError::Retry(plain("ClickHouse says that it took a load and does not have it"))
}

/// A failure that has no code of ClickHouse.
pub(super) fn plain(name: &str) -> Failure {
    Failure { code: None, name: name.to_owned() }
}

fn judge_answer(text: &str) -> (Failure, bool) {
    let Some(code) = error_code(text) else {
        // A proxy in between, or a server that is going down.
        return (plain("ClickHouse answered without an error code"), true);
    };
    let name = error_name(text).unwrap_or("unnamed").to_owned();
    let failure = Failure { code: Some(code), name };
    (failure, !REFUSED.contains(&code))
}

/// `Code: 252. DB::Exception: …`, wherever in the answer it stands: errors that come late follow the data.
fn error_code(text: &str) -> Option<u32> {
    let (_, after) = text.split_once("Code: ")?;
    let digits = after.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// `(TOO_MANY_PARTS)`: the last parenthesis that holds nothing but capitals. Never a quoted value of a user, since
/// those stand before it; one that looks the same is at worst a wrong name.
fn error_name(text: &str) -> Option<&str> {
    text.rsplit('(')
        .filter_map(|rest| rest.split_once(')'))
        .map(|(inside, _)| inside)
        .find(|inside| inside.len() > 3 && inside.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_decides() {
        let cases = [
            (
                "Code: 252. DB::Exception: Too many parts. (TOO_MANY_PARTS) (version 26.7.2.1)",
                "252 TOO_MANY_PARTS",
                true,
            ),
            ("Code: 241. DB::Exception: x (MEMORY_LIMIT_EXCEEDED)", "241 MEMORY_LIMIT_EXCEEDED", true),
            ("Code: 202. DB::Exception: x (TOO_MANY_SIMULTANEOUS_QUERIES)", "202 TOO_MANY_SIMULTANEOUS_QUERIES", true),
            ("Code: 242. DB::Exception: x (TABLE_IS_READ_ONLY)", "242 TABLE_IS_READ_ONLY", true),
            ("Code: 159. DB::Exception: x (TIMEOUT_EXCEEDED)", "159 TIMEOUT_EXCEEDED", true),
            ("Code: 516. DB::Exception: x (AUTHENTICATION_FAILED)", "516 AUTHENTICATION_FAILED", true),
            ("Code: 62. DB::Exception: x (SYNTAX_ERROR)", "62 SYNTAX_ERROR", false),
            ("Code: 60. DB::Exception: x (UNKNOWN_TABLE)", "60 UNKNOWN_TABLE", true),
            ("Code: 16. DB::Exception: x (NO_SUCH_COLUMN_IN_TABLE)", "16 NO_SUCH_COLUMN_IN_TABLE", false),
            ("Code: 33. DB::Exception: (at row 3) x (CANNOT_READ_ALL_DATA)", "33 CANNOT_READ_ALL_DATA", false),
            ("Code: 53", "53 unnamed", false),
        ];
        for (text, expected, again) in cases {
            let (failure, verdict) = judge(&clickhouse::error::Error::BadResponse(text.to_owned()));
            assert_eq!((failure.to_string(), verdict), (format!("ClickHouse answered {expected}"), again));
        }
    }

    #[test]
    fn what_has_no_code_is_tried_again() {
        let gateway = judge(&clickhouse::error::Error::BadResponse("502 Bad Gateway".to_owned()));
        assert_eq!(gateway, (plain("ClickHouse answered without an error code"), true));
        assert_eq!(judge(&clickhouse::error::Error::TimedOut), (timed_out(), true));
    }

    #[test]
    fn no_word_of_the_data_is_kept() {
        let text = "Code: 53. DB::Exception: Cannot convert 'jane@example.org' (while reading /secret) (TYPE_MISMATCH)";
        let error = InsertError::from(clickhouse::error::Error::BadResponse(text.to_owned()));
        assert_eq!(format!("{error} {error:?}").matches("jane").count(), 0);
    }
}
