//! Tests of [`super`]: tables of texts.

mod links;
mod properties;

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
        "/docs/1.4.90",
        "/utm_Newsletter2024Spring",
        "/shop/apple_iPhone15ProMax",
        "/a-b-c-d-e-f-2024",
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
        ("/customers/C1024", "/customers/:id"),
        ("/patients/12345678Z/file-1024", "/patients/:id/file-1024"),
        ("/order/step-2", "/order/step-2"),
        ("/user-42", "/:id"),
        ("/account_123456789", "/:id"),
        ("/iban/DE89370400440532013000", "/iban/:number"),
        ("/hosts/192.0.2.17", "/hosts/:ip"),
        ("/hosts/2001:db8::17/x", "/hosts/:ip/x"),
        ("/reset/d41d8cd98f00b204e9800998ecf8427e", "/reset/:token"),
        ("/reset/507f1f77bcf86cd799439011", "/reset/:token"),
        ("/invite/a8Fk-2mZ_q9Xw-7LpR3t", "/invite/:token"),
        ("/pay/cus_NffrFeUfNV2Hib", "/pay/:token"),
        ("/hosts/00-1b-44-11-3a-b7", "/hosts/:ip"),
        ("/hosts/00%3A1B%3A44%3A11%3A3A%3AB7", "/hosts/:ip"),
        ("/born/1990-04-01T00:00:00.000Z", "/born/:date"),
        ("/born/1990-04-01T00%3A00%3A00.000Z", "/born/:date"),
        ("/on/2026-11-21T10:30:15+01:00", "/on/:date"),
        ("/born/01.04.90", "/born/:date"),
        ("/born/01-04-90", "/born/:date"),
        ("/born/01%2F04%2F90", "/born/:date"),
        ("/orders/１２３４５６７", "/orders/:number"),
        ("/orders/٠١٢٣٤٥٦", "/orders/:number"),
        ("/users/४२", "/users/:id"),
        ("/u/jane＠example。org", "/u/:email"),
        ("/u/jane%EF%BC%A0example%EF%BC%8Eorg", "/u/:email"),
        ("/u/jane%00@example.org", "/u/:email"),
        ("/hosts/１９２．０．２．１７", "/hosts/:ip"),
        ("/x/user_id=12345678", "/x/:number"),
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
        ("/blog%3Fname=jane", "/blog"),
        ("/blog%3fname=jane/doe", "/blog"),
        ("/blog/%3Fname=jane", "/blog/"),
        ("/blog%253Fname=jane", "/blog"),
        ("/blog%25253fname=jane", "/blog"),
        ("/blog%23name", "/blog"),
        ("/blog%2523name/doe", "/blog"),
        ("/blog%3%46name=jane/doe", "/blog"),
        ("/%3%46name=jane/doe", "/"),
        ("/shop%253Bjsessionid=1A2B/cart", "/shop/cart"),
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
        "1990-04-01T00:00:00.000Z",
        "1990-04-01 00:00:00",
        "01.04.90",
        "01/04/90",
        "90-04-01",
        "00-1b-44-11-3a-b7",
        "card 00:1B:44:11:3A:B7!",
        "cus_NffrFeUfNV2Hib",
        "user_id=12345678",
        "user_id%3D12345678",
        "jane%25252540example.org",
        "jane%2525252540example.org",
        "jane＠example．org",
        "jane@example。org",
        "jane%00@example.org",
        "１２３４５６７８９",
        "٠١٢٣٤٥٦٧٨٩",
        "+४९ १७० १२३४५६७",
        "１９２．０．２．１７",
        "１９９０-０４-０１",
        "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
        "mozilla/5.0",
        "Shop/1.2 (iPhone; iOS 17.4; Scale/3.00)",
        "okhttp/4.9.3 Shop/2.0.1",
        "see https://example.org/",
        "https%3A%2F%2Fexample.org%2Fjane",
        "https://192.0.2.17/x",
        "https://cpe-92-40-1-7.example.net/x",
        "file:///home/jane",
        "user_8841937",
        "order_77",
        "User-42",
        "ID:42",
        "user%5F8841937",
        "user_８８４１９３７",
        "opened by user 8841937",
        "view_order_884193",
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
        "2.4.0",
        "v2.4.1",
        "1.4.90",
        "19.99",
        "2026-11-21T10:30:15.000Z",
        "21.11.26",
        "iphone-15-pro-max",
        "iPhone_15ProMax",
        "spring_newsletter2024",
        "Chrome/128.0",
        "Q1/2024 (EU)",
        "key=1234567",
        "100%25",
        "a-b-c-d-e-f 17",
        "orders_2026",
        "order by price",
        "step 2 of 3",
        "level_12",
        "account tier 2",
    ];
    for value in ordinary {
        assert!(matches!(clean_value(value), Some(Cow::Borrowed(clean)) if clean == value), "{value}");
    }
}

