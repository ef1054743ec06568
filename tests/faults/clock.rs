//! The machine's clock steps, back and forward by an hour, under load and over a kill. A few lines of C between the
//! program and the system's clock do it; the build needs a C compiler anyway.

use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::Command;

use crate::account::{SITE, assert_counted};
use crate::load::Load;
use crate::support::server::Server;

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

/// Compiles the shim into `directory`.
pub fn shim(directory: &Path) -> String {
    let (source, library) = (directory.join("clock.c"), directory.join("clock.so"));
    fs::write(&source, SHIM).expect("written");
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let status = Command::new(compiler).args(["-shared", "-fPIC", "-O1", "-o"]).args([&library, &source]).status();
    assert!(status.expect("a C compiler").success());
    library.to_str().expect("text").to_owned()
}

#[test]
fn a_clock_that_steps_back_and_forward_loses_and_doubles_nothing() {
    let mut server = Server::prepare(&[("HEADCOUNT_DELIVER__LOAD_INTERVAL_MS", "20")]);
    server.add_site(SITE);
    let key = server.create_key(SITE, "read");
    let directory = server.state_dir().parent().expect("a directory").to_owned();
    let place = directory.join("offset");
    fs::write(&place, 0_i64.to_le_bytes()).expect("written");
    let file = fs::OpenOptions::new().write(true).open(&place).expect("opened");
    let step = |seconds: i64| file.write_all_at(&seconds.to_ne_bytes(), 0).expect("written");
    server.set("LD_PRELOAD", &shim(&directory));
    server.set("STEPPED_CLOCK", place.to_str().expect("text"));
    server.start_again();
    let load = Load::start(server.public(), 2, "clock");
    load.wait_for(20);
    for seconds in [3_600, -3_600, 3_600, -60, 0] {
        step(seconds);
        load.wait_for(20);
        assert_eq!(server.ops_get("/readyz").status, 200);
    }
    // Back over a kill: what is on disk is of a later time than the program finds.
    step(3_600);
    load.wait_for(20);
    server.end(libc::SIGKILL);
    step(-3_600);
    server.start_again();
    load.wait_for(20);
    step(0);
    load.wait_for(20);
    let account = load.finish();
    assert_counted(&server, &key, &account);
}
