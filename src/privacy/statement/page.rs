//! The statement as a page, in each language: HTML without script, in the style of the API's page.

use std::fmt::Write;

use super::words::{Words, filled};
use super::{Language, SiteFacts, Statement, Table};

/// The page.
pub fn render(statement: &Statement, language: Language) -> String {
    let words = Words::of(language);
    let mut page = String::with_capacity(32 * 1024);
    head(&mut page, words, language);
    languages(&mut page, words, (language, statement.site.as_ref()));
    put(&mut page, format_args!("<h1>{}</h1>\n<p>{} ", escaped(&words.heading), escaped(&words.intro)));
    put(&mut page, format_args!("<a href=\"/privacy.json\">{}</a></p>\n", escaped(&words.machines)));
    if let Some(site) = &statement.site {
        of_site(&mut page, words, site);
    }
    list(&mut page, &words.never_kept.title, &words.never_kept.items);
    list(&mut page, &words.opting_out.title, &words.opting_out.items);
    list(&mut page, &words.counted.title, &counted(words, statement));
    salts(&mut page, words, statement);
    for_a_while(&mut page, words);
    list(&mut page, &words.limits.title, &words.limits.items);
    tables(&mut page, words, (language, statement.tables.as_deref()));
    let (version, said_at) = (escaped(statement.version), escaped(&statement.said_at));
    put(&mut page, format_args!("<p>{} {version}, {said_at}</p>\n</main>\n</body>\n</html>\n", statement.program));
    page
}

fn head(page: &mut String, words: &Words, language: Language) {
    put(page, format_args!("<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n", language.code()));
    page.push_str(
        "<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n",
    );
    put(page, format_args!("<title>{}</title>\n", escaped(&words.title)));
    page.push_str("<link rel=\"stylesheet\" href=\"/api/docs.css\">\n</head>\n<body>\n<main>\n");
}

/// Links to the same page in the other languages; they keep the site, if it is one that is shown.
fn languages(page: &mut String, words: &Words, (shown, site): (Language, Option<&SiteFacts>)) {
    put(page, format_args!("<nav aria-label=\"{}\">\n", escaped(&words.languages)));
    let site = site.map_or_else(String::new, |site| format!("site={}&amp;", escaped(&site.id)));
    for language in Language::ALL {
        let (code, name) = (language.code(), language.name());
        let current = if language == shown { " aria-current=\"true\"" } else { "" };
        put(
            page,
            format_args!("<a href=\"?{site}lang={code}\" lang=\"{code}\" hreflang=\"{code}\"{current}>{name}</a>\n"),
        );
    }
    page.push_str("</nav>\n");
}

fn of_site(page: &mut String, words: &Words, site: &SiteFacts) {
    let said = &words.site;
    let shown = if site.strict { &said.everything } else { &said.pairs };
    let cohorts = match site.cohorts {
        Some(true) => &said.cohorts,
        Some(false) => &said.no_cohorts,
        None => &said.cohorts_unknown,
    };
    let kept = [("months", words.months(site.retention_months)), ("zone", site.timezone.clone())];
    let items = [
        filled(shown, &[("visitors", &words.visitors(site.min_visitors))]),
        filled(&said.kept, &kept.each_ref().map(|(name, value)| (*name, value.as_str()))),
        cohorts.clone(),
    ];
    list(page, &site.id, &items);
}

fn counted(words: &Words, statement: &Statement) -> [String; 5] {
    let said = &words.counted;
    let named = |text: &str, codes: &[&str]| {
        let names: Vec<&str> = codes.iter().map(|code| words.dimension(code)).collect();
        filled(text, &[("list", &names.join(&words.separator))])
    };
    let bounded = |text: &str, (name, value): (&str, &str), least: u64, most: u64| {
        filled(text, &[(name, value), ("least", &words.number(least)), ("most", &words.number(most))])
    };
    let (fine, k, months) = (&statement.granularity, statement.min_visitors, statement.retention_months);
    [
        named(&said.by_hour, &fine.by_hour),
        named(&said.by_day, &fine.by_day),
        said.pairs.clone(),
        bounded(&said.shown, ("visitors", &words.visitors(k.default)), k.least.into(), k.most.into()),
        bounded(&said.kept, ("months", &words.months(months.default)), months.least.into(), months.most.into()),
    ]
}

