//! Shows what a decoder made of a request, as text: tests compare whole events.

use http::HeaderMap;

use super::{Form, Named, Request, Sent, Told, decode};

/// The moment at which tests receive: 2026-11-21T12:00:00Z.
pub const NOW: i64 = 1_795_262_400;

/// Decodes a body.
pub fn body(form: Form, body: &str) -> Vec<String> {
    request(form, "", &[], body.as_bytes())
}

/// Decodes a query.
pub fn query(form: Form, query: &str) -> Vec<String> {
    request(form, query, &[], b"")
}

/// Decodes a request; one that is refused is shown by its code.
pub fn request(form: Form, query: &str, headers: &[(&'static str, &str)], body: &[u8]) -> Vec<String> {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().expect("a value")))
        .collect();
    let form = form.seen(query, body);
    let request = Request { form, path_token: "", query, headers: &headers, body, now: NOW };
    match decode(&request) {
        Ok(events) => events.iter().map(shown).collect(),
        Err(error) => vec![error.reason.code().to_owned()],
    }
}

/// Decodes any bytes under every form: nothing may panic.
pub fn any(query: &str, body: &[u8]) {
    let headers = HeaderMap::new();
    for form in Form::ALL {
        let form = form.seen(query, body);
        let _ = decode(&Request { form, path_token: "", query, headers: &headers, body, now: NOW });
    }
}

fn shown(sent: &Sent) -> String {
    let mut parts = vec![match &sent.site {
        Named::Token(token) => token.clone(),
        Named::TokenOrHost(one, other) | Named::HostOrToken(one, other) => format!("{one}|{other}"),
        Named::Key(_) => "key".to_owned(),
    }];
    if !sent.id.is_empty() {
        parts.push(format!("#{}", sent.id));
    }
    match &sent.told {
        Ok(told) => tell(told, &mut parts),
        Err(reason) => parts.push(format!("dropped {}", reason.code())),
    }
    parts.join(" ")
}

fn tell(told: &Told, parts: &mut Vec<String>) {
    let hit = &told.hit;
    parts.push(format!("\"{}\"", hit.name));
    let context = &told.context;
    let texts = [
        ("url", &hit.url),
        ("path", &hit.path),
        ("screen", &hit.screen),
        ("from", &hit.referrer),
        ("visitor", &hit.visitor),
        ("app", &context.app_version),
        ("os", &context.os),
        ("os_version", &context.os_version),
        ("device", &context.device),
        ("locale", &context.locale),
    ];
    parts.extend(texts.iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| format!("{key}={text}")));
    parts.extend(hit.w.map(|w| format!("w={w}")));
    parts.extend(hit.occurred_at.map(|at| format!("at={}", at.0 - NOW)));
    parts.extend(hit.revenue.map(|paid| format!("paid={}{}", paid.minor, paid.currency.code())));
    parts.extend(hit.engaged_secs.map(|secs| format!("engaged={secs}")));
    parts.extend(hit.scroll_pct.map(|percent| format!("scroll={percent}")));
    parts.extend(
        hit.vitals.map(|vitals| format!("vitals={:?}", [vitals.lcp, vitals.fcp, vitals.inp, vitals.ttfb, vitals.cls])),
    );
    parts.extend((!told.agent.is_empty()).then(|| format!("agent={}", told.agent)));
    parts.extend(told.opted_out.then(|| "opted-out".to_owned()));
    parts.extend(told.hides_place.then(|| "no-place".to_owned()));
    let props: Vec<String> = hit.props.0.iter().map(|(key, value)| format!("{key}={value}")).collect();
    parts.extend((!props.is_empty()).then(|| format!("{{{}}}", props.join(", "))));
}
