//! Texts that are addresses of the web.

use super::super::*;

#[test]
fn of_addresses_host_and_path_stay() {
    let table = [
        ("https://Example.org/users/jane@example.org/x?token=1#top", "example.org/users/:email/x"),
        ("https://jane:secret@example.org:8443/a//b", "example.org/a/b"),
        ("https://example.org?name=jane", "example.org/"),
        ("https://example.org/blog%3Fname=jane", "example.org/blog"),
        ("android-app://com.example.shop/cart", "com.example.shop/cart"),
    ];
    for (value, clean) in table {
        assert_eq!(clean_value(value).as_deref(), Some(clean), "{value}");
        assert_eq!(clean_name(value).as_deref(), Some(clean), "{value}");
    }
}

#[test]
fn screens() {
    let table = [
        ("Settings", Some("Settings")),
        ("Settings?user=jane", Some("Settings")),
        ("Settings%3Fuser=jane", Some("Settings")),
        ("Settings%2523top", Some("Settings")),
        ("Settings%\u{200b}3Fuser=jane", Some(REDACTED)),
        ("settings/profile", Some("/settings/profile")),
        ("/users/42#top", Some("/users/:id")),
        ("app://main/users/42?name=jane", Some("/users/:id")),
        ("https://jane:secret@example.org/a%3Fb=c", Some("/a")),
        ("app://main", Some("/")),
        ("jane@example.org", Some(REDACTED)),
        ("https%3A%2F%2Fexample.org%2Fjane", Some(REDACTED)),
        ("?user=jane", None),
        ("", None),
    ];
    for (screen, clean) in table {
        assert_eq!(clean_screen(screen).as_deref(), clean, "{screen}");
    }
    assert!(matches!(clean_screen("Settings"), Some(Cow::Borrowed(_))));
}
