//! Every route of the public listener, in one place.
//!
//! | route | answered by |
//! |---|---|
//! | `POST /e` | [`super::collect`]: a browser's beacon |
//! | `GET /p.gif`, `GET /n.gif` | [`super::collect`]: the pixel |
//! | `POST /v1/events` | [`super::collect`]: batches of apps and servers |
//! | `POST /v1/counts` | [`super::collect`]: counters that apps added up themselves |
//! | paths of other products' clients, `/in/…` | [`super::compat`], listed in [`super::compat::routes`] |
//! | `/.well-known/dnt/`, `/.well-known/gpc.json` | [`super::well_known`] |
//! | `/privacy`, `/privacy.json` | [`super::statement`] |
//! | `/api/…` | [`crate::api`] |
//! | everything else | [`super::assets`]: dashboard, tracker, demo site |

use http::Method;

use super::compat::routes::{self, Foreign};

/// Who answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// A collecting route, asked with its own method.
    Collect(Collecting),
    /// A browser asks whether it may post from another origin.
    Preflight(Collecting),
    /// A collecting route, asked with a method it does not have.
    WrongMethod(Collecting),
    /// A route of another product's client.
    Foreign(Foreign),
    /// Pages, files and the API, away from the threads that collect.
    Elsewhere,
}

/// The routes that collect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collecting {
    /// `/e`
    Beacon,
    /// `/p.gif`, `/n.gif`
    Pixel,
    /// `/v1/events`
    Batch,
    /// `/v1/counts`
    Counts,
}

impl Collecting {
    /// The methods of the route, as in `Allow`.
    pub const fn allow(self) -> &'static str {
        match self {
            Self::Pixel => "GET, HEAD, OPTIONS",
            Self::Beacon | Self::Batch | Self::Counts => "POST, OPTIONS",
        }
    }

    fn takes(self, method: &Method) -> bool {
        match self {
            Self::Pixel => method == Method::GET || method == Method::HEAD,
            Self::Beacon | Self::Batch | Self::Counts => method == Method::POST,
        }
    }
}

/// The route of a request.
pub fn route(method: &Method, path: &str) -> Route {
    let collecting = match path {
        "/e" => Collecting::Beacon,
        "/p.gif" | "/n.gif" => Collecting::Pixel,
        "/v1/events" => Collecting::Batch,
        "/v1/counts" => Collecting::Counts,
        _ => return routes::of(method, path).map_or(Route::Elsewhere, Route::Foreign),
    };
    if collecting.takes(method) {
        return Route::Collect(collecting);
    }
    if method == Method::OPTIONS {
        return Route::Preflight(collecting);
    }
    Route::WrongMethod(collecting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::compat::Form;

    #[test]
    fn routes_are_told_apart_by_path_and_method() {
        let routes = [
            (Method::POST, "/e"),
            (Method::GET, "/e"),
            (Method::OPTIONS, "/v1/events"),
            (Method::POST, "/v1/counts"),
            (Method::HEAD, "/p.gif"),
            (Method::GET, "/n.gif"),
            (Method::POST, "/e/"),
            (Method::GET, "/assets/x"),
        ]
        .map(|(method, path)| route(&method, path));
        assert_eq!(
            routes,
            [
                Route::Collect(Collecting::Beacon),
                Route::WrongMethod(Collecting::Beacon),
                Route::Preflight(Collecting::Batch),
                Route::Collect(Collecting::Counts),
                Route::Collect(Collecting::Pixel),
                Route::Collect(Collecting::Pixel),
                Route::Foreign(Foreign::Take(Form::Posthog)),
                Route::Elsewhere,
            ]
        );
    }
}
