//! A wall clock that steps when it is told to, for a collector that is started with [`Clock::variables`]. A few lines of C
//! between the program and the system's clock do it; the build needs a C compiler anyway.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Adds the seconds that a file names to the wall clock, and leaves the clock that only goes forward alone.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
static volatile long long *offset;
__attribute__((constructor)) static void open_offset(void) {
    const char *path = getenv("STEPPED_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *at = file < 0 ? MAP_FAILED : mmap(0, sizeof *offset, PROT_READ, MAP_SHARED, file, 0);
    if (at != MAP_FAILED) offset = at;
}
int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int outcome = real(clock, time);
    if (outcome == 0 && clock == CLOCK_REALTIME && offset) time->tv_sec += *offset;
    return outcome;
}
"#;

/// The clock.
pub struct Clock {
    library: PathBuf,
    place: PathBuf,
    file: File,
}

impl Clock {
    /// A clock that is right, with its files in `directory`.
    ///
    /// # Errors
    /// When they cannot be written, or there is no C compiler.
    pub fn new(directory: &Path) -> io::Result<Self> {
        let [source, library, place] = ["clock.c", "clock.so", "offset"].map(|name| directory.join(name));
        fs::write(&source, SHIM)?;
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let status =
            Command::new(compiler).args(["-shared", "-fPIC", "-O1", "-o"]).args([&library, &source]).status()?;
        if !status.success() {
            return Err(io::Error::other("the C compiler failed"));
        }
        fs::write(&place, 0_i64.to_ne_bytes())?;
        let file = fs::OpenOptions::new().write(true).open(&place)?;
        Ok(Self { library, place, file })
    }

    /// What the environment must hold.
    pub fn variables(&self) -> [(&'static str, String); 2] {
        [("LD_PRELOAD", &self.library), ("STEPPED_CLOCK", &self.place)]
            .map(|(name, path)| (name, path.to_string_lossy().into_owned()))
    }

    /// Lets the clock go wrong by so many seconds.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn step(&self, seconds: i64) -> io::Result<()> {
        self.file.write_all_at(&seconds.to_ne_bytes(), 0)
    }

    /// Sets the clock to a time in seconds since 1970; it goes on from there.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn set(&self, at: i64) -> io::Result<()> {
        self.step(at - now())
    }
}

/// The right time, in seconds since 1970.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}
