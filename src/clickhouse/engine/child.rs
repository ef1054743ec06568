//! Inside the child process: loads ClickHouse and hands it the command line. Called by `main` for the hidden
//! subcommand, before anything else of the program is set up. It must not know configuration, logging or tokio.

use std::ffi::{CStr, CString, OsString, c_char, c_int, c_void};
use std::io::Write as _;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::time::Duration;

/// How often the child looks whether its parent is still there. Its standard input closing is the usual sign;
/// this covers a parent whose end of the pipe was inherited by somebody else.
const PARENT_CHECK: Duration = Duration::from_secs(1);

type QueryCommandLine = unsafe extern "C" fn(c_int, *mut *mut c_char) -> *mut c_void;
type ResultError = unsafe extern "C" fn(*mut c_void) -> *const c_char;

/// Runs ClickHouse until its standard input closes, then ends the process. `arguments`: the library, then what
/// ClickHouse itself is to be told. Whatever it has to complain about goes to standard error.
pub fn run_child(arguments: impl IntoIterator<Item = OsString>) -> ! {
    follow_parent();
    let code = match load_and_run(arguments) {
        Ok(()) => 0,
        Err(message) => {
            // Nobody may be listening any more; that is no reason to panic.
            let _ = writeln!(std::io::stderr(), "{message}");
            1
        }
    };
    // Not `exit`: destructors of the library run threads down in an order of their own and have been seen to hang.
    // SAFETY: `_exit` has no preconditions; what was acknowledged is on disk already (fsync_after_insert).
    unsafe { libc::_exit(code) }
}

/// Ends this process soon after its parent has ended.
fn follow_parent() {
    let parent = std::os::unix::process::parent_id();
    std::thread::spawn(move || {
        while std::os::unix::process::parent_id() == parent {
            std::thread::sleep(PARENT_CHECK);
        }
        // SAFETY: `_exit` has no preconditions; the engine is made to survive being killed.
        unsafe { libc::_exit(3) }
    });
}

fn load_and_run(arguments: impl IntoIterator<Item = OsString>) -> Result<(), String> {
    let mut arguments = arguments.into_iter();
    let library = PathBuf::from(arguments.next().ok_or("no library named")?);
    let mut texts = vec![c"clickhouse".to_owned()];
    for argument in arguments {
        texts.push(CString::new(argument.into_vec()).map_err(|_| "an argument holds a zero byte")?);
    }
    // SAFETY: loading runs the library's initialisers. It is the file the operator or the package manager put there,
    // and this process exists for nothing else.
    let loaded = unsafe { libloading::Library::new(&library) }
        .map_err(|error| format!("cannot load {}: {error}", library.display()))?;
    let outcome = call(&loaded, &texts);
    // Threads of the library may still run: unloading their code would crash them.
    std::mem::forget(loaded);
    outcome
}

fn call(library: &libloading::Library, texts: &[CString]) -> Result<(), String> {
    let mut pointers: Vec<*mut c_char> = texts.iter().map(|text| text.as_ptr().cast_mut()).collect();
    let count = c_int::try_from(pointers.len()).map_err(|_| "too many arguments")?;
    pointers.push(std::ptr::null_mut());
    // SAFETY: name and signature are those of `chdb.h`, a C interface its makers keep stable since 26.1.
    let run = unsafe { library.get::<QueryCommandLine>(b"chdb_query_cmdline\0") }.map_err(|e| e.to_string())?;
    // SAFETY: as above (`chdb_result_error`).
    let error_of = unsafe { library.get::<ResultError>(b"chdb_result_error\0") }.map_err(|e| e.to_string())?;
    // SAFETY: `pointers` holds `count` pointers to zero-ended texts and a null behind them, as a C `main` expects;
    // texts and array live until the call has returned, and the library only reads them.
    let result = unsafe { run(count, pointers.as_mut_ptr()) };
    if result.is_null() {
        return Err("chdb_query_cmdline gave no result".to_owned());
    }
    // SAFETY: `result` is the live result just returned; it is never freed, since the process ends next.
    let message = unsafe { error_of(result) };
    if message.is_null() {
        return Ok(());
    }
    // SAFETY: a non-null error is a zero-ended text that lives as long as its result.
    Err(unsafe { CStr::from_ptr(message) }.to_string_lossy().into_owned())
}
