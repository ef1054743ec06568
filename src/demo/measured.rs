//! What page views and features measure besides being counted: attention, scroll depth, web vitals, payments, numbers.
//! Called by [`super::visit`].

use super::random::Random;

/// Share of page views whose browser reports attention; the others are closed too fast.
const ATTENTIVE: f64 = 0.9;
/// Share of visits of which web vitals are measured.
const MEASURED: f64 = 0.9;
/// Prices in the shop, in the currency's hundredths, and how often each is paid.
const PRICES: [i64; 8] = [900, 900, 1_450, 1_990, 1_990, 2_900, 4_900, 12_500];
/// Languages of people who pay in dollars; the others pay in euros.
const DOLLARS: [&str; 5] = ["en-US", "en-CA", "en-AU", "es-MX", "ja"];

/// What one step measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    /// Nothing but itself.
    Nothing,
    /// A payment, in hundredths of the payer's currency.
    Payment(i64),
    /// A number under a property's key.
    Number(&'static str, u32),
    /// Attention to a page.
    Attention {
        /// Seconds.
        secs: u32,
        /// Furthest scroll position; apps have none.
        percent: Option<u8>,
    },
    /// Web vitals of a page: milliseconds, the last one without a unit.
    Vitals {
        /// Largest contentful paint.
        lcp: f64,
        /// First contentful paint.
        fcp: f64,
        /// Interaction to next paint.
        inp: f64,
        /// Time to first byte.
        ttfb: f64,
        /// Cumulative layout shift.
        cls: f64,
    },
}

impl Measured {
    /// Whether a step that measures this only reports about a page view: it is no event.
    pub fn is_report(self) -> bool {
        matches!(self, Self::Attention { .. } | Self::Vitals { .. })
    }

    /// The name of such a report.
    pub fn report_name(self) -> &'static str {
        if matches!(self, Self::Vitals { .. }) { "vitals" } else { "engagement" }
    }

    /// Attention to a page that was open for so many seconds.
    pub fn attention(seconds: i64, is_app: bool, random: &mut Random) -> Option<Self> {
        let share = 0.4 + 0.6 * random.unit();
        let percent = (!is_app).then(|| 15 + random.below(86) as u8);
        let attentive = random.chance(ATTENTIVE);
        attentive.then_some(Self::Attention { secs: (seconds as f64 * share) as u32, percent })
    }

    /// Web vitals of a visit's first page, if they are measured.
    pub fn vitals(random: &mut Random) -> Option<Self> {
        if !random.chance(MEASURED) {
            return None;
        }
        let ttfb = 60.0 + random.length(180.0);
        let fcp = ttfb + 250.0 + random.length(500.0);
        let lcp = fcp + random.length(900.0);
        let (inp, cls) = (16.0 + random.length(110.0), (random.length(0.05) * 1_000.0).round() / 1_000.0);
        Some(Self::Vitals { lcp: lcp.round(), fcp: fcp.round(), inp: inp.round(), ttfb: ttfb.round(), cls })
    }

    /// A payment for some things of the shop.
    pub fn payment(random: &mut Random) -> Self {
        let things = 1 + random.below(3);
        Self::Payment((0..things).map(|_| PRICES[random.below(PRICES.len() as u64) as usize]).sum())
    }

    /// Milliseconds that something took.
    pub fn took(random: &mut Random) -> Self {
        Self::Number("took_ms", 20 + random.length(240.0) as u32)
    }
}

/// The currency somebody with this `Accept-Language` pays in.
pub fn currency(language: &str) -> &'static str {
    if DOLLARS.iter().any(|known| language.starts_with(known)) { "USD" } else { "EUR" }
}
