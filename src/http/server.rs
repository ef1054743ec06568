//! The public listener: one thread per core, each with a socket, a runtime and a collector of its own.
//!
//! A collecting request is worked on where it arrives, from the first byte to the window. Everything else is handed
//! to the runtime of the API. One of the two places that may spawn; the other is `app`.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::header::{ALLOW, HeaderValue};
use http::{Method, Request, Response};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::LocalSet;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use super::assets;
use super::client_ip::Peer;
use super::collect::{self, Collect};
use super::problem::{Problem, TK};
use super::router::{Route, route};
use super::stalled::Impatient;
use super::well_known;

/// Connections that wait in the kernel to be accepted.
const BACKLOG: i32 = 4096;
/// Time a page or a report has; live streams have begun to answer long before.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// Time within which a client must take one more byte of its answer. A live stream of numbers is taken all the time.
const READ_WITHIN: Duration = Duration::from_secs(30);
/// Bytes of a request's head at the most; further ones get 431.
const HEAD_BYTES: usize = 64 * 1024;

type Body = Either<Full<Bytes>, axum::body::Body>;

/// What one thread of the public listener works with.
pub struct Worker {
    /// The collecting routes.
    pub collect: Collect,
    /// Everything else.
    pub rest: Router,
    /// The runtime everything else runs on.
    pub rest_runtime: Handle,
}

/// Everything that is not collecting: the API, the well-known documents, files for the rest. Routes of `unhurried` may take
/// their time before they begin to answer.
pub fn rest(api: Router, unhurried: Router, body_timeout: Duration) -> Router {
    let not_tracking = SetResponseHeaderLayer::if_not_present(TK.0, TK.1);
    api.merge(well_known::router())
        .method_not_allowed_fallback(|| async { Problem::wrong_method() })
        .fallback(file)
        .layer(RequestBodyTimeoutLayer::new(body_timeout))
        .layer(from_fn(|request, next| in_time(ANSWER_WITHIN, request, next)))
        .merge(unhurried)
        .layer(not_tracking)
}

/// Answers that nobody can be kept waiting for any longer are given up.
async fn in_time(limit: Duration, request: Request<axum::body::Body>, next: Next) -> Response<axum::body::Body> {
    let answer = tokio::time::timeout(limit, next.run(request)).await;
    answer.unwrap_or_else(|_| Problem::too_slow(limit).into_response())
}

/// A file of the dashboard, the tracker or the demo site.
async fn file(request: Request<axum::body::Body>) -> Response<axum::body::Body> {
    let Some(answer) = assets::serve(request.uri(), request.headers()) else {
        return Problem::no_route().into_response();
    };
    match *request.method() {
        // Of an answer to HEAD, hyper sends the head with the true length and leaves the body out.
        Method::GET | Method::HEAD => answer.map(Into::into),
        _ => {
            let mut answer = Problem::wrong_method().into_response();
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            answer
        }
    }
}

/// Limits of the public listener.
#[derive(Clone)]
pub struct Limits {
    /// Time for the head of a request.
    pub head_timeout: Duration,
    /// Time open requests get when the program stops.
    pub stop_timeout: Duration,
    /// Places for connections, shared by all threads.
    pub connections: Arc<Semaphore>,
}

/// Binds `count` sockets to one address, so that each thread has its own queue of connections.
///
/// # Errors
/// When the address is taken, also by a program that would share it.
pub fn bind(address: SocketAddr, count: usize) -> io::Result<Vec<std::net::TcpListener>> {
    // SO_REUSEPORT would let a second collector take half of the traffic without a word: see first that it is free.
    let address = listener(address, false)?.local_addr()?;
    (0..count).map(|_| listener(address, true)).collect()
}

fn listener(address: SocketAddr, share: bool) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    #[cfg(unix)]
    socket.set_reuse_port(share)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Serves until `stop`, then ends open connections within the limit. Runs on a thread of its own.
///
/// # Errors
/// When the thread's runtime cannot be made.
pub fn run(worker: Worker, socket: std::net::TcpListener, limits: &Limits, stop: &CancellationToken) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::from_std(socket)?;
        serve(Rc::new(worker), listener, limits, stop).await;
        Ok(())
    })
}

async fn serve(worker: Rc<Worker>, listener: TcpListener, limits: &Limits, stop: &CancellationToken) {
    let open = GracefulShutdown::new();
    let beating = worker.clone();
    tokio::task::spawn_local(async move { beating.collect.lag.beat().await });
    let wiping = worker.clone();
    tokio::task::spawn_local(async move { wiping.collect.collector.wipe_after_each_day().await });
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept(&listener, limits) => accepted,
        };
        let Ok((stream, peer, place)) = accepted else {
            // Out of file descriptors, most likely: give open connections time to end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let connection = open.watch(connection(&worker, stream, peer, limits));
        tokio::task::spawn_local(async move {
            // A client that goes away or speaks no HTTP is not an event worth a line.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.stop_timeout, open.shutdown()).await.is_err() {
        tracing::warn!("connections were still open when the time to stop was over");
    }
}

async fn accept(
    listener: &TcpListener,
    limits: &Limits,
) -> io::Result<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = limits.connections.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, peer, place))
}

fn connection(
    worker: &Rc<Worker>,
    stream: TcpStream,
    peer: SocketAddr,
    limits: &Limits,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + use<> {
    let (worker, peer) = (worker.clone(), Peer::new(peer));
    let service = service_fn(move |request| {
        let worker = worker.clone();
        async move { Ok::<_, Infallible>(worker.answer(request, peer).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(Impatient::new(stream, READ_WITHIN)), service)
}

impl Worker {
    async fn answer(&self, request: Request<Incoming>, peer: Peer) -> Response<Body> {
        match route(request.method(), request.uri().path()) {
            Route::Collect(route) => self.collect.answer(route, request, peer).await.map(Either::Left),
            // Boxed: what it holds while it waits would make the future of every beacon larger.
            Route::Foreign(foreign) => Box::pin(self.collect.foreign(foreign, request, peer)).await.map(Either::Left),
            Route::Preflight(_) => collect::preflight().map(Either::Left),
            Route::WrongMethod(route) => collect::wrong_method(route).map(Either::Left),
            Route::Elsewhere => self.elsewhere(request, peer).await.map(Either::Right),
        }
    }

    /// Hands a request to the API's runtime, so that a slow report never delays a hit.
    async fn elsewhere(&self, mut request: Request<Incoming>, peer: Peer) -> Response<axum::body::Body> {
        // Where from is of interest only where a password may be tried.
        if request.method() == Method::POST {
            let network = self.collect.proxies.client(peer, request.headers()).cut();
            request.extensions_mut().insert(network);
        }
        let answer = self.rest.clone().oneshot(request.map(axum::body::Body::new));
        let answered = self.rest_runtime.spawn(answer).await;
        answered.map_or_else(|_| Problem::internal().into_response(), |Ok(answer)| answer)
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn an_answer_that_nobody_can_wait_for_is_a_problem() {
        let limit = Duration::from_millis(1);
        let slow = Router::new().route("/", get(std::future::pending::<()>));
        let slow = slow.layer(from_fn(move |request, next| in_time(limit, request, next)));
        let (head, body) = slow.oneshot(Request::<axum::body::Body>::default()).await.expect("an answer").into_parts();
        assert_eq!((head.status.as_u16(), &head.headers["retry-after"]), (503, &HeaderValue::from_static("10")));
        let body = body.collect().await.expect("a body").to_bytes();
        assert!(String::from_utf8_lossy(&body).contains(r#""code":"too_slow""#));
    }
}
