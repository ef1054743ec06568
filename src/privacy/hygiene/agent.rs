//! Recognises whole user agents in places where none belongs. Called by [`super::shape`].

/// Products that only user agents name.
const TELLING: [&str; 5] = ["AppleWebKit/", "Gecko/", "CFNetwork/", "Dalvik/", "(KHTML"];

/// Whether a text is a whole user agent: `Mozilla/…`, `App/1.0 (iPhone; …)`, `App/1.0 Library/2.3`.
pub fn is_agent(text: &str) -> bool {
    if text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("Mozilla/")) {
        return true;
    }
    if !text.contains('/') {
        return false;
    }
    if TELLING.iter().any(|product| text.contains(product)) {
        return true;
    }
    let Some((first, rest)) = text.split_once(' ') else {
        return false;
    };
    if !is_product(first) {
        return false;
    }
    let has_comment = rest.starts_with('(') && (first.contains('.') || rest.contains(';'));
    has_comment || (first.contains('.') && rest.split(' ').any(|word| word.contains('.') && is_product(word)))
}

/// `Name/1…`
fn is_product(word: &str) -> bool {
    word.split_once('/').is_some_and(|(name, version)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && version.starts_with(|c: char| c.is_ascii_digit())
    })
}
