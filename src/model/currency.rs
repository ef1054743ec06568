//! Currencies of ISO 4217 and their smallest units. Called by `ingest`, which reads amounts, and by `stats`, which shows
//! them. Knows no rates: amounts of different currencies are never added up.

/// Every currency, by code. Withdrawn ones that clients still send are among them; metals and funds of banks are not.
const CODES: [&str; 161] = [
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLF", "CLP", "CNY", "COP",
    "CRC", "CUC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP",
    "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR", "ILS", "INR", "IQD",
    "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP",
    "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN",
    "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG",
    "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SLL", "SOS", "SRD",
    "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX",
    "USD", "UYU", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW",
    "ZWG",
];

/// Smallest units that one payment may have at the most, either way: millions of such payments add up to a number that
/// still can be written.
pub const MAX_MINOR: i64 = 1_000_000_000_000;

/// A currency of ISO 4217.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(&'static str);

impl Currency {
    /// The currency with this code, in capitals or not; `None` when there is none.
    pub fn of(code: &str) -> Option<Self> {
        let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        let upper = letters.map(|letter| letter.to_ascii_uppercase());
        let position = CODES.binary_search_by(|known| known.as_bytes().cmp(&upper)).ok()?;
        Some(Self(CODES[position]))
    }

    /// Its code, in capitals.
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// Decimal digits between its main and its smallest unit: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u8 {
        match self.0 {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
            | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" => 4,
            _ => 2,
        }
    }
}

/// Decimal digits between the main and the smallest unit of the currency with this code; 2 when it is not known.
pub fn currency_exponent(code: &str) -> u8 {
    Currency::of(code).map_or(2, Currency::exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_so_that_each_is_found() {
        assert!(CODES.is_sorted_by(|a, b| a < b));
        let found = CODES.map(|code| Currency::of(&code.to_ascii_lowercase()).map(Currency::code));
        assert_eq!(found, CODES.map(Some));
    }

    #[test]
    fn units_have_their_digits_and_other_texts_are_none() {
        assert_eq!(["EUR", "jpy", "KWD", "CLF", "???"].map(currency_exponent), [2, 0, 3, 4, 2]);
        assert_eq!(["", "EU", "EURO", "XXX", "E€"].map(Currency::of), [None; 5]);
    }
}
