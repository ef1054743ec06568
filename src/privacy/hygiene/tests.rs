//! Tests of [`super`]: tables of texts, and properties for every function.

use proptest::prelude::*;

use super::*;

#[test]
fn pages_stay_as_they_are_and_are_not_copied() {
    let pages = [
        "/",
        "/blog/2024/05/my-long-article-title",
        "/blog/2024/05/12/a-title-with-many-words-that-goes-on-and-on-for-quite-a-while",
        "/v2",
        "/docs/v1.2.3/install",
        "/products/iphone-15-pro-max",
        "/products/12345",
        "/page/2",
        "/news/europe-12345678",
        "/season/2020-2021",
        "/wiki/HowToWriteAGoodTitle",
        "/rechtsschutzversicherungsgesellschaften",
        "/a/b-c_d.e~f/index.html",
        "/covid-19",
        "/:id/:email/:uuid",
        "/packages/serde_json",
        "/watch/dQw4w9WgXcQ",
        "/@somebody/a-post",
    ];
    for page in pages {
        let clean = clean_path(page);
        assert_eq!(clean, page);
        assert!(matches!(clean, Cow::Borrowed(_)) || page.contains('@'), "{page} was copied");
    }
}

#[test]
fn paths_lose_what_points_at_somebody() {
    let table = [
        ("/users/jane.doe@example.org/edit", "/users/:email/edit"),
        ("/u/jane%40example.org", "/u/:email"),
        ("/u/jane%2540example.org", "/u/:email"),
        ("/unsubscribe/%6A%61ne@example.org", "/unsubscribe/:email"),
        ("/mailto:jane@example.org", "/:email"),
        ("/o/550e8400-e29b-41d4-a716-446655440000", "/o/:uuid"),
        ("/o/order-550E8400-E29B-41D4-A716-446655440000-x", "/o/:uuid"),
        ("/born/1987-04-12", "/born/:date"),
        ("/born/12.04.1987", "/born/:date"),
        ("/born/19870412", "/born/:date"),
        ("/calls/+49-170-1234567", "/calls/:number"),
        ("/calls/555-1234", "/calls/555-1234"),
        ("/calls/(555)%20123-4567", "/calls/:number"),
        ("/orders/1234567", "/orders/:number"),
        ("/orders/%31%32%33%34%35%36%37", "/orders/:number"),
        ("/users/42/posts/42", "/users/:id/posts/42"),
        ("/user-42", "/:id"),
        ("/account_123456789", "/:id"),
        ("/iban/DE89370400440532013000", "/iban/:number"),
        ("/hosts/192.0.2.17", "/hosts/:ip"),
        ("/hosts/2001:db8::17/x", "/hosts/:ip/x"),
        ("/reset/d41d8cd98f00b204e9800998ecf8427e", "/reset/:token"),
        ("/reset/507f1f77bcf86cd799439011", "/reset/:token"),
        ("/invite/a8Fk-2mZ_q9Xw-7LpR3t", "/invite/:token"),
        ("/s/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "/s/:token"),
    ];
    for (path, clean) in table {
        assert_eq!(clean_path(path), clean, "{path}");
    }
}

#[test]
fn paths_have_one_spelling() {
    let table = [
        ("", "/"),
        ("blog", "/blog"),
        ("/blog/", "/blog/"),
        ("//blog///news//", "/blog/news/"),
        ("/blog?jane=1", "/blog"),
        ("/blog#part", "/blog"),
        ("/shop;jsessionid=1A2B/cart;x=y", "/shop/cart"),
        ("/shop%3bjsessionid=1A2B", "/shop"),
        ("/caf%c3%a9", "/café"),
        ("/café", "/café"),
        ("/a b%20c", "/a%20b%20c"),
        ("/a%2fb", "/a%2Fb"),
        ("/a%00b\u{1}c", "/a\u{fffd}b\u{fffd}c"),
        ("/a%ff", "/a\u{fffd}"),
        ("/50%", "/50%25"),
        ("/50%25", "/50%25"),
        ("/%%34%31", "/%2541"),
        ("/\u{202e}txt", "/\u{fffd}txt"),
    ];
    for (path, clean) in table {
        assert_eq!(clean_path(path), clean, "{path}");
    }
}

#[test]
fn paths_are_bounded() {
    let long_segment = format!("/a/{}/b", "long-words-".repeat(30));
    assert_eq!(clean_path(&long_segment), "/a/:token/b");
    let long_path = "/word".repeat(2_000);
    assert_eq!(clean_path(&long_path), "/word".repeat(PATH_MAX / 5));
    // An e-mail address cut in the middle by the limit of reading does not show.
    let hidden = format!("{}/jane.doe@example.org", "/aaaaaaaaa".repeat(409));
    assert!(!clean_path(&hidden).contains("jane"));
}

#[test]
fn values_that_point_at_somebody_are_redacted() {
    let personal = [
        "jane.doe@example.org",
        "mail jane@example.org now",
        "jane%40example.org",
        "jane\u{0}@example.org",
        "jane＠example.org",
        "+49 170 1234567",
        "call (0170) 123 45 67",
        "01.23.45.67.89",
        "192.0.2.17",
        "192.0.2.17:8080",
        "2001:db8::17",
        "[2001:db8::17]",
        "00:1b:44:11:3a:b7",
        "550e8400-e29b-41d4-a716-446655440000",
        "4111 1111 1111 1111",
        "4111111111111111",
        "123456789",
        "d41d8cd98f00b204e9800998ecf8427e",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "1987-04-12",
    ];
    for value in personal {
        assert_eq!(clean_value(value).as_deref(), Some(REDACTED), "{value}");
    }
    assert_eq!(clean_value(&"x ".repeat(600)).as_deref(), Some(REDACTED));
}

#[test]
fn ordinary_values_stay_and_are_not_copied() {
    let ordinary = [
        "pro",
        "Chrome 128.0.6613.120",
        "99.90",
        "1299.99",
        "12345",
        "2026-11-21",
        "2026-11-21 10:30:15",
        "10:30",
        "dark mode",
        "a/b test 17",
        "iPhone 15 Pro Max 256 GB",
        "spring_sale_2026",
        "std::fmt",
        "café",
        "日本語",
        "1920x1080",
        "v10.0.19045",
        "-17",
        "50%",
        "true",
        "@headcount",
    ];
    for value in ordinary {
        assert!(matches!(clean_value(value), Some(Cow::Borrowed(clean)) if clean == value), "{value}");
    }
}

#[test]
fn texts_are_trimmed_and_bounded() {
    assert_eq!(clean_value(" \t\n "), None);
    assert_eq!(clean_value("\u{200b}"), None);
    assert_eq!(clean_value(" a\u{7}b\u{202e}c ").as_deref(), Some("abc"));
    assert_eq!(clean_value(&"word ".repeat(100)).map(|v| v.len()), Some(128));
    assert_eq!(clean_name(&"é ".repeat(60)).map(|v| v.len()), Some(62));
    assert_eq!(clean_key("plan=x").as_deref(), Some("plan_x"));
    assert_eq!(clean_key(&"key ".repeat(20)).map(|v| v.len()), Some(31));
}

#[test]
fn hosts() {
    let table = [
        ("example.org", Some("example.org")),
        ("WWW.Example.ORG.", Some("www.example.org")),
        ("jane:secret@example.org:8443", Some("example.org")),
        ("localhost:8600", Some("localhost")),
        ("xn--90ahbcgekjbfgdk4b5a.xn--p1ai", Some("xn--90ahbcgekjbfgdk4b5a.xn--p1ai")),
        ("192.0.2.17:80", Some(REDACTED)),
        ("[2001:db8::1]:80", Some(REDACTED)),
        ("2001:db8::1", Some(REDACTED)),
        ("550e8400-e29b-41d4-a716-446655440000.example.org", Some(REDACTED)),
        ("0170123456789.example.org", Some(REDACTED)),
        ("", None),
        ("exa mple.org", None),
        ("exam/ple.org", None),
    ];
    for (host, clean) in table {
        assert_eq!(clean_host(host).as_deref(), clean, "{host}");
    }
    assert!(matches!(clean_host("www.example.org"), Some(Cow::Borrowed(_))));
}

type Cleaner = fn(&str) -> Option<Cow<'_, str>>;

/// Addresses, ids and numbers as clients could plant them.
fn planted() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9._]{0,10}[a-z0-9]@[a-z]{1,10}\\.[a-z]{2,6}",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        any::<std::net::Ipv4Addr>().prop_map(|address| address.to_string()),
        "20[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}::[0-9a-f]{1,4}",
        "[0-9]{9,20}",
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
    fn any_text_is_cleaned_once_and_for_all(text in any::<String>()) {
        for (clean, max) in [(clean_name as Cleaner, NAME_MAX), (clean_key, KEY_MAX), (clean_value, VALUE_MAX), (clean_host, HOST_MAX)] {
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
}
