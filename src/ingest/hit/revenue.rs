//! A payment as decoded: an amount in the smallest unit of a known currency. Called by serde through [`super::Hit`]; knows
//! nothing of events.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use crate::model::{Currency, MAX_MINOR};

/// Main units that are read at the most; none has more in the smallest unit.
const MAX_UNITS: i128 = MAX_MINOR as i128;
/// Bytes of an amount written as a text at the most.
const MAX_TEXT: usize = 40;

/// A payment, or a refund when it is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written<'_>")]
pub struct Revenue {
    /// In the currency's smallest unit.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// A payment as it is written.
#[derive(Deserialize)]
struct Written<'a> {
    amount: Decimal,
    #[serde(borrow)]
    currency: Cow<'a, str>,
}

/// Not an amount of a known currency.
#[derive(Debug, thiserror::Error)]
#[error("not an amount of a known currency")]
struct NoRevenue;

impl TryFrom<Written<'_>> for Revenue {
    type Error = NoRevenue;

    fn try_from(written: Written<'_>) -> Result<Self, NoRevenue> {
        let currency = Currency::of(written.currency.trim()).ok_or(NoRevenue)?;
        let minor = written.amount.minor(currency.exponent()).ok_or(NoRevenue)?;
        if !(-MAX_MINOR..=MAX_MINOR).contains(&minor) {
            return Err(NoRevenue);
        }
        Ok(Self { minor, currency })
    }
}

/// A decimal number: `digits` without the point, of which `scale` stand behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Decimal {
    digits: i128,
    scale: u32,
}

impl Decimal {
    /// A number as people write it: `-1234.5`.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|c| c.is_ascii_digit());
        if !all_digits || whole.len() + fraction.len() == 0 || unsigned.len() > MAX_TEXT {
            return None;
        }
        // Further digits change no amount: 38 fit, and no unit has more than four.
        let fraction = &fraction[..fraction.len().min(20)];
        let whole = if whole.is_empty() { "0" } else { whole };
        let units: i128 = whole.parse().ok().filter(|units| *units <= MAX_UNITS)?;
        let scale = u32::try_from(fraction.len()).ok()?;
        let part: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        let digits = units * 10_i128.pow(scale) + part;
        Some(Self { digits: if negative { -digits } else { digits }, scale })
    }

    /// In units of which ten to the `exponent` make one, rounded to the nearest.
    fn minor(self, exponent: u8) -> Option<i64> {
        let raised = self.digits * 10_i128.pow(u32::from(exponent));
        let divisor = 10_i128.pow(self.scale);
        let half = divisor / 2 * raised.signum();
        i64::try_from((raised + half) / divisor).ok()
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DecimalVisitor;
        impl Visitor<'_> for DecimalVisitor {
            type Value = Decimal;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a decimal text")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
                Decimal::parse(text).ok_or_else(|| E::custom("not an amount"))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Decimal, E> {
                self.visit_str(&number.to_string())
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Decimal, E> {
                self.visit_str(&number.to_string())
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Decimal, E> {
                // The shortest text that reads back as this number is what was sent: 19.99, not 19.98999….
                if number.abs() > MAX_UNITS as f64 {
                    return Err(E::custom("not an amount"));
                }
                let text = number.to_string();
                self.visit_str(&text[..text.len().min(MAX_TEXT)])
            }
        }
        deserializer.deserialize_any(DecimalVisitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn revenue(json: &str) -> Option<(i64, &'static str)> {
        serde_json::from_str::<Revenue>(json).ok().map(|revenue| (revenue.minor, revenue.currency.code()))
    }

    fn amounts<const N: usize>(currency: &str, amounts: [&str; N]) -> [Option<i64>; N] {
        amounts.map(|amount| {
            revenue(&format!("{{\"currency\":\"{currency}\",\"amount\":{amount}}}")).map(|(minor, _)| minor)
        })
    }

    #[test]
    fn amounts_become_the_smallest_unit_of_their_currency() {
        assert_eq!(
            amounts("EUR", ["19.99", "\"19.99\"", "-5", "\" +0.005 \"", "1e3", "0", "\".5\"", "\"7.\"", "0.1"]),
            [1_999, 1_999, -500, 1, 100_000, 0, 50, 700, 10].map(Some)
        );
        assert_eq!(amounts("jpy", ["1200", "0.5", "-0.5"]), [1_200, 1, -1].map(Some));
        assert_eq!(amounts("kwd", ["1.2345", "\"1.23449999999999999999999999999\""]), [1_235, 1_234].map(Some));
        assert_eq!(revenue(r#"{"amount":1,"currency":"usd","x":[]}"#), Some((100, "USD")));
        assert_eq!(
            amounts("USD", ["1e10", "-10000000000", "10000000000.01", "1e-300"]),
            [Some(MAX_MINOR), Some(-MAX_MINOR), None, Some(0)]
        );
        assert_eq!(amounts("JPY", ["1e12", "1000000000001", "-1000000000001"]), [Some(MAX_MINOR), None, None]);
    }

    #[test]
    fn what_is_no_amount_of_a_currency_is_refused() {
        let wrong =
            ["\"\"", "\"1,5\"", "\"1e3\"", "\"NaN\"", "\"--1\"", "true", "null", "[]", "1e13", "\"١\"", "-1e300"];
        assert_eq!(amounts("EUR", wrong), [None; 11]);
        let long = format!("\"{}\"", "0".repeat(MAX_TEXT + 1));
        assert_eq!(amounts("EUR", [&long]), [None]);
        for json in [r#"{"amount":1}"#, r#"{"currency":"EUR"}"#, "7", "{}", r#"{"amount":1,"currency":"EURO"}"#] {
            assert_eq!(revenue(json), None, "{json}");
        }
    }

    proptest! {
        #[test]
        fn cents_come_back_as_they_went(minor in -10_000_000_000_i64..10_000_000_000) {
            let text = format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100);
            prop_assert_eq!(amounts("EUR", [&text, &format!("\"{text}\"")]), [Some(minor); 2]);
        }

        #[test]
        fn any_value_is_an_amount_or_refused(amount in "\\PC{0,40}", currency in "\\PC{0,4}") {
            let text = serde_json::json!({ "amount": amount, "currency": currency }).to_string();
            let _ = revenue(&text);
            let _ = amounts("EUR", [&amount]);
        }
    }
}
