//! The disk is full, for spool and engine alike, or may only be read: a small file system of the test's own. Mounting
//! needs rights that not every machine grants; where it does not, these tests say so and end.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::account::{Account, SITE, assert_counted};
use crate::load::{Load, body, events, post};
use crate::support::server::Server;
use crate::support::until;

const SIZE: &str = "size=160m,mode=700";

/// A file system in memory; unmounted when dropped.
struct Mount(PathBuf);

impl Mount {
    fn new(at: PathBuf) -> Option<Self> {
        fs::create_dir(&at).expect("a directory");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(&at).status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(at));
        }
        eprintln!("not tested: nothing may be mounted here");
        None
    }

    fn remount(&self, how: &str) {
        let status = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&self.0).status();
        assert!(status.expect("mount runs").success(), "remounted {how}");
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// A server whose state lies in a file system of its own. The mount goes last.
fn server_on_a_mount() -> Option<(Server, String, Mount)> {
    let mut server = Server::prepare(&[("HEADCOUNT_DELIVER__LOAD_INTERVAL_MS", "20")]);
    let mount = Mount::new(server.state_dir())?;
    server.add_site(SITE);
    let key = server.create_key(SITE, "read");
    server.start_again();
    Some((server, key, mount))
}

/// Writes until nothing more fits.
fn fill_up(path: &Path) {
    let mut file = File::create(path).expect("made");
    for size in [1 << 20, 4096, 1] {
        while file.write_all(&vec![7; size]).is_ok() {}
    }
}

#[test]
fn a_full_disk_under_spool_and_engine_sheds_and_recovers_by_itself() {
    let Some((server, key, mount)) = server_on_a_mount() else { return };
    let load = Load::start(server.public(), 2, "full");
    load.wait_for(20);
    let ballast = mount.0.join("ballast");
    fill_up(&ballast);
    until("the failure is seen", || (server.ops_get("/readyz").status == 503).then_some(()));
    let shed = server.send("POST", "/v1/events", &[], &body("shed", &events(0, 0)));
    assert_eq!((shed.status, shed.code().as_str(), shed.header("retry-after")), (503, "disk_failing", Some("5")));
    fs::remove_file(&ballast).expect("removed");
    until("hits are taken again", || (server.ops_get("/readyz").status == 200).then_some(()));
    load.wait_for(20);
    let account = load.finish();
    assert_counted(&server, &key, &account);
}

#[test]
fn a_state_directory_that_may_only_be_read_is_refused_and_nothing_in_it_is_lost() {
    let Some((mut server, key, mount)) = server_on_a_mount() else { return };
    let mut account = Account::default();
    for number in 0..10 {
        let events = events(0, number);
        assert!(post(&mut server.client(), &body(&format!("before-{number}"), &events), events.len()));
        events.iter().for_each(|sent| account.add(sent));
    }
    assert_eq!(server.end(libc::SIGTERM).code(), Some(0));
    mount.remount("ro");
    let failed = server.try_start().expect_err("it must not start");
    assert_eq!(failed.status.code(), Some(1), "{}", failed.said);
    let said: Vec<&str> = failed.said.lines().filter(|said| said.starts_with("headcount: ")).collect();
    assert!(said.len() == 1 && said[0].contains("Read-only file system"), "{}", failed.said);
    mount.remount("rw");
    server.start_again();
    assert_counted(&server, &key, &account);
}
