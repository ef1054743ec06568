//! A network between collector and ClickHouse that can be told to misbehave.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Time between two looks for bytes and for the end.
const LOOK: Duration = Duration::from_millis(2);

/// Forwards connections until dropped.
pub struct Proxy(Arc<Shared>);

struct Shared {
    to: SocketAddr,
    lose_answers: AtomicBool,
    lost: AtomicU64,
    ended: AtomicBool,
}

impl Proxy {
    /// Forwards what comes to `at`.
    pub fn start(at: SocketAddr, to: SocketAddr) -> Self {
        let listener = TcpListener::bind(at).expect("the port is free");
        listener.set_nonblocking(true).expect("a socket option");
        let shared = Arc::new(Shared {
            to,
            lose_answers: AtomicBool::default(),
            lost: AtomicU64::default(),
            ended: AtomicBool::default(),
        });
        let mine = shared.clone();
        std::thread::spawn(move || {
            while !mine.ended.load(Ordering::Relaxed) {
                match listener.accept() {
                    Ok((stream, _)) => {
                        let mine = mine.clone();
                        std::thread::spawn(move || drop(mine.forward(stream)));
                    }
                    Err(_) => std::thread::sleep(LOOK),
                }
            }
        });
        Self(shared)
    }

    /// From now on ClickHouse does everything it is asked, and nobody learns that it did.
    pub fn lose_answers(&self, lose: bool) {
        self.0.lose_answers.store(lose, Ordering::Relaxed);
    }

    /// Answers lost so far.
    pub fn lost(&self) -> u64 {
        self.0.lost.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::Relaxed);
    }
}

impl Shared {
    fn forward(&self, mut client: TcpStream) -> std::io::Result<()> {
        let mut server = TcpStream::connect(self.to)?;
        for stream in [&client, &server] {
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(LOOK))?;
        }
        let mut buffer = vec![0; 64 * 1024];
        while !self.ended.load(Ordering::Relaxed) {
            if let Some(bytes) = some_bytes(&mut client, &mut buffer)? {
                server.write_all(bytes)?;
            }
            if let Some(bytes) = some_bytes(&mut server, &mut buffer)? {
                if self.lose_answers.load(Ordering::Relaxed) {
                    self.lost.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
                client.write_all(bytes)?;
            }
        }
        Ok(())
    }
}

/// What there is to read now; an error at the end.
fn some_bytes<'a>(from: &mut TcpStream, buffer: &'a mut [u8]) -> std::io::Result<Option<&'a [u8]>> {
    match from.read(buffer) {
        Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
        Ok(length) => Ok(Some(&buffer[..length])),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(None),
        Err(error) => Err(error),
    }
}
