//! Recognises dates: whole texts that name a day, with or without the time of it. Called by [`super::shape`].

/// A value that is a whole date up to this year may be somebody's birthday; later ones are more likely a delivery.
const LAST_BIRTH_YEAR: u32 = 2015;
/// Years of two digits up to this one belong to this century.
const LAST_SHORT_YEAR: u32 = 30;

/// Whether the whole text is a day somebody may be born on.
pub fn is_birthday(text: &str) -> bool {
    year_of(text).is_some_and(|year| year <= LAST_BIRTH_YEAR)
}

/// The year, if the whole text is a date, with or without a time of day behind it.
pub fn year_of(text: &str) -> Option<u32> {
    let Some((day, time)) = text.split_once(['T', 't', ' ']) else {
        return year_of_day(text);
    };
    is_time(time).then(|| year_of_day(day))?
}

/// `10:30`, `103015Z`, `00:00:00.000+02:00`.
fn is_time(text: &str) -> bool {
    let known = |c: u8| c.is_ascii_digit() || matches!(c, b':' | b'.' | b',' | b'+' | b'-' | b' ' | b'Z' | b'z');
    text.len() >= 2 && text.bytes().take(2).all(|c| c.is_ascii_digit()) && text.bytes().all(known)
}

/// Year, month, day in either order, with one kind of sign between, or eight digits.
fn year_of_day(text: &str) -> Option<u32> {
    if !(8..=10).contains(&text.len()) || !text.is_ascii() {
        return None;
    }
    let separator = text.chars().find(|c| !c.is_ascii_digit());
    let (first, second, third) = match separator {
        None if text.len() == 8 => (&text[..4], &text[4..6], &text[6..]),
        Some(sign @ ('-' | '.' | '_' | '/')) => {
            let mut parts = text.split(sign);
            (parts.next()?, parts.next()?, parts.next().filter(|_| parts.next().is_none())?)
        }
        _ => return None,
    };
    let parsed = |part: &str| (part.len() <= 4).then(|| part.parse::<u32>().ok())?;
    let (a, b, c) = (parsed(first)?, parsed(second)?, parsed(third)?);
    // One digit a part is more often a version.
    if [first, second, third].iter().all(|part| part.len() == 2) {
        return short_year(a, b, c);
    }
    if is_year(a) && is_day(b, c) {
        return Some(a);
    }
    (is_year(c) && is_day(a, b)).then_some(c)
}

/// The year of `01.04.90`, or else of `90-04-01`.
fn short_year(a: u32, b: u32, c: u32) -> Option<u32> {
    let whole = |year: u32| if year <= LAST_SHORT_YEAR { 2000 + year } else { 1900 + year };
    if is_day(a, b) {
        return Some(whole(c));
    }
    is_day(b, c).then(|| whole(a))
}

fn is_year(number: u32) -> bool {
    (1900..=2100).contains(&number)
}

/// Whether two numbers are a day and its month, in either order.
fn is_day(a: u32, b: u32) -> bool {
    (1..=31).contains(&a) && (1..=31).contains(&b) && (a <= 12 || b <= 12)
}
