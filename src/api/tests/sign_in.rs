//! Signing in and out, one-time links, and requests from elsewhere.

use super::*;

#[tokio::test]
async fn signing_in_shows_the_sites_and_signing_out_ends_it() {
    let server = fixture();
    let said = server.ask(sign_in("anna", "correct horse")).await;
    let cookie = said.cookie();
    let value = cookie.strip_prefix("headcount_session=").expect("the cookie");
    assert_eq!(
        (said.status, said.header(header::SET_COOKIE).replace(value, "X"), value.len()),
        (204, "headcount_session=X; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000".to_owned(), 43)
    );
    let mine = |request| with(request, header::COOKIE, &cookie);
    let seen = server.ask(mine(get("/api/v1/session"))).await;
    let site = json!({ "id": "mine.example", "timezone": "UTC", "domains": ["mine.example"], "role": "viewer" });
    let credits = json!([{ "text": "Data", "url": "https://data.example/" }]);
    let version = env!("CARGO_PKG_VERSION");
    let expected = json!({ "user": "anna", "owner": false, "sites": [site], "credits": credits, "version": version });
    assert_eq!((seen.status, &seen.body), (200, &expected));
    assert_eq!((seen.header(TK.0), seen.header(header::CACHE_CONTROL)), ("N", "no-store"));
    let out = Request::delete("/api/v1/session").header("sec-fetch-site", "same-origin").body(Body::empty());
    let out = server.ask(mine(out.expect("a request"))).await;
    assert_eq!((out.status, out.header(header::SET_COOKIE).contains("Max-Age=0")), (204, true));
    assert_eq!(server.ask(mine(get("/api/v1/session"))).await.code(), (204, ""));
}

#[tokio::test]
async fn that_nobody_is_signed_in_is_said_and_nothing_else() {
    let server = fixture();
    let (key, boss) = (server.key("mine.example", Scope::Admin), server.sign_in("boss").await);
    let session = || get("/api/v1/session");
    let nobody = server.ask(session()).await;
    assert_eq!((nobody.status, &nobody.body, nobody.header(header::CACHE_CONTROL)), (204, &json!(null), "no-store"));
    let forged = with(session(), header::COOKIE, "headcount_session=forged");
    let said = [server.ask(forged).await, server.ask(with(session(), header::AUTHORIZATION, &key)).await];
    assert_eq!([&said[0], &said[1]], [&nobody, &nobody]);
    // A password that was changed ends the sessions before it.
    server.registry.update("cli", |draft| draft.set_password("boss", "x".to_owned())).expect("changed");
    assert_eq!(server.ask(with(session(), header::COOKIE, &boss)).await, nobody);
}

#[tokio::test]
async fn wrong_passwords_and_unknown_users_look_alike() {
    let server = fixture();
    let (wrong, unknown) = (server.ask(sign_in("boss", "wrong")).await, server.ask(sign_in("nobody", "wrong")).await);
    assert_eq!((wrong.code(), &wrong), ((401, "bad_credentials"), &unknown));
    assert_eq!(wrong.header(header::WWW_AUTHENTICATE), "Bearer realm=\"headcount\"");
}

#[tokio::test]
async fn many_attempts_are_slowed_down_and_other_users_are_not() {
    let server = fixture();
    for _ in 0..10 {
        assert_eq!(server.ask(sign_in("boss", "wrong")).await.status, 401);
    }
    let said = server.ask(sign_in("boss", "correct horse")).await;
    assert_eq!((said.code(), said.header(header::RETRY_AFTER)), ((429, "too_many_attempts"), "10"));
    assert_eq!(server.ask(sign_in("anna", "correct horse")).await.status, 204);
}

#[tokio::test]
async fn the_cookie_is_secure_behind_https() {
    let said = fixture_at("https://stats.example").ask(sign_in("boss", "correct horse")).await;
    assert!(said.header(header::SET_COOKIE).contains("; Secure"), "{said:?}");
}

#[tokio::test]
async fn a_one_time_link_sets_a_password_once_and_signs_in() {
    let server = fixture();
    assert!(first_start(&server.registry).expect("started").is_none());
    let token = server.registry.update("cli", |draft| draft.make_link("anna")).expect("made");
    let claim = |password: &str| post("/api/v1/claim", json!({ "token": token, "password": password }).to_string());
    let look = || get(&format!("/api/v1/claim?token={token}"));
    let seen = server.ask(look()).await;
    assert_eq!((seen.status, seen.body), (200, json!({ "user": "anna" })));
    assert_eq!(server.ask(claim("short")).await.code(), (422, "weak_password"));
    let said = server.ask(claim("battery staple")).await;
    let whoami = server.ask(with(get("/api/v1/session"), header::COOKIE, &said.cookie())).await;
    assert_eq!((said.status, &whoami.body["user"]), (204, &json!("anna")));
    let again =
        [server.ask(claim("battery staple")).await, server.ask(look()).await, server.ask(get("/api/v1/claim")).await];
    assert_eq!(again.each_ref().map(Said::code), [(410, "link_used"); 3]);
    assert_eq!(server.ask(sign_in("anna", "correct horse")).await.status, 401);
    assert_eq!(server.ask(sign_in("anna", "battery staple")).await.status, 204);
}

#[tokio::test]
async fn requests_another_site_made_a_browser_send_are_refused() {
    let server = fixture();
    let cookie = server.sign_in("boss").await;
    let origin = header::ORIGIN;
    let fetch = header::HeaderName::from_static("sec-fetch-site");
    let bare = || {
        let mut request = with(query("other"), header::COOKIE, &cookie);
        request.headers_mut().remove("sec-fetch-site");
        with(request, header::HOST, "127.0.0.1:8600")
    };
    let cases = [
        (bare(), 403),
        (with(bare(), fetch.clone(), "cross-site"), 403),
        (with(bare(), fetch.clone(), "same-site"), 403),
        (with(bare(), origin.clone(), "https://evil.example"), 403),
        (with(bare(), origin.clone(), "null"), 403),
        (with(with(bare(), fetch.clone(), "same-origin"), header::CONTENT_TYPE, "text/plain"), 403),
        (with(bare(), fetch.clone(), "same-origin"), 200),
        (with(bare(), fetch, "none"), 200),
        (with(bare(), origin, "http://127.0.0.1:8600"), 200),
    ];
    for (request, status) in cases {
        let shown = format!("{request:?}");
        assert_eq!(server.ask(request).await.status, status, "{shown}");
    }
    let mut sign_in = sign_in("boss", "correct horse");
    sign_in.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("a header"));
    assert_eq!(server.ask(sign_in).await.code(), (403, "cross_site"));
}
