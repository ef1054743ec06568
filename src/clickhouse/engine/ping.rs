//! Asks an engine whether it is there. Plain TCP: this must not depend on the client it is asked on behalf of.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Time an engine has to answer; a loaded one still answers in milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether the engine on this loopback port answers `/ping`.
pub(super) async fn answers(port: u16) -> bool {
    matches!(tokio::time::timeout(PATIENCE, ask(port)).await, Ok(Ok(true)))
}

async fn ask(port: u16) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(b"GET /ping HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 200") && answer.windows(3).any(|window| window == b"Ok."))
}