#[test]
fn values_are_judged_with_their_key() {
    let clean = |text: &str| {
        let (key, value) = text.split_once('=').expect("a property");
        clean_property(key, value).map(|(key, value)| format!("{key}={value}"))
    };
    let personal = "user_id=8841937 userId=jane customer=cust-884193 order=order_77 order=77 phone=5551234 tel=555-1234 \
        customerID=C1024 session_id=a1b2 transaction_id=T-1000 account_no=113 orders=10492 user=42 user=４２ username=jane \
        first_name=Jane customer_name=Doe birthday=1.4. patient=p7 members=user_884193 x_very_long_prefix_of_this_customer_id=7";
    for text in personal.split_whitespace() {
        let key = text.split_once('=').map(|(key, _)| head(key, KEY_MAX)).expect("a property");
        assert_eq!(clean(text), Some(format!("{key}={REDACTED}")), "{text}");
    }
    let ordinary = "plan=pro seats=5 order=asc version=4.2.0 price=1299 took_ms=184 users=51-200 orders=12 people=4 client=web \
        phone=Pixel_8 mobile=true phone_model=SM-G991B product_id=12345 item_id=SKU-77 page_no=3 account=trial user=guest \
        order_total=99.90 user_type=2 level=12 score=12345 id=signup-button name=Annual quantity=12 format=h264 grid=3 \
        plan_id=3 customer_tier=2 invoice_format=pdf_2 orders_count=104923 zoom=150% paid=1 retries=3 size=42";
    for text in ordinary.split_whitespace() {
        assert_eq!(clean(text).as_deref(), Some(text), "{text}");
    }
}

#[test]
fn nobody_else_writes_our_labels() {
    for label in [" (other)", "(more)", "(mo\u{200b}re)"] {
        let clean = [clean_name(label), clean_value(label), clean_key(label), clean_screen(label)];
        assert_eq!(
            clean.map(|clean| clean.map(Cow::into_owned)),
            [(); 4].map(|()| Some(REDACTED.to_owned())),
            "{label}"
        );
    }
    assert_eq!(clean_value("(none)").as_deref(), Some("(none)"));
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
        ("cpe-92-40-1-7.example.net", Some(REDACTED)),
        ("ip-10-1-2-3.ec2.internal", Some(REDACTED)),
        ("host86-135-1-2.example.net", Some(REDACTED)),
        ("92_40_1_7.example.net", Some(REDACTED)),
        ("00-1b-44-11-3a-b7.example.net", Some(REDACTED)),
        ("release-1-2-3.example.org", Some("release-1-2-3.example.org")),
        ("a-300-1-2-3.example.org", Some("a-300-1-2-3.example.org")),
        ("", None),
        ("exa mple.org", None),
        ("exam/ple.org", None),
    ];
    for (host, clean) in table {
        assert_eq!(clean_host(host).as_deref(), clean, "{host}");
    }
    assert!(matches!(clean_host("www.example.org"), Some(Cow::Borrowed(_))));
}
