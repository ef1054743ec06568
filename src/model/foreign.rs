//! Names that other products give to events and properties. For the clients that send here and for the exports that are
//! brought in alike, so that both keep the same. Knows nothing else.

/// Google Analytics 4.
pub mod ga4 {
    /// Events that say something of a person's history there, or of errors: nobody keeps that.
    pub const NOT_KEPT: [&str; 12] = [
        "session_start",
        "first_visit",
        "first_open",
        "app_remove",
        "app_exception",
        "os_update",
        "app_update",
        "user_signal",
        "error",
        "app_clear_data",
        "dynamic_link_first_open",
        "notification_receive",
    ];

    /// Parameters that are no properties: they have a place of their own, or say who it was.
    pub const OWN: [&str; 30] = [
        "page_location",
        "page_referrer",
        "page_title",
        "page_path",
        "screen_name",
        "firebase_screen",
        "firebase_screen_class",
        "session_id",
        "ga_session_id",
        "ga_session_number",
        "session_number",
        "engagement_time_msec",
        "percent_scrolled",
        "language",
        "screen_resolution",
        "currency",
        "transaction_id",
        "user_id",
        "client_id",
        "debug_mode",
        "engaged_session_event",
        "ignore_referrer",
        "traffic_type",
        "campaign",
        "source",
        "medium",
        "session_engaged",
        "batch_page_id",
        "batch_ordering_id",
        "entrances",
    ];
}

/// Mixpanel.
pub mod mixpanel {
    /// Events that are page views.
    pub const PAGE_VIEWS: [&str; 2] = ["$mp_web_page_view", "mp_page_view"];

    /// Properties that are none: a client adds them by itself, or they say who it was. Beyond those that begin with `$` or `mp_`.
    pub const OWN: [&str; 16] = [
        "token",
        "time",
        "distinct_id",
        "ip",
        "current_page_title",
        "current_domain",
        "current_url_path",
        "current_url_protocol",
        "current_url_search",
        "referrer",
        "revenue",
        "currency",
        "screen_name",
        "from_background",
        "user_id",
        "email",
    ];
}
