//! Matomo: `matomo.js`, its image, and its bulk API. The site is `idsite`.

use super::form::{Params, looks_like_json, with_campaign};
use super::{Named, Request, Sent, Told, clock, json};
use crate::ingest::decode::DecodeError;
use crate::ingest::hit::{MAX_PROPERTIES, Moment, Props};
use crate::ingest::reason::{Dropped, Rejected};

/// Campaign tags by Matomo's words, in an address or beside it.
const CAMPAIGN: [(&str, &[&str]); 5] = [
    ("utm_source", &["mtm_source", "matomo_source", "pk_source"]),
    ("utm_medium", &["mtm_medium", "matomo_medium", "pk_medium"]),
    ("utm_campaign", &["_rcn", "mtm_campaign", "matomo_campaign", "pk_campaign", "piwik_campaign", "pk_cpn"]),
    ("utm_term", &["_rck", "mtm_keyword", "mtm_kwd", "matomo_kwd", "pk_keyword", "pk_kwd", "piwik_kwd"]),
    ("utm_content", &["mtm_content", "matomo_content", "pk_content"]),
];

/// Decodes `/matomo.php`: a query, a form, or many queries in JSON.
///
/// # Errors
/// Not UTF-8; JSON without a list of requests.
pub fn decode(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let body = json::utf8(request.body)?;
    if !looks_like_json(request.body) {
        let params = Params::of(request.query).before(Params::of(body));
        return Ok(vec![action(&params, request.now)]);
    }
    let missing = || DecodeError::new(Rejected::MissingField, "`requests` is missing: it is the list of queries");
    let requests = json::list(json::envelope(body)?.requests.ok_or_else(missing)?.get())?;
    let query = |raw: &serde_json::value::RawValue| serde_json::from_str::<String>(raw.get()).ok();
    let one = |raw| match query(raw) {
        Some(query) => {
            action(&Params::of(query.split_once('?').map_or(query.as_str(), |(_, query)| query)), request.now)
        }
        None => Sent::dropped(Named::Token(String::new()), Dropped::BadEvent),
    };
    Ok(requests.into_iter().map(one).collect())
}

fn action(params: &Params<'_>, now: i64) -> Sent {
    let site = Named::Token(params.get("idsite").to_owned());
    if params.get("idsite").is_empty() || params.get("rec") == "0" {
        return Sent::dropped(site, Dropped::BadEvent);
    }
    let has = |key: &str| !params.get(key).is_empty();
    let name = match () {
        // Still there: a report of nothing, which lets the visit go on.
        () if params.get("ping") == "1" => "engagement",
        () if has("e_a") || has("e_c") => params.first(&["e_a", "e_c"]),
        () if has("link") => "outbound",
        () if has("download") => "download",
        () if has("search") => "search",
        () if params.get("idgoal") == "0" && has("ec_id") => "purchase",
        () if params.get("idgoal") == "0" => "cart",
        () if has("idgoal") => "goal",
        () if has("c_i") => "content",
        // What was merely in sight.
        () if has("c_n") => return Sent::dropped(site, Dropped::NotKept),
        () if params.get("ca") == "1" => return Sent::dropped(site, Dropped::NotKept),
        () => "",
    };
    let mut told = told(params, name);
    told.hit.occurred_at = moment(params, now);
    Sent { site, id: event_id(params), told: Ok(told) }
}

/// The script repeats a request that failed with the same random number, of the same page view.
fn event_id(params: &Params<'_>) -> String {
    let (page_view, random) = (params.get("pv_id"), params.get("r"));
    if page_view.is_empty() || random.is_empty() { String::new() } else { format!("{page_view}.{random}") }
}

fn told(params: &Params<'_>, name: &str) -> Box<Told> {
    let mut told = Told::new(name);
    let hit = &mut told.hit;
    let url = params.get("url");
    let in_url = Params::of(url.split_once('?').map_or("", |(_, query)| query.split('#').next().unwrap_or_default()));
    let tags = CAMPAIGN.map(|(tag, words)| {
        let in_url = in_url.first(words);
        (tag, if in_url.is_empty() { params.first(words) } else { in_url })
    });
    hit.url = with_campaign(url, &tags).into();
    hit.referrer = params.get("urlref").to_owned().into();
    hit.visitor = params.first(&["_id", "cid", "uid"]).to_owned().into();
    hit.w = params.get("res").split('x').next().and_then(|width| width.parse().ok());
    hit.props = props(params);
    told.opted_out = params.get("consent") == "0";
    told.context.locale = params.get("lang").to_owned().into();
    told.agent = params.get("ua").to_owned();
    told
}

