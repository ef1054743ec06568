//! The statement as a page: HTML without script, in the style of the API's page.

use std::fmt::Write;

use super::{Choice, SiteFacts, Statement, Table};

/// The page.
pub fn render(statement: &Statement) -> String {
    let mut page = String::with_capacity(32 * 1024);
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.push_str(
        "<title>Privacy</title>\n<link rel=\"stylesheet\" href=\"/api/docs.css\">\n</head>\n<body>\n<main>\n",
    );
    page.push_str("<h1>How visitors are counted here</h1>\n");
    page.push_str(
        "<p>This server counts visits to websites and apps with Headcount. It keeps counts and no record of anybody. \
         What follows is generated from what is running now: <a href=\"/privacy.json\">the same for machines</a>.</p>\n",
    );
    if let Some(site) = &statement.site {
        of_site(&mut page, site);
    }
    list(&mut page, "What is never kept", statement.never_kept);
    list(&mut page, "How to opt out", statement.opting_out);
    counted(&mut page, statement);
    salts(&mut page, statement);
    for_a_while(&mut page, statement);
    list(&mut page, "What this does not say", statement.limits);
    tables(&mut page, statement.tables.as_deref());
    let (version, said_at) = (escaped(statement.version), escaped(&statement.said_at));
    put(&mut page, format_args!("<p>{} {version}, {said_at}</p>\n</main>\n</body>\n</html>\n", statement.program));
    page
}

fn of_site(page: &mut String, site: &SiteFacts) {
    let strict =
        if site.strict { "of every kind" } else { "that join two facts, or name a place finer than a country" };
    let cohorts = match site.cohorts {
        Some(true) => "Browsers tell, coarsely, in which week they were first here, and keep a date for it.",
        Some(false) => "Browsers are not asked when they were first here.",
        None => "Whether browsers tell when they were first here cannot be looked up now.",
    };
    put(page, format_args!("<h2>{}</h2>\n<ul>\n", escaped(&site.id)));
    let (k, months, zone) = (site.min_visitors, site.retention_months, escaped(&site.timezone));
    put(page, format_args!("<li>Counts {strict} are shown when at least {k} visitors stand behind them.\n"));
    put(page, format_args!("<li>Finished days are kept for {months} months. Days begin at midnight in {zone}.\n"));
    put(page, format_args!("<li>{cohorts}\n</ul>\n"));
}

fn counted(page: &mut String, statement: &Statement) {
    let words = |codes: &[&str]| codes.iter().map(|code| code.replace('_', " ")).collect::<Vec<_>>().join(", ");
    let fine = &statement.granularity;
    page.push_str("<h2>What is counted</h2>\n<ul>\n");
    put(page, format_args!("<li>By the hour: {}.\n<li>By the day: {}.\n", words(&fine.by_hour), words(&fine.by_day)));
    put(page, format_args!("<li>Pairs of two of these, by the {}; never three.\n", fine.pairs));
    let Choice { default, least, most, .. } = statement.min_visitors;
    put(
        page,
        format_args!(
            "<li>A pair, and a place finer than a country, is shown when at least {default} visitors stand behind it. \
             The owner of a site may choose another number ({least} to {most}), and apply it to everything.\n"
        ),
    );
    let Choice { default, least, most, .. } = statement.retention_months;
    put(
        page,
        format_args!(
            "<li>Finished days are kept for {default} months unless the owner of a site chooses otherwise ({least} to {most}).\n</ul>\n"
        ),
    );
}

fn salts(page: &mut String, statement: &Statement) {
    let salts = &statement.salts;
    page.push_str("<h2>How visitors are told apart</h2>\n");
    page.push_str(
        "<p>For one day, and one site, by a number made from network, browser and a random key. Two hours after the day \
         ends the key is destroyed. From then on nobody can compute the number again, and nobody is recognised on another \
         day or another site.</p>\n",
    );
    let oldest = salts.oldest_hours.map_or_else(String::new, |hours| {
        let since = if hours == 0 { "less than an hour".to_owned() } else { format!("about {hours} hours") };
        format!(" The oldest was made {since} ago.")
    });
    put(page, format_args!("<p>Keys that exist now: {}.{oldest}</p>\n", salts.number));
    if !salts.commitments.is_empty() {
        page.push_str(
            "<details>\n<summary>Their public commitments (SHA-256), which show that keys change</summary>\n<ul>\n",
        );
        salts.commitments.iter().for_each(|one| put(page, format_args!("<li><code>{one}</code>\n")));
        page.push_str("</ul>\n</details>\n");
    }
}

fn for_a_while(page: &mut String, statement: &Statement) {
    page.push_str("<h2>What is finer than counts, for a while</h2>\n<table>\n<tr><th>What<th>Until\n");
    for exception in &statement.kept_for_a_while {
        put(page, format_args!("<tr><td>{}<td>{}\n", escaped(exception.what), escaped(exception.until)));
    }
    page.push_str("</table>\n");
}

fn tables(page: &mut String, tables: Option<&[Table]>) {
    page.push_str("<h2>Everything that is stored about visits</h2>\n");
    let Some(tables) = tables else {
        page.push_str("<p>The database cannot be reached now, so that its tables are missing here.</p>\n");
        return;
    };
    page.push_str("<p>Every table and column of the database, as it describes itself.</p>\n");
    for table in tables {
        put(page, format_args!("<section>\n<h3>{}</h3>\n<p>{}</p>\n", escaped(&table.name), escaped(&table.meaning)));
        page.push_str("<table>\n<tr><th>Column<th>Holds<th>Type\n");
        for column in &table.columns {
            let stored = if column.stored { "" } else { " (not stored)" };
            let (name, kind, meaning) = (escaped(&column.name), escaped(&column.r#type), escaped(&column.meaning));
            put(page, format_args!("<tr><td><code>{name}</code><td>{meaning}{stored}<td>{kind}\n"));
        }
        page.push_str("</table>\n</section>\n");
    }
}

fn list(page: &mut String, title: &str, items: &[&str]) {
    put(page, format_args!("<h2>{title}</h2>\n<ul>\n"));
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
