//! Universal Analytics: hits as queries, forms or lines. The site is `tid`.

use super::form::Params;
use super::{Form, Named, Request, Sent, Told, json};
use crate::ingest::decode::{DecodeError, MAX_EVENTS};
use crate::ingest::hit::{MAX_PROPERTIES, Moment, Props};
use crate::ingest::reason::{Dropped, Rejected};

/// Decodes `/collect` (one hit, in query or body) and `/batch` (a hit on each line).
///
/// # Errors
/// Not UTF-8, too many lines.
pub fn decode(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let body = json::utf8(request.body)?;
    if request.form != Form::UniversalBatch {
        let params = Params::of(request.query).before(Params::of(body));
        return Ok(vec![hit(&params, request.now)]);
    }
    let lines = || body.lines().map(str::trim).filter(|line| !line.is_empty());
    if lines().count() > MAX_EVENTS {
        return Err(DecodeError::new(Rejected::TooLarge, "more than 2000 lines: send several requests"));
    }
    Ok(lines().map(|line| hit(&Params::of(line), request.now)).collect())
}

fn hit(params: &Params<'_>, now: i64) -> Sent {
    let site = Named::Token(params.get("tid").to_owned());
    let told = match params.get("t") {
        "pageview" => told(params, ""),
        "screenview" => {
            let mut told = told(params, "");
            told.hit.screen = params.get("cd").to_owned().into();
            // The address, if one is sent along, would go before the screen.
            told.hit.url = "".into();
            told
        }
        "event" => told(params, params.first(&["ea", "ec"])),
        "transaction" => told(params, "purchase"),
        "social" => told(params, params.first(&["sa", "sn"])),
        "item" | "exception" | "timing" => return Sent::dropped(site, Dropped::NotKept),
        _ => return Sent::dropped(site, Dropped::BadEvent),
    };
    let mut sent = Sent { site, id: String::new(), told: Ok(told) };
    if let (Ok(told), Some(millis)) = (&mut sent.told, params.number("qt").filter(|millis| *millis > 0.0)) {
        told.hit.occurred_at = Some(Moment(now.saturating_sub((millis / 1_000.0) as i64)));
    }
    sent
}

fn told(params: &Params<'_>, name: &str) -> Box<Told> {
    let mut told = Told::new(name);
    let hit = &mut told.hit;
    let tags = [
        ("utm_source", params.get("cs")),
        ("utm_medium", params.get("cm")),
        ("utm_campaign", params.get("cn")),
        ("utm_term", params.get("ck")),
        ("utm_content", params.get("cc")),
    ];
    hit.url = super::form::with_campaign(&address(params), &tags).into();
    hit.referrer = params.get("dr").to_owned().into();
    hit.visitor = params.first(&["cid", "uid"]).to_owned().into();
    let size = params.first(&["vp", "sr"]);
    hit.w = size.split(['x', 'X']).next().and_then(|width| width.parse().ok());
    if params.get("t") == "transaction" {
        hit.revenue = json::payment(Some(&params.get("tr").into()), params.get("cu"));
    }
    hit.props = props(params);
    told.context.locale = params.get("ul").to_owned().into();
    told.context.app_version = params.get("av").to_owned().into();
    told.agent = params.get("ua").to_owned();
    told
}

/// The page: an address, or host and path.
fn address(params: &Params<'_>) -> String {
    let (location, host, path) = (params.get("dl"), params.get("dh"), params.get("dp"));
    if path.is_empty() {
        return location.to_owned();
    }
    let slash = if path.starts_with('/') { "" } else { "/" };
    let host = match crate::ingest::enrich::page::split(location).and_then(|page| page.host) {
        Some(known) if host.is_empty() => known,
        _ => host,
    };
    // Its client for Node is shown with a whole origin as the host.
    let host = host.split_once("://").map_or(host, |(_, host)| host).trim_end_matches('/');
    if host.is_empty() { format!("{slash}{path}") } else { format!("https://{host}{slash}{path}") }
}