/// When it happened: `cdt`, or so many seconds ago.
fn moment(params: &Params<'_>, now: i64) -> Option<Moment> {
    let ago = params.number("queuedtracking").or_else(|| params.number("qt")).filter(|secs| *secs > 0.0);
    ago.map(|secs| Moment(now.saturating_sub(secs as i64)))
        .or_else(|| clock::repaired(clock::of_text(params.get("cdt")), None, now))
}

/// What an event says besides its name, and dimensions the owner defined. What somebody searched for is not kept.
fn props(params: &Params<'_>) -> Props<'static> {
    let named = [
        ("e_c", "category"),
        ("e_n", "label"),
        ("e_v", "value"),
        ("link", "to"),
        ("download", "to"),
        ("search_cat", "category"),
        ("idgoal", "goal"),
        ("c_n", "content"),
        ("c_i", "interaction"),
    ];
    let named = named.into_iter().map(|(key, name)| (name, params.get(key)));
    let is_dimension = |key: &str| {
        key.strip_prefix("dimension")
            .is_some_and(|n| !n.is_empty() && n.len() <= 3 && n.bytes().all(|c| c.is_ascii_digit()))
    };
    let dimensions = params.iter().filter(|(key, _)| is_dimension(key));
    let is_said = |(key, value): &(&str, &str)| !value.is_empty() && (*key, *value) != ("goal", "0");
    let kept = named.chain(dimensions).filter(is_said).take(MAX_PROPERTIES);
    Props(kept.map(|(key, value)| (key.to_owned().into(), value.to_owned().into())).collect())
}

#[cfg(test)]
mod tests {
    use super::super::Form::Matomo;
    use super::super::testing::{body, query};

    const PAGE: &str = "action_name=T&idsite=1&rec=1&r=123456&h=12&m=0&s=0&url=https%3A%2F%2Fa.test%2Fx%3Fpk_campaign%3Dmay&urlref=https%3A%2F%2Fb.test%2F&_id=0123456789abcdef&_idn=1&send_image=0&pv_id=aBcDeF&pf_net=1&uadata=%7B%7D&pdf=1&cookie=1&res=1920x1080&dimension2=pro";

    #[test]
    fn page_views_in_a_query_a_form_and_in_bulk() {
        let page = r#"1 #aBcDeF.123456 "" url=https://a.test/x?pk_campaign=may&utm_campaign=may from=https://b.test/ visitor=0123456789abcdef w=1920 {dimension2=pro}"#;
        assert_eq!((query(Matomo, PAGE), body(Matomo, PAGE)), (vec![page.to_owned()], vec![page.to_owned()]));
        let bulk = format!(
            r#"{{"requests":["?{PAGE}","?idsite=1&rec=1&e_c=Video&e_a=play&e_n=intro&e_v=3&ca=1&cdt=2026-11-21%2011:59:00","?rec=1",7],"send_image":0}}"#
        );
        assert_eq!(
            body(Matomo, &bulk),
            [
                page,
                r#"1 "play" at=-60 {category=Video, label=intro, value=3}"#,
                " dropped bad_event",
                " dropped bad_event"
            ]
        );
    }

    #[test]
    fn actions_of_every_kind() {
        let actions = [
            "ping=1&ca=1",
            "link=https%3A%2F%2Fc.test%2Fd&ca=1",
            "download=https%3A%2F%2Fa.test%2Ff.pdf",
            "search=my+secret&search_cat=docs",
            "idgoal=3&revenue=5",
            "idgoal=0&ec_id=7&revenue=9",
            "c_n=ad&c_i=click&ca=1",
            "c_n=ad&ca=1",
            "consent=0",
        ];
        let told = actions.map(|action| query(Matomo, &format!("idsite=1&rec=1&{action}")).join(""));
        assert_eq!(
            told,
            [
                r#"1 "engagement""#,
                r#"1 "outbound" {to=https://c.test/d}"#,
                r#"1 "download" {to=https://a.test/f.pdf}"#,
                r#"1 "search" {category=docs}"#,
                r#"1 "goal" {goal=3}"#,
                r#"1 "purchase""#,
                r#"1 "content" {content=ad, interaction=click}"#,
                "1 dropped not_kept",
                r#"1 "" opted-out"#,
            ]
        );
    }

    #[test]
    fn nonsense_is_refused_or_counted_as_such() {
        assert_eq!(
            [query(Matomo, "rec=1"), body(Matomo, "{")].map(|told| told.join("")),
            [" dropped bad_event", "bad_json"]
        );
        assert_eq!(body(Matomo, "{}"), ["missing_field"]);
    }
}
