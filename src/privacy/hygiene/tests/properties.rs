//! What holds for every text.

use proptest::prelude::*;

use super::super::*;

type Cleaner = fn(&str) -> Option<Cow<'_, str>>;

/// Addresses, ids and numbers as clients could plant them.
fn planted() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9._]{0,10}[a-z0-9]@[a-z]{1,10}\\.[a-z]{2,6}",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        any::<std::net::Ipv4Addr>().prop_map(|address| address.to_string()),
        "20[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}::[0-9a-f]{1,4}",
        "[0-9]{9,20}",
        "[0-9a-f]{2}(-[0-9a-f]{2}){4}-[0-9][0-9a-f]",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_path_is_cleaned_once_and_for_all(path in "(/?[ -~é\u{0}\u{202e}%]{0,30}){0,8}") {
        let clean = clean_path(&path).into_owned();
        prop_assert!(clean.starts_with('/') && clean.len() <= PATH_MAX);
        prop_assert!(!clean.contains(['?', '#', ';']) && !clean.contains("//") && !clean.chars().any(char::is_control));
        prop_assert_eq!(clean_path(&clean), clean.as_str());
    }

    #[test]
    fn what_is_passed_at_a_glance_tells_nothing(text in "([a-z]{1,12}|[0-9]{1,2}|[a-z]{1,6}[0-9]|user|id| ){0,6}") {
        let passed = glance::is_plain(&text) || glance(&text) == Glance::Clean;
        prop_assert!(!passed || !shape::telling(&text), "{}", text);
    }

    #[test]
    fn any_text_is_cleaned_once_and_for_all(text in any::<String>()) {
        for (clean, max) in [(clean_name as Cleaner, NAME_MAX), (clean_key, KEY_MAX), (clean_value, VALUE_MAX), (clean_host, HOST_MAX), (clean_screen, PATH_MAX)] {
            let Some(first) = clean(&text) else { continue };
            prop_assert!(!first.is_empty() && first.len() <= max);
            let second = clean(&first);
            prop_assert_eq!(second.as_deref(), Some(&*first));
        }
        let path = clean_path(&text);
        let again = clean_path(&path);
        prop_assert_eq!(&again, &path);
    }

    #[test]
    fn any_address_is_cleaned_once_and_for_all(
        text in "[a-z]{0,6}(://|%3A//|:/)[a-zé0-9.@-]{0,20}(/?[ -~é．１٣\u{200b}%]{0,20}){0,6}(%|%25)?(3F|3b|23)?[a-z]{0,5}"
    ) {
        for clean in [clean_name as Cleaner, clean_key, clean_value, clean_screen] {
            let Some(first) = clean(&text) else { continue };
            prop_assert!(!first.contains("://"), "{}", first);
            let second = clean(&first);
            prop_assert_eq!(second.as_deref(), Some(&*first));
        }
    }

    #[test]
    fn encoded_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let path: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
        let clean = clean_path(&path).into_owned();
        prop_assert_eq!(clean_path(&clean), clean.as_str());
        clean_value(&path);
    }

    #[test]
    fn nothing_planted_comes_through(secret in planted(), before in "(/[a-z]{1,8}){0,3}", after in "(/[a-z]{1,8}){0,3}") {
        let encoded: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for spelled in [&secret, &encoded, &secret.replace('@', "%40"), &secret.replace('@', "%2540")] {
            let clean = clean_path(&format!("{before}/{spelled}{after}")).into_owned();
            prop_assert!(clean.split('/').all(|segment| !segment.contains(secret.as_str())), "{}", clean);
            prop_assert_eq!(clean.matches(':').count(), 1, "{}", clean);
            let value = clean_value(spelled);
            prop_assert_eq!(value.as_deref(), Some(REDACTED));
        }
        for text in [format!("it is {secret} now"), format!("({secret})"), format!("k={secret}")] {
            let value = clean_value(&text);
            prop_assert_eq!(value.as_deref(), Some(REDACTED), "{}", text);
            let name = clean_name(&text);
            prop_assert_eq!(name.as_deref(), Some(REDACTED), "{}", text);
        }
    }

    #[test]
    fn any_property_is_cleaned_once_and_for_all(key in "\\PC{0,40}|[a-zA-Z_ =]{0,40}", value in any::<String>()) {
        let Some((key, value)) = clean_property(&key, &value) else { return Ok(()) };
        prop_assert!(key.len() <= KEY_MAX && value.len() <= VALUE_MAX && !key.contains('='));
        prop_assert_eq!(clean_property(&key, &value), Some((key.clone(), value.clone())));
    }

    /// Numbers of owners never stay, however the key and the number are written.
    #[test]
    fn numbers_of_owners_are_hidden(
        owner in "user|customer|member|account|client|patient|order|invoice|booking",
        written in 0..5_usize,
        number in "(cus-|#|)[0-9]{1,8}",
    ) {
        let capital = format!("{}{}", owner[..1].to_uppercase(), &owner[1..]);
        let key = [
            owner.clone(),
            format!("{owner}_id"),
            format!("the{capital}Id"),
            format!("{owner}Number"),
            format!("app.{}-ID", owner.to_uppercase()),
        ];
        let clean = clean_property(&key[written], &number);
        prop_assert_eq!(clean.as_ref().map(|(_, value)| &**value), Some(REDACTED), "{} {}", key[written], number);
    }

    /// What people count by stays: words, sizes, prices and durations under keys that name nobody.
    #[test]
    fn ordinary_properties_stay(
        key in "(plan|seats|version|price|took_ms|tier|step|level|size|score|quantity|rows|retries)(_total|_count|_ms|)",
        value in "[a-z]{1,10}|[0-9]{1,5}|[0-9]{1,2}\\.[0-9]{1,2}(\\.[0-9]{1,2}|)|[0-9]{1,3}-[0-9]{1,3}",
    ) {
        let clean = clean_property(&key, &value);
        // `01.02.90` is a date of birth.
        prop_assume!(!date::is_birthday(&value));
        prop_assert_eq!(clean, Some((Cow::Borrowed(&*key), Cow::Borrowed(&*value))));
    }
}