/// Category, label and value of an event; dimensions and metrics the owner defined.
fn props(params: &Params<'_>) -> Props<'static> {
    let named = [("ec", "category"), ("el", "label"), ("ev", "value"), ("sn", "network"), ("st", "target")];
    let named = named.into_iter().map(|(key, name)| (name.to_owned(), params.get(key)));
    let numbered = params.iter().filter_map(|(key, value)| Some((numbered(key)?, value)));
    let kept = named.chain(numbered).filter(|(_, value)| !value.is_empty()).take(MAX_PROPERTIES);
    Props(kept.map(|(key, value)| (key.into(), value.to_owned().into())).collect())
}

/// `dimension3` of `cd3`, `metric4` of `cm4`.
fn numbered(key: &str) -> Option<String> {
    let (word, number) = match key.strip_prefix("cd") {
        Some(number) => ("dimension", number),
        None => ("metric", key.strip_prefix("cm")?),
    };
    let is_number = !number.is_empty() && number.len() <= 3 && number.bytes().all(|c| c.is_ascii_digit());
    is_number.then(|| format!("{word}{number}"))
}

#[cfg(test)]
mod tests {
    use super::super::Form::{AnyBatch, AnyCollect};
    use super::super::testing::{body, query};

    #[test]
    fn hits_of_every_type() {
        let lines = [
            "v=1&tid=UA-1-1&cid=5b3d&t=pageview&dp=%2Fhome&dh=a.test&dr=https%3A%2F%2Fb.test%2F&ul=de-at&sr=1920x1080&cs=news&cd1=pro&z=1",
            "v=1&tid=UA-1-1&cid=5b3d&t=event&ec=Video&ea=play&el=intro&ev=3&dl=https%3A%2F%2Fa.test%2Fx&qt=5000",
            "v=1&tid=UA-1-1&cid=5b3d&t=transaction&ti=T1&tr=19.99&cu=EUR",
            "v=1&tid=UA-1-1&cid=5b3d&t=screenview&cd=Home&an=App&av=1.2",
            "v=1&tid=UA-1-1&cid=5b3d&t=item&ti=T1&in=Shoe",
            "v=1&tid=UA-1-1&cid=5b3d&t=exception&exd=secret",
            "nonsense",
        ];
        assert_eq!(
            body(AnyBatch, &lines.join("\n")),
            [
                r#"UA-1-1 "" url=https://a.test/home?utm_source=news from=https://b.test/ visitor=5b3d locale=de-at w=1920 {dimension1=pro}"#,
                r#"UA-1-1 "play" url=https://a.test/x visitor=5b3d at=-5 {category=Video, label=intro, value=3}"#,
                r#"UA-1-1 "purchase" visitor=5b3d paid=1999EUR"#,
                r#"UA-1-1 "" screen=Home visitor=5b3d app=1.2"#,
                "UA-1-1 dropped not_kept",
                "UA-1-1 dropped not_kept",
                " dropped bad_event",
            ]
        );
    }

    #[test]
    fn a_host_may_be_written_as_an_origin() {
        let hit = "v=1&tid=UA-1-1&t=pageview&dp=%2Fhelp&dh=http%3A%2F%2Fa.test%2F";
        assert_eq!(query(AnyCollect, hit), [r#"UA-1-1 "" url=https://a.test/help"#]);
    }

    #[test]
    fn one_hit_in_a_query_or_a_body() {
        let one = "v=1&tid=UA-1-1&t=pageview&dl=https%3A%2F%2Fa.test%2Fold&dp=new&cid=9";
        let wanted = [r#"UA-1-1 "" url=https://a.test/new visitor=9"#];
        assert_eq!(
            (query(AnyCollect, one), body(AnyCollect, one)),
            (wanted.map(str::to_owned).to_vec(), wanted.map(str::to_owned).to_vec())
        );
    }
}
