//! The description of the API as a page: HTML out of the JSON, once, at the start. No script.

use std::fmt::Write;

use serde_json::{Map, Value};

/// The page's style.
pub(super) const STYLE: &str = include_str!("page.css");

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The page.
pub(super) fn render(description: &Value) -> String {
    let mut page = String::with_capacity(64 * 1024);
    let title = text(&description["info"]["title"]);
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n");
    put(
        &mut page,
        format_args!("<title>API of {title}</title>\n<link rel=\"stylesheet\" href=\"/api/docs.css\">\n</head>\n"),
    );
    put(&mut page, format_args!("<body>\n<main>\n<h1>API of {title} {}</h1>\n", text(&description["info"]["version"])));
    put(&mut page, format_args!("<p>{}</p>\n", prose(&description["info"]["description"])));
    page.push_str("<p>The same for programs: <a href=\"/api/v1/openapi.json\">openapi.json</a></p>\n");
    for tag in description["tags"].as_array().into_iter().flatten() {
        put(&mut page, format_args!("<h2>{}</h2>\n<p>{}</p>\n", text(&tag["name"]), prose(&tag["description"])));
        operations(&mut page, &description["paths"], &tag["name"]);
    }
    page.push_str("<h2>documents</h2>\n");
    for (name, schema) in entries(&description["components"]["schemas"]) {
        document(&mut page, name, schema);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// The operations of one tag.
fn operations(page: &mut String, paths: &Value, tag: &Value) {
    for (path, item) in entries(paths) {
        for method in METHODS {
            let operation = &item[method];
            if operation["tags"][0] == *tag {
                put(page, format_args!("<section>\n<h3><b>{}</b> {}</h3>\n", method.to_uppercase(), escaped(path)));
                put(page, format_args!("<p>{}</p>\n", prose(&operation["summary"])));
                if operation["description"] != operation["summary"] {
                    put(page, format_args!("<p>{}</p>\n", prose(&operation["description"])));
                }
                parameters(page, operation);
                answers(page, operation);
                page.push_str("</section>\n");
            }
        }
    }
}

fn parameters(page: &mut String, operation: &Value) {
    let body = &operation["requestBody"]["content"];
    let all = operation["parameters"].as_array().into_iter().flatten();
    let mut rows = String::new();
    for parameter in all {
        let required = if parameter["required"] == true { "required" } else { "" };
        let (name, kind) = (text(&parameter["name"]), kind(&parameter["schema"]));
        put(
            &mut rows,
            format_args!(
                "<tr><td><code>{name}</code><td>{kind}<td>{required}<td>{}\n",
                prose(&parameter["description"])
            ),
        );
    }
    for (media, content) in entries(body) {
        put(
            &mut rows,
            format_args!("<tr><td>body<td>{}<td>required<td>{}\n", kind(&content["schema"]), escaped(media)),
        );
    }
    if !rows.is_empty() {
        put(page, format_args!("<table>\n<caption>asked</caption>\n{rows}</table>\n"));
    }
}

fn answers(page: &mut String, operation: &Value) {
    page.push_str("<table>\n<caption>answered</caption>\n");
    for (status, answer) in entries(&operation["responses"]) {
        let kinds = entries(&answer["content"]).map(|(_, content)| kind(&content["schema"]));
        let kinds: Vec<String> = kinds.collect();
        put(
            page,
            format_args!("<tr><td>{}<td>{}<td>{}\n", escaped(status), kinds.join(" "), prose(&answer["description"])),
        );
    }
    page.push_str("</table>\n");
}

fn document(page: &mut String, name: &str, schema: &Value) {
    let name = escaped(name);
    put(page, format_args!("<section id=\"{name}\">\n<h3>{name}</h3>\n<p>{}</p>\n", prose(&schema["description"])));
    let required = schema["required"].as_array();
    let mut rows = String::new();
    for (field, of) in entries(&schema["properties"]) {
        let is_required = required.is_some_and(|all| all.iter().any(|known| known == field));
        let mark = if is_required { "required" } else { "" };
        let (field, kind) = (escaped(field), kind(of));
        put(
            &mut rows,
            format_args!("<tr><td><code>{field}</code><td>{kind}<td>{mark}<td>{}\n", prose(&of["description"])),
        );
    }
    if rows.is_empty() {
        put(page, format_args!("<p>{}</p>\n", kind(schema)));
    } else {
        put(page, format_args!("<table>\n{rows}</table>\n"));
    }
    page.push_str("</section>\n");
}

/// A schema in a word, with a link to what it names.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let name = escaped(name);
        return format!("<a href=\"#{name}\">{name}</a>");
    }
    if let Some(choices) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| format!("<code>{}</code>", text(word))).collect::<Vec<_>>().join(" ");
    }
    let named = match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect::<Vec<_>>().join(" or "),
        one => text(one),
    };
    if schema["items"].is_object() { format!("list of {}", kind(&schema["items"])) } else { named }
}

fn entries(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flat_map(Map::iter)
}

fn text(value: &Value) -> String {
    escaped(value.as_str().unwrap_or_default())
}

/// Text with `code` in it.
fn prose(value: &Value) -> String {
    let parts = text(value);
    let parts = parts.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Writing to a text cannot fail.
fn put(page: &mut String, part: std::fmt::Arguments<'_>) {
    let _ = page.write_fmt(part);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_description_says_is_escaped() {
        let schema = json!({ "description": "<b> & `a<b`", "type": "object", "properties": {
            "x": { "type": ["string", "null"] }, "y": { "type": "array", "items": { "$ref": "#/components/schemas/Z" } },
        }, "required": ["x"] });
        let mut page = String::new();
        document(&mut page, "A", &schema);
        let expected = "<section id=\"A\">\n<h3>A</h3>\n<p>&lt;b&gt; &amp; <code>a&lt;b</code></p>\n<table>\n\
            <tr><td><code>x</code><td>string or null<td>required<td>\n\
            <tr><td><code>y</code><td>list of <a href=\"#Z\">Z</a><td><td>\n</table>\n</section>\n";
        assert_eq!(page, expected);
    }
}
