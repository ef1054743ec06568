//! Reading fields of exports: JSON objects and CSV rows, and the words other products use for browsers, systems and devices.
//! Called by the decoders of exports.

use serde_json::{Map, Value};

use crate::import::event::{Known, Payment};
use crate::model::{Currency, MAX_MINOR};

/// Properties an event may carry; further ones are not sent.
pub const PROPERTIES: usize = 30;

/// An object in JSON.
pub type Object = Map<String, Value>;

/// A text, number or boolean as text; empty for anything else.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

/// A field as text. A dot leads into an object.
pub fn text(object: &Object, key: &str) -> String {
    match (object.get(key), key.split_once('.')) {
        (Some(value), _) => scalar(value),
        (None, Some((outer, inner))) => {
            object.get(outer).and_then(Value::as_object).map(|object| text(object, inner)).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The first of several fields that is not empty.
pub fn first(object: &Object, keys: &[&str]) -> String {
    keys.iter().map(|key| text(object, key)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// The texts, numbers and booleans of an object that are not `own` to the product.
pub fn props(object: &Object, own: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let kept = object.iter().filter(|(key, _)| !own(key)).map(|(key, value)| (key.clone(), scalar(value)));
    kept.filter(|(_, value)| !value.is_empty()).take(PROPERTIES).collect()
}

/// A payment; `None` when the amount is none, or the currency is not known. The server would refuse the whole event.
pub fn payment(amount: &str, currency: &str) -> Option<Payment> {
    let (amount, currency) = (amount.trim(), Currency::of(currency.trim())?);
    // `1e9` is a number for Rust, and no amount.
    let is_decimal = amount.len() <= 40 && amount.bytes().all(|sign| matches!(sign, b'0'..=b'9' | b'.' | b'-'));
    let number: f64 = amount.parse().ok().filter(|_| is_decimal)?;
    let most = MAX_MINOR as f64 / 10_f64.powi(currency.exponent().into());
    (number.abs() <= most).then(|| Payment { amount: amount.to_owned(), currency: currency.code().to_owned() })
}

/// The width of `1920x1080`.
pub fn width(screen: &str) -> Option<u32> {
    screen.split('x').next()?.trim().parse().ok()
}

/// An address with campaign tags that are told apart from it.
pub fn with_tags(url: &str, tags: &[(&str, String)]) -> String {
    let has_own = url.split_once('?').is_some_and(|(_, query)| query.contains("utm_"));
    let (url, fragment) = url.split_once('#').map_or((url, None), |(url, fragment)| (url, Some(fragment)));
    let mut whole = url.to_owned();
    if !has_own && !url.is_empty() {
        for (key, value) in tags.iter().filter(|(_, value)| !value.is_empty()) {
            let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
            whole.push(if whole.contains('?') { '&' } else { '?' });
            whole.push_str(&format!("{key}={value}"));
        }
    }
    fragment.into_iter().for_each(|fragment| whole.push_str(&format!("#{fragment}")));
    whole
}

/// The name of a browser as it is counted here; empty for one that is not known.
pub fn browser(name: &str) -> &'static str {
    match name.trim().to_ascii_lowercase().as_str() {
        "chrome" | "chrome mobile" | "chrome ios" | "crios" | "chrome mobile ios" => "Chrome",
        "safari" | "mobile safari" | "ios" => "Safari",
        "ios-webview" | "safari (in-app)" | "mobile app" => "iOS WebView",
        "firefox" | "firefox mobile" | "firefox ios" | "fxios" | "firefox focus" | "mozilla" => "Firefox",
        "edge" | "microsoft edge" | "edge-chromium" | "edge-ios" | "edge mobile" => "Edge",
        "opera" | "opera mobile" | "opera touch" | "opera-mini" | "opera mini" | "opera gx" => "Opera",
        "samsung" | "samsung internet" | "samsung browser" => "Samsung Internet",
        "chromium-webview" | "android webview" | "chrome webview" => "Android WebView",
        "android" | "android browser" | "android mobile" => "Android Browser",
        "ie" | "internet explorer" | "internet explorer mobile" => "Internet Explorer",
        "brave" => "Brave",
        "duckduckgo" | "duckduckgo privacy browser" => "DuckDuckGo",
        "vivaldi" => "Vivaldi",
        "yandex" | "yandex browser" | "yandexbrowser" => "Yandex Browser",
        "facebook" | "facebook mobile" => "Facebook",
        "instagram" => "Instagram",
        "silk" | "amazon silk" => "Silk",
        "uc browser" => "UC Browser",
        "ecosia" | "ecosia android" | "ecosia ios" => "Ecosia",
        "miui" | "miui browser" => "MIUI Browser",
        _ => "",
    }
}

/// A system and its version, in words the server knows. What the name holds of a version goes before what is told.
pub fn system(name: &str, version: &str) -> (String, String) {
    let name = name.trim();
    let lower = name.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("windows") {
        let own = rest.trim().trim_start_matches("mobile").trim();
        return ("Windows".to_owned(), if own.is_empty() { version } else { own }.to_owned());
    }
    let known = match lower.as_str() {
        "android os" | "android" => "Android",
        "mac os" | "mac os x" | "macos" | "macintosh" | "os x" | "mac" => "macOS",
        "chrome os" | "chromeos" | "chromium os" => "ChromeOS",
        "ubuntu" | "debian" | "fedora" | "linux" | "gnu/linux" => "Linux",
        _ => name,
    };
    (known.to_owned(), version.trim().to_owned())
}

/// What is told of a person's surroundings, if anything is.
pub fn known(known: Known) -> Option<Box<Known>> {
    (known != Known::default()).then(|| Box::new(known))
}

/// The values of a row of CSV. A quotation mark within quotation marks is written twice.
pub fn row(record: &str) -> Vec<String> {
    let (mut values, mut value, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut signs = record.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if is_quoted && signs.peek() == Some(&'"') => {
                value.push('"');
                signs.next();
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => values.push(std::mem::take(&mut value)),
            plain => value.push(plain),
        }
    }
    values.push(value);
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_of_csv() {
        let cases = [
            ("a,b", vec!["a", "b"]),
            ("", vec![""]),
            ("\"a,\"\"b\"\"\",,c", vec!["a,\"b\"", "", "c"]),
            ("\"a\nb\",", vec!["a\nb", ""]),
        ];
        for (record, wanted) in cases {
            assert_eq!(row(record), wanted, "{record}");
        }
    }

    #[test]
    fn tags_that_are_told_apart_belong_to_the_address() {
        let tags = [("utm_source", "a b".to_owned()), ("utm_medium", String::new())];
        assert_eq!(with_tags("https://a.test/x#y", &tags), "https://a.test/x?utm_source=a%20b#y");
        assert_eq!(with_tags("/x?y=1", &tags), "/x?y=1&utm_source=a%20b");
        assert_eq!(with_tags("/x?utm_source=c", &tags), "/x?utm_source=c");
        assert_eq!(with_tags("", &tags), "");
    }

    #[test]
    fn words_of_other_products() {
        assert_eq!(["edge-chromium", "Mobile Safari", "x"].map(browser), ["Edge", "Safari", ""]);
        let told = [("Windows 10", "64"), ("Windows", "11"), ("Android OS", "14"), ("Mac OS X", "")]
            .map(|(name, version)| system(name, version));
        let wanted = [("Windows", "10"), ("Windows", "11"), ("Android", "14"), ("macOS", "")];
        assert_eq!(told, wanted.map(|(name, version)| (name.to_owned(), version.to_owned())));
        let Value::Object(object) = json!({ "a": { "b": 7 }, "c": [1], "d": true }) else { panic!("an object") };
        assert_eq!(["a.b", "a.x", "c", "d", "e"].map(|key| text(&object, key)), ["7", "", "", "true", ""]);
        assert_eq!(props(&object, |key| key == "a"), [("d".to_owned(), "true".to_owned())]);
    }

    #[test]
    fn payments_are_amounts_of_known_currencies() {
        let told =
            [("9.50", "eur"), ("-3", "JPY"), (" 1 ", " USD ")].map(|(amount, currency)| payment(amount, currency));
        let wanted = [("9.50", "EUR"), ("-3", "JPY"), ("1", "USD")]
            .map(|(amount, currency)| Some(Payment { amount: amount.to_owned(), currency: currency.to_owned() }));
        assert_eq!(told, wanted);
        let none = [
            ("", "EUR"),
            ("1", ""),
            ("1", "XYZ"),
            ("NaN", "EUR"),
            ("1e3", "EUR"),
            ("inf", "EUR"),
            ("99999999999999999", "EUR"),
            ("1,5", "EUR"),
            ("-", "EUR"),
        ];
        assert_eq!(none.map(|(amount, currency)| payment(amount, currency)), [const { None }; 9]);
    }

    proptest! {
        #[test]
        fn values_come_back_as_they_were(values in proptest::collection::vec("[a\",\n é]{0,6}", 1..5)) {
            let quoted: Vec<String> = values.iter().map(|value| format!("\"{}\"", value.replace('"', "\"\""))).collect();
            prop_assert_eq!(row(&quoted.join(",")), values);
        }
    }
}
