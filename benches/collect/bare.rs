//! The least an HTTP server can do: read the request and answer 204. Built like the collector: one thread per core, each
//! with its own queue of connections.

use std::convert::Infallible;
use std::io;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

/// The port, when this process is to be the server.
pub fn asked_for() -> Option<u16> {
    std::env::var(super::server::BARE).ok()?.parse().ok()
}

/// Serves until it is killed.
pub fn serve(port: u16) -> io::Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let sockets = headcount::http::server::bind(([127, 0, 0, 1], port).into(), threads)?;
    std::thread::scope(|scope| {
        for socket in sockets {
            scope.spawn(move || run(socket));
        }
    });
    Ok(())
}

fn run(socket: std::net::TcpListener) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let listener = tokio::net::TcpListener::from_std(socket)?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
            tokio::task::spawn_local(async move { drop(connection.await) });
        }
    })
}

async fn answer(request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, Infallible> {
    drop(request.into_body().collect().await);
    let mut answer = Response::new(Empty::new());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    Ok(answer)
}
