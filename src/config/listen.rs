//! `[listen]`: addresses and the proxies that are believed.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// Addresses the program listens on and whom it believes.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Listen {
    /// Collecting, dashboards and API.
    pub public: SocketAddr,
    /// Health and metrics; never expose it.
    pub ops: SocketAddr,
    /// Networks whose `X-Forwarded-For` and `Forwarded` are walked from the right. Nobody by default.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// The address people reach the program at (`https://stats.example.org`), for links and cookies.
    /// Empty: `http://` and the public address.
    pub public_url: String,
    /// Open connections on the public listener; further ones wait in the kernel.
    pub max_connections: usize,
    /// Time a client has to send the head of a request.
    pub head_timeout_seconds: u64,
    /// Time a client has to send the body of a request.
    pub body_timeout_seconds: u64,
    /// How far a thread that collects may be behind before those who can send again are told to do so.
    pub shed_after_ms: u64,
    /// Threads that collect. 0: one per processor.
    pub threads: usize,
}

impl Default for Listen {
    fn default() -> Self {
        Self {
            public: SocketAddr::from(([127, 0, 0, 1], 8600)),
            ops: SocketAddr::from(([127, 0, 0, 1], 8601)),
            trusted_proxies: Vec::new(),
            public_url: String::new(),
            max_connections: 10_000,
            head_timeout_seconds: 10,
            body_timeout_seconds: 30,
            shed_after_ms: 1_000,
            threads: 0,
        }
    }
}

impl Listen {
    /// The address people reach the program at, without a closing slash: `public_url`, or the public address.
    pub fn url(&self) -> String {
        if !self.public_url.is_empty() {
            return self.public_url.trim_end_matches('/').to_owned();
        }
        let (public, port) = (self.public, self.public.port());
        if public.ip().is_unspecified() {
            return format!("http://127.0.0.1:{port}");
        }
        format!("http://{public}")
    }
}
