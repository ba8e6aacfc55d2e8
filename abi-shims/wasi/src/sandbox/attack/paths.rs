//! The list of paths: every way up and out, from every place, in every spelling.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Ways to stay where one is, before a way out.
const PREFIXES: &[&str] = &[
    "",
    "./",
    ".//./",
    "dir/../",
    "dir/sub/../../",
    "in/../",
    "dir/sub/top/",
    "nothing/../",
];

/// Ways out, and ends that look like one.
const WAYS: &[&str] = &[
    "..",
    "../",
    "../.",
    "../..",
    "../outside",
    "../outside/",
    "../outside/secret",
    "..//outside//secret",
    ".././outside/./secret",
    "../given/../outside/secret",
    "../given/file",
    "../outside/new",
    "../outside/link",
    "../outside/empty",
    "up",
    "up/",
    "up/.",
    "up/outside/secret",
    "up/outside/new",
    "up/outside/link",
    "up/outside/empty",
    "out",
    "out/",
    "out//",
    "out/.",
    "out/..",
    "out/secret",
    "out/secret/",
    "out/new",
    "out/new/",
    "out/link",
    "out/link/",
    "out/empty",
    "out/empty/",
    "out_file",
    "out_file/",
    "out_new",
    "out_new/",
    "absolute",
    "absolute/",
    "absolute/secret",
    "absolute/new",
    "absolute/empty",
    "absolute_file",
    "by_link",
    "by_link/secret",
    "chain40",
    "chain41",
    "chain40/",
    "loop",
    "loop/",
    "loop/secret",
    "ping",
    "dangling",
    "dangling/",
    "dangling/x",
    "fifo",
    "file/..",
    "file/../../outside/secret",
    "file",
    "file/",
    "in/file",
    "in",
    "in/",
    "new",
    "new/",
    "empty",
    "empty/",
];

/// All paths. `base` holds what is given and what lies outside.
pub(super) fn all(base: &Path) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for prefix in PREFIXES {
        all.extend(WAYS.iter().map(|way| format!("{prefix}{way}").into_bytes()));
    }
    let absolute = |rest: &str| [base.as_os_str().as_bytes(), rest.as_bytes()].concat();
    for rest in [
        "",
        "/",
        "/outside",
        "/outside/secret",
        "/outside/new",
        "/given/file",
    ] {
        let path = absolute(rest);
        // By name, from the top by `..`, and by the links that the kernel makes of a process's root.
        all.push(["/".as_bytes(), &path].concat());
        all.push([b"../".repeat(40), path[1..].to_vec()].concat());
        for magic in ["magic_root", "magic_cwd", "magic_fd"] {
            all.push([magic.as_bytes(), &path].concat());
        }
        all.push(path);
    }
    all.extend(
        ["/", "//", "///.", "/..", "", ".", "./", "./."].map(|path| path.as_bytes().to_vec()),
    );
    all.push(vec![b'a'; 255]);
    all.push(vec![b'a'; 256]);
    all.push(b"a/".repeat(2047));
    all.push(b"dir/../".repeat(500));
    all.push([b"dir/../".repeat(500), b"../outside/secret".to_vec()].concat());
    all.push([b"../".repeat(1300), b"outside/secret".to_vec()].concat());
    for odd in [
        &b"\xff\xfe"[..],
        b"\xff/../../outside/secret",
        b"\n",
        b"...",
        b"..\xc0\xaf",
        b"..\\outside",
    ] {
        all.push(odd.to_vec());
    }
    all
}
