//! Judges the value of a property by the key it stands under: `user_id=42` is somebody, `seats=42` is not. Called by [`super`];
//! knows names of keys as programs write them, and nothing of sites.

use super::fold::folded;
use super::shape::{is_owner, longest_number};

/// What values of a key may tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Nothing that their shape does not tell.
    Plain,
    /// How many, or who: `orders`, `members`.
    Many,
    /// Which one: with a digit, it is one of many.
    One,
    /// Whom to call.
    Phone,
    /// Who, whatever they are.
    Person,
}

/// Last words of keys whose values are ids.
const IDS: [&str; 5] = ["id", "ids", "uid", "uuid", "guid"];
/// Last words of keys whose values are numbers of something.
const NUMBERS: [&str; 5] = ["no", "nr", "num", "number", "ref"];
/// Things that a site has, not its visitors: their ids are content.
const THINGS: [&str; 52] = [
    "ad",
    "adgroup",
    "album",
    "app",
    "article",
    "asset",
    "author",
    "banner",
    "brand",
    "build",
    "button",
    "campaign",
    "category",
    "channel",
    "collection",
    "content",
    "course",
    "creative",
    "element",
    "episode",
    "event",
    "experiment",
    "feature",
    "feed",
    "flag",
    "form",
    "game",
    "item",
    "lesson",
    "level",
    "list",
    "location",
    "menu",
    "module",
    "page",
    "plan",
    "playlist",
    "post",
    "product",
    "promotion",
    "release",
    "screen",
    "section",
    "slot",
    "step",
    "store",
    "template",
    "test",
    "theme",
    "track",
    "variant",
    "video",
];
/// Whose names are names of people.
const PEOPLE: [&str; 8] = ["contact", "customer", "guest", "member", "patient", "person", "student", "user"];
/// Words that make a name one of a person: `first_name`.
const NAMES: [&str; 8] = ["family", "first", "full", "given", "last", "maiden", "middle", "nick"];
/// Keys that say all of it in one word.
const PERSONAL: [&str; 13] = [
    "birthdate",
    "birthday",
    "dob",
    "firstname",
    "fullname",
    "iban",
    "lastname",
    "nickname",
    "passwd",
    "password",
    "ssn",
    "surname",
    "username",
];
/// Last words of keys whose values are telephone numbers, or models of telephones.
const PHONES: [&str; 8] = ["cell", "fax", "mobile", "msisdn", "phone", "tel", "telephone", "whatsapp"];

/// Digits side by side that make a value of [`Kind::Many`] or [`Kind::Phone`] more than a count or a model.
const LONG: usize = 5;
/// Digits of a telephone number in groups.
const PHONE: usize = 7;

/// Whether a value tells of somebody because of its key.
pub fn tells(key: &str, value: &str) -> bool {
    let kind = kind_of(key);
    if kind == Kind::Plain {
        return false;
    }
    let value = &*folded(value);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    match kind {
        Kind::Plain => false,
        Kind::Person => true,
        Kind::One => digits > 0,
        Kind::Many => longest_number(value) >= LONG,
        Kind::Phone => digits >= PHONE || longest_number(value) >= LONG,
    }
}

fn kind_of(key: &str) -> Kind {
    let (rest, last) = split_last(key);
    let (_, before) = split_last(rest);
    if is_in(&IDS, last) {
        return kind_of_id(last, before);
    }
    if is_in(&NUMBERS, last) {
        return match before {
            before if is_owner(before) => Kind::One,
            before if is_in(&PHONES, before) => Kind::Phone,
            _ => Kind::Plain,
        };
    }
    let says_who = is_in(&PERSONAL, last)
        || (is_in(&["name", "names"], last) && (is_in(&PEOPLE, before) || is_in(&NAMES, before)))
        || (is_in(&["date", "day"], last) && is_in(&["birth"], before))
        || (is_in(&["birth"], last) && is_in(&["of"], before))
        || (is_owner(last) && is_in(&IDS, before) && split_last(split_last(rest).0).1.is_empty());
    if says_who {
        return Kind::Person;
    }
    if is_in(&PHONES, last) {
        return Kind::Phone;
    }
    if is_owner(last) {
        return if is_plural(last) { Kind::Many } else { Kind::One };
    }
    kind_of_compound(last)
}

/// `user_id` is a person, `product_id` is not; of others, and of `id` alone, it is not known.
fn kind_of_id(last: &str, before: &str) -> Kind {
    if is_owner(before) || (before.is_empty() && is_in(&["uid", "guid"], last)) {
        return Kind::Person;
    }
    if is_in(&THINGS, before) { Kind::Plain } else { Kind::One }
}

/// `userid`, `customername`, `orderno`: written together.
fn kind_of_compound(word: &str) -> Kind {
    let before = |end: &str| {
        let at = word.len().checked_sub(end.len()).filter(|at| word.is_char_boundary(*at))?;
        word[at..].eq_ignore_ascii_case(end).then(|| &word[..at])
    };
    if before("id").is_some_and(is_owner) || before("name").is_some_and(|of| is_in(&PEOPLE, of)) {
        return Kind::Person;
    }
    let numbered = ["no", "nr", "number"].into_iter().any(|end| before(end).is_some_and(is_owner));
    if numbered { Kind::One } else { Kind::Plain }
}

fn is_in(words: &[&str], word: &str) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether a word for owners may stand for how many there are.
fn is_plural(word: &str) -> bool {
    word.len() > 1 && (word.ends_with(['s', 'S']) || word.eq_ignore_ascii_case("people"))
}

/// The last word of a key and what comes before it. Words end at signs, and where a capital follows a small letter.
fn split_last(key: &str) -> (&str, &str) {
    let key = key.trim_end_matches(|c: char| !c.is_alphanumeric());
    let mut start = key.len();
    let mut after = None;
    for (at, c) in key.char_indices().rev() {
        let turns = c.is_lowercase() && after.is_some_and(char::is_uppercase);
        if !c.is_alphanumeric() || turns {
            break;
        }
        (start, after) = (at, Some(c));
    }
    (&key[..start], &key[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_programs_write_them() {
        let table = [
            (Kind::Person, "user_id userId userID UserId user-id user.id userid customer_id orderId id_user uid"),
            (Kind::Person, "first_name lastName customer_name user_name username birth_date date_of_birth passwd"),
            (Kind::One, "user customer order account_no orderNumber invoice_ref id session_id deviceId ticket_id"),
            (Kind::Many, "users orders members people"),
            (Kind::Phone, "phone phone_number homePhone mobile tel"),
            (
                Kind::Plain,
                "plan seats version price took_ms product_id item_id articleId page_no user_type order_total",
            ),
            (Kind::Plain, "paid valid grid android plan_name name file_name phone_model track_number a1 _ é"),
        ];
        for (kind, keys) in table {
            for key in keys.split(' ') {
                assert_eq!(kind_of(key), kind, "{key}");
            }
        }
        assert_eq!(kind_of(""), Kind::Plain);
    }
}