fn salts(page: &mut String, words: &Words, statement: &Statement) {
    let (said, salts) = (&words.salts, &statement.salts);
    put(page, format_args!("<h2>{}</h2>\n<p>{}</p>\n", escaped(&said.title), escaped(&said.how)));
    let number = filled(&said.number, &[("n", &words.number(salts.number as u64))]);
    let oldest = salts.oldest_hours.map_or_else(String::new, |hours| match u64::try_from(hours) {
        Ok(hours) if hours > 0 => format!(" {}", filled(&said.oldest, &[("hours", &words.hours(hours))])),
        _ => format!(" {}", said.oldest_new),
    });
    put(page, format_args!("<p>{}{}</p>\n", escaped(&number), escaped(&oldest)));
    if !salts.commitments.is_empty() {
        put(page, format_args!("<details>\n<summary>{}</summary>\n<ul>\n", escaped(&said.commitments)));
        salts.commitments.iter().for_each(|one| put(page, format_args!("<li><code>{one}</code>\n")));
        page.push_str("</ul>\n</details>\n");
    }
}

fn for_a_while(page: &mut String, words: &Words) {
    let said = &words.for_a_while;
    let [title, what, until] = [&said.title, &said.what, &said.until].map(|text| escaped(text));
    put(page, format_args!("<h2>{title}</h2>\n<table>\n<tr><th>{what}<th>{until}\n"));
    for (kept, end) in &said.items {
        // On phones the heads are gone.
        put(page, format_args!("<tr><td>{}<td data-head=\"{until}\">{}\n", escaped(kept), escaped(end)));
    }
    page.push_str("</table>\n");
}

fn tables(page: &mut String, words: &Words, (language, tables): (Language, Option<&[Table]>)) {
    let said = &words.tables;
    let Some(tables) = tables else {
        put(page, format_args!("<h2>{}</h2>\n<p>{}</p>\n", escaped(&said.title), escaped(&said.away)));
        return;
    };
    put(page, format_args!("<h2>{}</h2>\n<p>{}</p>\n", escaped(&said.title), escaped(&said.intro)));
    for table in tables {
        let (name, meaning) = (escaped(&table.name), of_schema(words, language, &table.meaning));
        put(page, format_args!("<section>\n<h3>{name}</h3>\n<p>{meaning}</p>\n<table>\n"));
        let titles = [&said.column, &said.holds, &said.r#type].map(|title| escaped(title));
        put(page, format_args!("<tr><th>{}\n", titles.join("<th>")));
        for column in &table.columns {
            let stored = if column.stored { String::new() } else { format!(" ({})", escaped(&said.not_stored)) };
            let (name, kind) = (escaped(&column.name), escaped(&column.r#type));
            let meaning = of_schema(words, language, &column.meaning);
            put(page, format_args!("<tr><td><code>{name}</code><td>{meaning}{stored}<td><code>{kind}</code>\n"));
        }
        page.push_str("</table>\n</section>\n");
    }
}

/// What the database says of itself. What we have no words for stays English and is marked so, for those who hear it.
fn of_schema(words: &Words, language: Language, english: &str) -> String {
    match words.of_schema(english) {
        Some(text) => escaped(text),
        None if language == Language::English => escaped(english),
        None => format!("<span lang=\"en\">{}</span>", escaped(english)),
    }
}

fn list(page: &mut String, title: &str, items: &[String]) {
    put(page, format_args!("<h2>{}</h2>\n<ul>\n", escaped(title)));
    for item in items {
        let parts = escaped(item);
        let parts = parts.split('`').enumerate();
        let text: String = parts
            .map(|(at, part)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() })
            .collect();
        put(page, format_args!("<li>{text}\n"));
    }
    page.push_str("</ul>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Writing to a text cannot fail.
fn put(page: &mut String, part: std::fmt::Arguments<'_>) {
    let _ = page.write_fmt(part);
}
