use super::*;
use crate::ingest::reason::{Dropped, Rejected, Shed};

fn told(answer: Answer) -> String {
    use http_body_util::BodyExt as _;
    let (head, body) = answer.into_parts();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let body = runtime.block_on(body.collect()).expect("whole").to_bytes();
    let body = if body.starts_with(b"GIF") { "(image)".into() } else { String::from_utf8_lossy(&body).into_owned() };
    let mut headers: Vec<String> =
        head.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().expect("text"))).collect();
    headers.retain(|header| !header.starts_with("content-type"));
    headers.insert(0, head.status.as_u16().to_string());
    format!("{} {body}", headers.join(", ")).trim().to_owned()
}

/// What every form is answered.
fn table(query: &str, body: &[u8], became: impl Fn() -> Result<Counted, ForeignError>) -> String {
    let one = |form: &Form| {
        let asked = Asked { form: *form, query, body, events: 3, from_page: false, now: 1_795_262_400 };
        format!("{form:?}: {}", told(reply(&asked, became())))
    };
    Form::ALL.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_taken_is_answered_as_each_client_expects() {
    let some = || Ok(Counted { recorded: 2, duplicates: 0, dropped: vec![(1, Dropped::BadEvent)] });
    insta::assert_snapshot!("accepted", table("", b"", some));
    insta::assert_snapshot!("accepted_in_json", table("verbose=1&send_image=0&strict=1", b"{}", some));
}

#[test]
fn what_is_refused_is_answered_so_that_nobody_sends_it_for_ever() {
    for (name, reason) in [
        ("bad_json", Rejected::BadJson),
        ("unknown_site", Rejected::UnknownSite),
        ("too_large", Rejected::TooLarge),
        ("rate_limited", Rejected::RateLimited),
    ] {
        insta::assert_snapshot!(format!("refused_{name}"), table("", b"", || Err(ForeignError::Rejected(reason))));
    }
    insta::assert_snapshot!(
        "refused_verbosely",
        table("verbose=1", b"{}", || Err(ForeignError::Rejected(Rejected::BadJson)))
    );
    insta::assert_snapshot!("shed", table("", b"", || Err(ForeignError::Shed(Shed::SpoolFull))));
}

#[test]
fn what_is_too_large_is_final_for_telephones_and_halved_by_pages() {
    let told = |form, query, from_page| {
        let asked = Asked { form, query, body: b"", events: 0, from_page, now: 1_795_262_400 };
        let answer = reply(&asked, Err(ForeignError::Rejected(Rejected::TooLarge)));
        answer.status().as_u16()
    };
    use Form::{Mixpanel, MixpanelImport, MixpanelProfiles, Posthog};
    let telephones = [Mixpanel, MixpanelProfiles, MixpanelImport, Posthog].map(|form| told(form, "ip=1", false));
    assert_eq!(telephones, [200, 200, 413, 413]);
    let pages = [Mixpanel, MixpanelProfiles].map(|form| told(form, "verbose=1", true));
    assert_eq!(pages, [413, 413]);
}

#[test]
fn a_preflight_allows_what_is_asked_for_to_who_asks() {
    let asked: HeaderMap = [
        (header::ORIGIN, HeaderValue::from_static("https://a.test")),
        (header::ACCESS_CONTROL_REQUEST_HEADERS, HeaderValue::from_static("authorization,content-type,x-retry-count")),
    ]
    .into_iter()
    .collect();
    let mut answer = preflight(&asked);
    open_to_its_origin(&mut answer, &asked);
    insta::assert_snapshot!("preflight", told(answer).replace(", ", "\n"));
    let odd = [(header::ACCESS_CONTROL_REQUEST_HEADERS, HeaderValue::from_static("x;y"))].into_iter().collect();
    assert!(!preflight(&odd).headers().contains_key(header::ACCESS_CONTROL_ALLOW_HEADERS));
}
