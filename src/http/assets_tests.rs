//! The embedded files as a client sees them. Needs `dashboards/dist`: `npm run build` comes first.

use super::*;

fn request(headers: &[(&'static str, &'static str)]) -> HeaderMap {
    headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

fn address(path: &str) -> Uri {
    path.parse().expect("an address")
}

fn get(path: &str, headers: &[(&'static str, &'static str)]) -> Response<Bytes> {
    serve(&address(path), &request(headers)).unwrap_or_else(|| panic!("nothing at {path}; is dashboards/dist built?"))
}

fn header<'a>(response: &'a Response<Bytes>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("our own headers are text"))
}

#[test]
fn every_path_has_its_file_and_lifetime() {
    let resolved = |path| resolve(path).map(|asset| (asset.file.into_owned(), asset.cache));
    let is = |file: &str, cache| Some((file.to_owned(), cache));
    let table = [
        ("/", is("app/index.html", REVALIDATE)),
        ("/sign-in", is("app/index.html", REVALIDATE)),
        ("/s/demo", is("app/index.html", REVALIDATE)),
        ("/s/demo/features", is("app/index.html", REVALIDATE)),
        ("/s/", None),
        ("/s", None),
        ("/hc.js", is("tracker/hc.js", ONE_DAY)),
        ("/hc.cohorts.js", is("tracker/hc.cohorts.js", ONE_DAY)),
        ("/hc.v1.js", is("tracker/hc.v1.js", FOR_EVER)),
        ("/hc.v1.cohorts.js", is("tracker/hc.v1.cohorts.js", FOR_EVER)),
        ("/assets/index-abc.js", is("app/assets/index-abc.js", FOR_EVER)),
        ("/assets/index-abc.js.br", None),
        ("/favicon.ico", is("app/favicon.svg", ONE_DAY)),
        ("/demo/", is("demo/index.html", REVALIDATE)),
        ("/demo/pricing.html", is("demo/pricing.html", REVALIDATE)),
        ("/demo/features/listen", is("demo/features.html", REVALIDATE)),
        ("/index.html", None),
        ("/app/index.html", None),
        ("/e", None),
        ("", None),
    ];
    for (path, expected) in table {
        assert_eq!(resolved(path), expected, "{path}");
    }
}

#[test]
fn what_is_not_embedded_is_not_served() {
    for path in ["/assets/none.js", "/hc.v99.js", "/demo/../tracker/hc.js", "/demo/none.html", "/demo//"] {
        assert!(serve(&address(path), &HeaderMap::new()).is_none(), "{path}");
    }
}

#[test]
fn the_tracker_may_be_loaded_from_everywhere() {
    let response = get("/hc.js", &[]);
    let got =
        ["content-type", "cache-control", "vary", "cross-origin-resource-policy", "access-control-allow-origin", "tk"]
            .map(|name| header(&response, name));
    let expected = ["text/javascript; charset=utf-8", ONE_DAY, "accept-encoding", "cross-origin", "*", "N"];
    assert_eq!(got, expected);
    assert!(response.body().starts_with(b"("));
    assert_eq!(header(&get("/hc.v1.js", &[]), "cache-control"), FOR_EVER);
}

#[test]
fn pages_allow_nothing_inline_and_no_frame() {
    for path in ["/", "/s/demo", "/sign-in", "/demo/", "/demo/features/listen"] {
        let response = get(path, &[]);
        let got =
            ["content-type", "cache-control", "content-security-policy", "referrer-policy", "x-content-type-options"]
                .map(|name| header(&response, name));
        let policy = policy(UNFRAMED);
        let policy = policy.to_str().expect("text");
        let expected = ["text/html; charset=utf-8", REVALIDATE, policy, "same-origin", "nosniff"];
        assert_eq!(got, expected, "{path}");
        let html = std::str::from_utf8(response.body()).expect("pages are UTF-8");
        assert!(!html.contains("style=") && !html.contains("<style") && !html.contains(" onclick="), "{path}");
    }
}

#[test]
fn the_files_a_page_names_exist() {
    let page = get("/", &[]);
    let html = std::str::from_utf8(page.body()).expect("pages are UTF-8").to_owned();
    let named: Vec<&str> = html.split('"').filter(|text| text.starts_with("/assets/")).collect();
    assert!(named.len() >= 2, "{named:?}");
    for path in named {
        assert_eq!(header(&get(path, &[]), "cache-control"), FOR_EVER, "{path}");
    }
}

#[test]
fn the_encoding_is_what_the_client_takes() {
    let encoding =
        |accept: &'static str| header(&get("/hc.js", &[("accept-encoding", accept)]), "content-encoding").to_owned();
    let table = [
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("GZIP", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity", ""),
        ("br;q=nonsense", ""),
        ("", ""),
    ];
    for (accept, expected) in table {
        assert_eq!(encoding(accept), expected, "{accept}");
    }
}

#[test]
fn packed_files_hold_the_plain_ones() {
    let plain = get("/hc.js", &[]);
    let packed = get("/hc.js", &[("accept-encoding", "gzip")]);
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&packed.body()[..]), &mut unpacked)
        .expect("valid gzip");
    assert_eq!(unpacked, plain.body().as_ref());
    assert!(packed.body().len() <= 1_500, "the tracker's budget: {} bytes", packed.body().len());
    assert_ne!(header(&plain, "etag"), header(&packed, "etag"));
}

#[test]
fn a_known_file_is_not_sent_again() {
    let tag: &'static str = header(&get("/", &[]), "etag").to_owned().leak();
    let weak: &'static str = format!("\"other\", W/{tag}").leak();
    for known in [tag, weak, "*"] {
        let response = get("/", &[("if-none-match", known)]);
        assert_eq!((response.status(), response.body().len()), (StatusCode::NOT_MODIFIED, 0), "{known}");
        assert_eq!((header(&response, "etag"), header(&response, "cache-control")), (tag, REVALIDATE));
    }
    assert_eq!(get("/", &[("if-none-match", "\"other\"")]).status(), StatusCode::OK);
}

#[test]
fn the_demo_has_one_address() {
    let response = get("/demo", &[]);
    assert_eq!((response.status(), header(&response, "location")), (StatusCode::PERMANENT_REDIRECT, "/demo/"));
}

#[test]
fn only_a_shared_dashboard_may_be_framed_and_it_tells_its_address_to_nobody() {
    let told = |path: &str| {
        let response = get(path, &[]);
        let policy = header(&response, "content-security-policy").to_owned();
        let ancestors = policy.rsplit("frame-ancestors ").next().unwrap_or_default().to_owned();
        (ancestors, header(&response, "referrer-policy").to_owned())
    };
    let (shared, plain) = (("*".into(), "no-referrer".into()), ("'none'".into(), "same-origin".into()));
    assert_eq!(["/s/demo?share=x", "/s/demo?theme=dark&share=hc_s_x"].map(told), [shared.clone(), shared]);
    for path in ["/s/demo", "/s/demo?share=", "/s/demo?ashare=x", "/?share=x", "/sign-in?share=x", "/demo/?share=x"] {
        assert_eq!(told(path), plain, "{path}");
    }
}
