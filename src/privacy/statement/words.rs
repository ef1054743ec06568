//! What the statement says, in each language: one file of words each, `words/CODE.json`. Read by the statement for
//! machines (English) and by the page. A word too few or too many is no words at all, which a test would show.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::language::Language;

static ALL: LazyLock<[Words; Language::ALL.len()]> = LazyLock::new(|| {
    [
        include_str!("words/en.json"),
        include_str!("words/de.json"),
        include_str!("words/fr.json"),
        include_str!("words/es.json"),
        include_str!("words/ja.json"),
    ]
    // They are compiled in, and every test of the page reads them.
    .map(|text| serde_json::from_str(text).expect("the words of each language are whole"))
});

/// The words of one language. In them `{name}` is something put in, and `` `text` `` is code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub title: String,
    pub heading: String,
    pub intro: String,
    pub machines: String,
    pub languages: String,
    visitors: Counted,
    months: Counted,
    hours: Counted,
    thousands: Thousands,
    pub separator: String,
    pub site: OfSite,
    pub never_kept: Listed<[String; 9]>,
    pub opting_out: Listed<[String; 2]>,
    pub counted: OfCounts,
    pub salts: OfSalts,
    pub for_a_while: OfExceptions,
    pub limits: Listed<[String; 5]>,
    pub tables: OfTables,
    dimensions: BTreeMap<String, String>,
    /// What the database says of itself, which is English, in this language.
    schema: BTreeMap<String, String>,
}

impl Words {
    pub fn of(language: Language) -> &'static Self {
        &ALL[language as usize]
    }

    /// `{n} visitors`, in the case the sentences around it need.
    pub fn visitors(&self, n: u32) -> String {
        self.count(&self.visitors, n.into())
    }

    pub fn months(&self, n: u16) -> String {
        self.count(&self.months, n.into())
    }

    pub fn hours(&self, n: u64) -> String {
        self.count(&self.hours, n)
    }

    fn count(&self, forms: &Counted, n: u64) -> String {
        let form = if n == 1 { &forms.one } else { &forms.other };
        filled(form, &[("n", &self.number(n))])
    }

    /// A number as the language writes it.
    pub fn number(&self, n: u64) -> String {
        let digits = n.to_string();
        if n < self.thousands.from {
            return digits;
        }
        let mut text = String::with_capacity(digits.len() * 2);
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push_str(&self.thousands.mark);
            }
            text.push(digit);
        }
        text
    }

    /// The name of a dimension; its code when it has none.
    pub fn dimension<'a>(&'a self, code: &'a str) -> &'a str {
        self.dimensions.get(code).map_or(code, String::as_str)
    }

    /// What the database says of itself in English, in this language; `None` when we have no words for it.
    pub fn of_schema(&self, english: &str) -> Option<&str> {
        self.schema.get(english).map(String::as_str)
    }
}

/// `text` with each `{name}` replaced.
pub(super) fn filled(text: &str, parts: &[(&str, &str)]) -> String {
    parts.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;

/// A number of things: one, and any other number. Our languages need no more for what the page counts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    one: String,
    other: String,
}

/// What stands between thousands, and from which number on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Thousands {
    mark: String,
    from: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfSite {
    pub everything: String,
    pub pairs: String,
    pub kept: String,
    pub cohorts: String,
    pub no_cohorts: String,
    pub cohorts_unknown: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed<Items> {
    pub title: String,
    pub items: Items,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfCounts {
    pub title: String,
    pub by_hour: String,
    pub by_day: String,
    pub pairs: String,
    pub shown: String,
    pub kept: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfSalts {
    pub title: String,
    pub how: String,
    pub number: String,
    pub oldest: String,
    pub oldest_new: String,
    pub commitments: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfExceptions {
    pub title: String,
    pub what: String,
    pub until: String,
    /// What, and until when.
    pub items: [(String, String); 9],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfTables {
    pub title: String,
    pub intro: String,
    pub away: String,
    pub column: String,
    pub holds: String,
    pub r#type: String,
    pub not_stored: String,
}
