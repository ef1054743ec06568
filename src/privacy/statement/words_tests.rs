//! Holds the words of each language against English, the program and the schema.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::model::Dimension;

fn others() -> impl Iterator<Item = Language> {
    Language::ALL.into_iter().filter(|language| *language != Language::English)
}

/// Every text of a file of words but those about the schema, by the path of its key.
fn flat(language: Language) -> Vec<(String, String)> {
    fn gather(value: &Value, path: &str, texts: &mut Vec<(String, String)>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| gather(value, &format!("{path}.{key}"), texts));
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, value)| gather(value, &format!("{path}.{at}"), texts));
            }
            Value::String(text) => texts.push((path.to_owned(), text.clone())),
            _ => {}
        }
    }
    let text = std::fs::read_to_string(format!("src/privacy/statement/words/{}.json", language.code()));
    let mut value: Value = serde_json::from_str(&text.expect("there")).expect("JSON");
    value.as_object_mut().expect("an object").remove("schema");
    let mut texts = Vec::new();
    gather(&value, "", &mut texts);
    texts
}

/// What a text holds that every language writes alike: what is put in, code, figures.
fn parts(text: &str) -> BTreeSet<String> {
    let pattern = regex::Regex::new(r"\{\w+\}|`[^`]*`|/?\d+").expect("a pattern");
    pattern.find_iter(text).map(|found| found.as_str().to_owned()).collect()
}

#[test]
fn every_language_has_every_text_with_what_is_put_in() {
    let english = flat(Language::English);
    for language in others() {
        for ((key, text), (key_here, text_here)) in english.iter().zip(flat(language)) {
            assert_eq!(*key, key_here, "{language:?}");
            let (expected, found) = (parts(text), parts(&text_here));
            // Some languages write with figures what English writes with words.
            assert!(expected.is_subset(&found), "{language:?} {key}: {expected:?} {found:?}");
            let put_in = |parts: &BTreeSet<String>| parts.iter().filter(|part| part.starts_with('{')).count();
            assert_eq!(put_in(&expected), put_in(&found), "{language:?} {key}");
        }
        assert_eq!(english.len(), flat(language).len(), "{language:?}");
    }
}

#[test]
fn every_dimension_has_a_name_in_every_language() {
    let codes: BTreeSet<&str> = Dimension::ALL.into_iter().map(Dimension::code).collect();
    for language in Language::ALL {
        let named: BTreeSet<&str> = Words::of(language).dimensions.keys().map(String::as_str).collect();
        assert_eq!(named, codes, "{language:?}");
    }
}

/// Every comment of every table and column that a migration makes, and no other.
#[test]
fn every_language_has_words_for_the_whole_schema() {
    let comment = regex::Regex::new("COMMENT (?:COLUMN IF EXISTS `[a-z_]+` )?'((?:[^']|'')+)'").expect("a pattern");
    let files =
        std::fs::read_dir("src/clickhouse/migrations").expect("there").map(|entry| entry.expect("listed").path());
    let files = files.chain([std::path::PathBuf::from("src/clickhouse/migrate.rs")]);
    let sources: Vec<String> = files.map(|path| std::fs::read_to_string(path).expect("read")).collect();
    let found = sources.iter().flat_map(|source| comment.captures_iter(source));
    let comments: BTreeSet<String> = found.map(|found| found[1].replace("''", "'")).collect();
    assert!(comments.len() > 40, "{comments:?}");
    for language in others() {
        let known: BTreeSet<String> = Words::of(language).schema.keys().cloned().collect();
        assert_eq!(known, comments, "{language:?}");
    }
}
