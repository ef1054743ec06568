//! What owners do: keys, sites that come and go, and the list of changes.

use super::*;

#[tokio::test]
async fn owners_who_are_signed_in_make_and_revoke_keys() {
    let server = fixture();
    let (boss, anna) = (server.sign_in("boss").await, server.sign_in("anna").await);
    let path = "/api/v1/sites/mine.example/keys";
    let made = server.put("POST", path, &boss, json!({ "scope": "read", "label": "report" })).await;
    let key = made.body["key"].as_str().expect("a key").to_owned();
    let id = made.body["id"].as_str().expect("an id").to_owned();
    let mut expected = json!({ "id": id, "scope": "read", "label": "report", "created_at": "2026-11-18T11:06:40Z",
        "expires_at": null, "revoked_at": null });
    let listed = json!({ "keys": [expected] });
    expected["key"] = json!(key);
    assert_eq!((made.status, &made.body), (201, &expected));
    assert_eq!(server.see(path, &boss).await.body, listed);
    let asked = || server.ask(with(query("mine.example"), header::AUTHORIZATION, &format!("Bearer {key}")));
    assert_eq!(asked().await.status, 200);
    // Not even a key that may change the site: it would outlive its own end.
    let admin = server.key("mine.example", Scope::Admin);
    let one = format!("{path}/{id}");
    let delete = |path: &str| Request::delete(path).body(Body::empty()).expect("a request");
    let refused = [
        server.ask(with(get(path), header::AUTHORIZATION, &admin)).await,
        server.ask(with(post(path, "{\"scope\":\"read\"}"), header::AUTHORIZATION, &admin)).await,
        server.ask(with(delete(&one), header::AUTHORIZATION, &admin)).await,
        server.see(path, &anna).await,
        server.put("POST", path, &anna, json!({ "scope": "read" })).await,
        server.put("DELETE", &format!("/api/v1/sites/other/keys/{id}"), &boss, json!({})).await,
        server.put("POST", path, &boss, json!({ "scope": "all" })).await,
        server.put("POST", path, &boss, json!({ "scope": "read", "label": "x".repeat(101) })).await,
        server.ask(with(delete(&one), header::COOKIE, &boss)).await,
    ];
    let expected = [
        (403, "wrong_scope"),
        (403, "wrong_scope"),
        (403, "wrong_scope"),
        (403, "wrong_role"),
        (403, "wrong_role"),
        (404, "unknown_key"),
        (400, "bad_json"),
        (422, "bad_label"),
        (403, "cross_site"),
    ];
    assert_eq!(refused.each_ref().map(Said::code), expected);
    assert_eq!(server.put("DELETE", &one, &boss, json!({})).await.status, 204);
    assert_eq!(server.put("DELETE", &one, &boss, json!({})).await.code(), (409, "key_revoked"));
    assert_eq!(asked().await.code(), (401, "bad_key"));
}

