//! HTTP: everything that knows hyper and axum, the API's handlers apart.

pub mod problem;
