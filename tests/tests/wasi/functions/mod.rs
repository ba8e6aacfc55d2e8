//! The functions of WASI, one file each: what it does, with guard bytes around what it may write; every error it can
//! give; the last byte of the memory and the one beyond; arguments that overlap or overflow.
//!
//! The first line of a file names the errors.

use ahead_tests::workspace;
use ahead_wasi::table::FUNCTIONS;
use std::collections::BTreeSet;

mod args_get;
mod args_sizes_get;
mod clock_res_get;
mod clock_time_get;
mod environ_get;
mod environ_sizes_get;
mod fd_advise;
mod fd_allocate;
mod fd_close;
mod fd_datasync;
mod fd_fdstat_get;
mod fd_fdstat_set_flags;
mod fd_fdstat_set_rights;
mod fd_filestat_get;
mod fd_filestat_set_size;
mod fd_filestat_set_times;
mod fd_pread;
mod fd_prestat_dir_name;
mod fd_prestat_get;
mod fd_pwrite;
mod fd_read;
mod fd_readdir;
mod fd_renumber;
mod fd_seek;
mod fd_sync;
mod fd_tell;
mod fd_write;
mod path_create_directory;
mod path_filestat_get;
mod path_filestat_set_times;
mod path_link;
mod path_open;
mod path_readlink;
mod path_remove_directory;
mod path_rename;
mod path_symlink;
mod path_unlink_file;
mod poll_oneoff;
mod proc_exit;
mod proc_raise;
mod random_get;
mod sched_yield;
mod sock_accept;
mod sock_recv;
mod sock_send;
mod sock_shutdown;

#[test]
fn every_function_has_a_file_and_tests_in_it() {
    let folder = workspace().join("tests/tests/wasi/functions");
    let here = std::fs::read_to_string(folder.join("mod.rs")).unwrap();
    for function in FUNCTIONS {
        let name = function.name;
        let file = std::fs::read_to_string(folder.join(format!("{name}.rs")));
        let file = file.unwrap_or_else(|error| panic!("no tests of `{name}`: {error}"));
        assert!(file.starts_with(&format!("//! `{name}`")), "{name}");
        assert!(here.contains(&format!("\nmod {name};\n")), "{name}");
        let calls = file.contains(&format!("\"{name}\"")) && file.contains("#[test]");
        assert!(calls, "{name} is not called");
        // What it can give is named where the tests are, and is in them.
        let about: String = file
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .collect();
        let errors: BTreeSet<&str> = about.split('`').skip(1).step_by(2).collect();
        for error in errors {
            let is_error = error.bytes().all(|byte| byte.is_ascii_lowercase());
            let variant = format!("Errno::{}{}", error[..1].to_uppercase(), &error[1..]);
            let tried = file.contains(&variant) || (error == "fault" && file.contains("edges("));
            assert!(!is_error || tried, "{name}: `{error}`");
        }
    }
    let files = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(files, FUNCTIONS.len() + 1, "a file of no function");
}
