//! A network between collector and ClickHouse that can be told to misbehave.

use std::fs;
use std::io::{Error, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use socket2::SockRef;

/// Time between two looks for bytes and for the end.
const LOOK: Duration = Duration::from_millis(2);

/// Forwards connections until dropped.
pub struct Proxy(Arc<Shared>);

struct Shared {
    /// The file that says on which port of this machine ClickHouse listens; another one after each of its starts.
    to: PathBuf,
    lose_answers: AtomicBool,
    lost: AtomicU64,
    /// Bytes of a question after which the connection is reset; 0: never.
    cut_after: AtomicU64,
    cuts: AtomicU64,
    delay_ms: AtomicU64,
    ended: AtomicBool,
}

impl Proxy {
    /// Forwards what comes to `at` to the port that the file `to` names.
    pub fn start(at: SocketAddr, to: PathBuf) -> Self {
        let listener = TcpListener::bind(at).expect("the port is free");
        listener.set_nonblocking(true).expect("a socket option");
        let shared = Arc::new(Shared {
            to,
            lose_answers: AtomicBool::default(),
            lost: AtomicU64::default(),
            cut_after: AtomicU64::default(),
            cuts: AtomicU64::default(),
            delay_ms: AtomicU64::default(),
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

    /// From now on connections are reset once so many bytes came over them in one go, in the middle of an insert; 0 ends
    /// that.
    pub fn cut_after(&self, bytes: u64) {
        self.0.cut_after.store(bytes, Ordering::Relaxed);
    }

    /// Connections cut so far.
    pub fn cuts(&self) -> u64 {
        self.0.cuts.load(Ordering::Relaxed)
    }

    /// From now on everything takes this much longer, both ways.
    pub fn delay(&self, delay: Duration) {
        self.0.delay_ms.store(delay.as_millis() as u64, Ordering::Relaxed);
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
        let port: u16 = fs::read_to_string(&self.to)?.trim().parse().map_err(Error::other)?;
        let mut server = TcpStream::connect(("127.0.0.1", port))?;
        for stream in [&client, &server] {
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(LOOK))?;
        }
        let mut buffer = vec![0; 64 * 1024];
        while !self.ended.load(Ordering::Relaxed) {
            if let Some(bytes) = some_bytes(&mut client, &mut buffer)? {
                self.wait();
                let most = self.cut_after.load(Ordering::Relaxed) as usize;
                if most > 0 && bytes.len() > most {
                    server.write_all(&bytes[..most])?;
                    self.cuts.fetch_add(1, Ordering::Relaxed);
                    // Nothing is waited for when it is closed: the other side gets a reset.
                    return SockRef::from(&client).set_linger(Some(Duration::ZERO));
                }
                server.write_all(bytes)?;
            }
            if let Some(bytes) = some_bytes(&mut server, &mut buffer)? {
                if self.lose_answers.load(Ordering::Relaxed) {
                    self.lost.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
                self.wait();
                client.write_all(bytes)?;
            }
        }
        Ok(())
    }

    fn wait(&self) {
        std::thread::sleep(Duration::from_millis(self.delay_ms.load(Ordering::Relaxed)));
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