#[tokio::test]
async fn owners_of_all_sites_add_one_and_its_owner_removes_it() {
    let server = fixture();
    let (boss, anna) = (server.sign_in("boss").await, server.sign_in("anna").await);
    let path = "/api/v1/sites";
    let made = server.put("POST", path, &boss, json!({ "id": "shop.example", "timezone": "Europe/Berlin" })).await;
    let told = ["id", "timezone", "min_visitors", "domains"].map(|name| made.body[name].clone());
    assert_eq!(
        (made.status, told),
        (201, [json!("shop.example"), json!("Europe/Berlin"), json!(5), json!(["shop.example"])])
    );
    let admin = server.key("other", Scope::Admin);
    let refused = [
        server.put("POST", path, &boss, json!({ "id": "shop.example" })).await,
        server.put("POST", path, &boss, json!({ "id": "a b" })).await,
        server.put("POST", path, &boss, json!({ "id": "x", "timezone": "Mars/Olympus" })).await,
        server.put("POST", path, &boss, json!({ "id": "x", "colour": 1 })).await,
        server.put("POST", path, &anna, json!({ "id": "x" })).await,
        server.ask(with(post(path, "{\"id\":\"x\"}"), header::AUTHORIZATION, &admin)).await,
        server.ask(post(path, "{\"id\":\"x\"}")).await,
    ];
    let expected = [
        (409, "site_exists"),
        (422, "bad_site_id"),
        (422, "bad_timezone"),
        (400, "bad_json"),
        (403, "wrong_role"),
        (403, "wrong_scope"),
        (401, "not_signed_in"),
    ];
    assert_eq!(refused.each_ref().map(Said::code), expected);
    assert!(refused.iter().all(|said| !said.body.to_string().contains("shop.example")));
    let (mine, meant) = ("/api/v1/sites/other", json!({ "confirm": "other" }));
    let delete = Request::delete(mine).body(Body::from(meant.to_string())).expect("a request");
    let refused = [
        server.put("DELETE", mine, &boss, json!({ "confirm": "shop.example" })).await,
        server.put("DELETE", mine, &boss, json!({})).await,
        server.put("DELETE", mine, &anna, meant.clone()).await,
        server.ask(with(delete, header::AUTHORIZATION, &admin)).await,
    ];
    let expected = [(422, "not_confirmed"), (400, "bad_json"), (404, "unknown_site"), (403, "wrong_scope")];
    assert_eq!(refused.each_ref().map(Said::code), expected);
    assert_eq!(server.put("DELETE", mine, &boss, meant.clone()).await.status, 202);
    assert_eq!(server.put("DELETE", mine, &boss, meant).await.code(), (404, "unknown_site"));
    let again = server.put("POST", path, &boss, json!({ "id": "other" })).await;
    assert_eq!(again.code(), (409, "site_being_erased"));
    assert_eq!(server.registry.snapshot().book().erasures[0].site, "other");
}

#[tokio::test]
async fn changes_are_listed_newest_first_to_owners() {
    let server = fixture();
    let (boss, anna) = (server.sign_in("boss").await, server.sign_in("anna").await);
    server.put("POST", "/api/v1/goals?site=mine.example", &boss, json!({ "name": "Cart", "page": "/cart" })).await;
    server.put("POST", "/api/v1/sites/mine.example/keys", &boss, json!({ "scope": "read" })).await;
    server.put("POST", "/api/v1/sites/other/shares", &boss, json!({ "name": "Press" })).await;
    let mine = server.see("/api/v1/audit?site=mine.example", &boss).await;
    let changes = mine.body["changes"].as_array().expect("changes");
    let told: Vec<_> = changes.iter().map(|change| (change["who"].as_str(), change["what"].as_str())).collect();
    let expected = [("boss", "key_created"), ("boss", "goal_added"), ("cli", "site_added")];
    assert_eq!(told, expected.map(|(who, what)| (Some(who), Some(what))));
    let goal = json!({ "at": "2026-11-18T11:06:40Z", "who": "boss", "what": "goal_added", "about": "mine.example",
        "site": "mine.example", "detail": "Cart: page /cart" });
    assert_eq!((mine.status, &changes[1]), (200, &goal));
    let all = server.see("/api/v1/audit?limit=1", &boss).await.body;
    assert_eq!((&all["changes"][0]["what"], all["changes"][1].is_null()), (&json!("share_added"), true));
    let admin = server.key("mine.example", Scope::Admin);
    let refused = [
        server.see("/api/v1/audit", &anna).await,
        server.see("/api/v1/audit?site=mine.example", &anna).await,
        server.see("/api/v1/audit?site=other", &anna).await,
        server.ask(with(get("/api/v1/audit?site=mine.example"), header::AUTHORIZATION, &admin)).await,
        server.see("/api/v1/audit?limit=501", &boss).await,
        server.ask(get("/api/v1/audit")).await,
    ];
    let expected = [
        (403, "wrong_role"),
        (403, "wrong_role"),
        (404, "unknown_site"),
        (403, "wrong_scope"),
        (400, "bad_parameter"),
        (401, "not_signed_in"),
    ];
    assert_eq!(refused.each_ref().map(Said::code), expected);
}
