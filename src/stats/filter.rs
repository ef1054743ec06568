//! Filters: one attribute and the values that are meant. Pure; JSON in, a checked [`Filter`] out. Called by `query`;
//! whether a site keeps what it takes is decided in `kept`.

use regex::RegexBuilder;
use serde_json::Value;

use super::error::QueryError;
use super::fields::{Field, field};
use crate::clickhouse::Pick;

/// Most values of one filter.
const VALUES: usize = 100;
/// Most bytes of a value.
const VALUE_BYTES: usize = 1024;
/// Most bytes of all patterns of a filter: they are compiled in ClickHouse, too.
const PATTERN_BYTES: usize = 1000;
/// Most bytes a compiled pattern may take. `(a{99}){99}` takes more.
const COMPILED_BYTES: usize = 256 * 1024;

const OPERATORS: [&str; 4] = ["is", "is_not", "contains", "matches"];

/// A filter.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The attribute.
    pub field: Field,
    /// The values that are meant.
    pub pick: Pick,
    /// As it was understood, for the echo.
    pub echo: (String, String, Vec<String>),
}

impl Filter {
    /// Whether exactly one value is meant: its visitors are then no sum of overlapping groups.
    pub(super) fn is_single(&self) -> bool {
        matches!(&self.pick, Pick::Is(values) if values.len() == 1)
    }
}

/// Reads the key `filters`: a list of filters, of which there may be one. A list that is itself one filter, `and` or `or`
/// of one filter, and a value without its list are understood, too.
pub(super) fn parse(value: &Value) -> Result<Option<Filter>, QueryError> {
    let Value::Array(list) = value else {
        return Err(malformed());
    };
    match list.as_slice() {
        [] => Ok(None),
        [Value::String(word), inner] if word == "and" || word == "or" => parse(inner),
        [Value::String(operator), Value::String(name), values] => filter(operator, name, values).map(Some),
        [Value::Array(only)] => parse(&Value::Array(only.clone())),
        lists if lists.iter().all(Value::is_array) => Err(QueryError::two_filters()),
        _ => Err(malformed()),
    }
}

fn filter(operator: &str, name: &str, values: &Value) -> Result<Filter, QueryError> {
    let texts = texts(values)?;
    let field = field(name).ok_or_else(|| {
        let message = "the dimension of the filter is not known; time has no filter, `date_range` does that";
        QueryError::Filter(message.to_owned())
    })?;
    let pick = match operator {
        "is" => Pick::Is(texts.clone()),
        "is_not" => Pick::IsNot(texts.clone()),
        "contains" => Pick::Contains(texts.clone()),
        "matches" => Pick::Matches(pattern(&texts)?),
        _ => {
            let known = OPERATORS.join(", ");
            return Err(QueryError::Filter(format!("the operator is not known; known are {known}")));
        }
    };
    Ok(Filter { field, pick, echo: (operator.to_owned(), name.to_owned(), texts) })
}

fn texts(values: &Value) -> Result<Vec<String>, QueryError> {
    let texts: Option<Vec<String>> = match values {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(list) => list.iter().map(|value| value.as_str().map(str::to_owned)).collect(),
        _ => None,
    };
    let mut texts = texts.ok_or_else(malformed)?;
    texts.sort_unstable();
    texts.dedup();
    if texts.is_empty() || texts.len() > VALUES {
        return Err(QueryError::Filter(format!("a filter has 1 to {VALUES} values")));
    }
    if texts.iter().any(|text| text.is_empty() || text.len() > VALUE_BYTES || text.contains('\0')) {
        return Err(QueryError::Filter(format!("a value has 1 to {VALUE_BYTES} bytes, none of them zero")));
    }
    Ok(texts)
}

/// One pattern of all. Its size is bounded here, its running time by the automaton.
fn pattern(texts: &[String]) -> Result<regex::Regex, QueryError> {
    if texts.iter().map(String::len).sum::<usize>() > PATTERN_BYTES {
        return Err(QueryError::Filter(format!("patterns have at most {PATTERN_BYTES} bytes together")));
    }
    let refused = |_| {
        let message = "a pattern is not valid or too large; patterns are RE2: no look-around, no back references, \
                       repetitions that stay small";
        QueryError::Filter(message.to_owned())
    };
    // One by one first: `a)(b` and its like must not become valid by what is put around them.
    for text in texts {
        RegexBuilder::new(text).size_limit(COMPILED_BYTES).build().map_err(refused)?;
    }
    let all: Vec<String> = texts.iter().map(|text| format!("(?:{text})")).collect();
    RegexBuilder::new(&all.join("|")).size_limit(COMPILED_BYTES).build().map_err(refused)
}

fn malformed() -> QueryError {
    QueryError::Filter(
        "a filter is [operator, dimension, [values]], and `filters` a list of one of them: \
         [[\"is\", \"event:page\", [\"/\"]]]"
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    type Told = Option<(String, String, Vec<String>)>;

    fn told(value: &Value) -> Result<Told, &'static str> {
        parse(value).map(|filter| filter.map(|filter| filter.echo)).map_err(|error| error.code())
    }

    #[test]
    fn one_filter_in_several_spellings() {
        let expected = Ok(Some(("is".to_owned(), "event:page".to_owned(), vec!["/".to_owned()])));
        let spellings = [
            json!([["is", "event:page", ["/"]]]),
            json!(["is", "event:page", ["/"]]),
            json!([["is", "event:page", "/"]]),
            json!([["and", [["is", "event:page", ["/", "/"]]]]]),
        ];
        for spelling in spellings {
            assert_eq!(told(&spelling), expected, "{spelling}");
        }
        assert_eq!(told(&json!([])), Ok(None));
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        let long = "a".repeat(PATTERN_BYTES + 1);
        let cases = [
            (json!([["is", "event:page"]]), "bad_filter"),
            (json!([["is", "event:page", []]]), "bad_filter"),
            (json!([["is", "event:page", [1]]]), "bad_filter"),
            (json!([["is", "event:page", [""]]]), "bad_filter"),
            (json!([["is", "time:day", ["2026-01-01"]]]), "bad_filter"),
            (json!([["has_done", "event:page", ["/"]]]), "bad_filter"),
            (json!([["matches", "event:page", ["("]]]), "bad_filter"),
            (json!([["matches", "event:page", ["a)|(b"]]]), "bad_filter"),
            (json!([["matches", "event:page", ["(a{99}){99}"]]]), "bad_filter"),
            (json!([["matches", "event:page", ["(?=a)"]]]), "bad_filter"),
            (json!([["matches", "event:page", [long]]]), "bad_filter"),
            (json!({"is": "event:page"}), "bad_filter"),
            (json!([["is", "event:page", ["/"]], ["is", "visit:country", ["DE"]]]), "filter_not_kept"),
        ];
        for (case, code) in cases {
            assert_eq!(told(&case), Err(code), "{case}");
        }
    }

    #[test]
    fn folded_values_cannot_be_picked() {
        let held = ["is", "is_not", "contains", "matches"].map(|operator| {
            let filter = parse(&json!([[operator, "event:page", ["ab", "(other)"]]])).expect("sound").expect("one");
            ["ab", "cab", "(other)"].map(|label| filter.pick.holds(label))
        });
        let expected = [[true, false, false], [false, true, false], [true, true, false], [true, true, false]];
        assert_eq!(held, expected);
    }
}
