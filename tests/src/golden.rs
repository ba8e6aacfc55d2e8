//! Outputs that are compared whole with a file, and rewritten with `BLESS=1` for review to read the diff.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Compares `actual` with the file, where no file stands for nothing. With `BLESS=1` makes the file so.
pub fn compare(path: &Path, actual: &str) -> Result<(), String> {
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    if blessing() {
        let written = if actual.is_empty() {
            std::fs::remove_file(path)
        } else {
            std::fs::write(path, actual)
        };
        return written.map_err(|error| format!("cannot bless `{}`: {error}", path.display()));
    }
    Err(format!(
        "`{}` differs (BLESS=1 rewrites it):\n{}",
        path.display(),
        difference(&expected, actual)
    ))
}

/// Whether what is compared is to be rewritten instead.
pub fn blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// Lines around the first difference: `-` expected, `+` actual.
fn difference(expected: &str, actual: &str) -> String {
    const CONTEXT: usize = 3;
    const SHOWN: usize = 12;
    let (expected, actual): (Vec<_>, Vec<_>) =
        (expected.lines().collect(), actual.lines().collect());
    let same = expected
        .iter()
        .zip(&actual)
        .take_while(|(expected, actual)| expected == actual)
        .count();
    let mut out = String::new();
    for line in &expected[same.saturating_sub(CONTEXT)..same] {
        writeln!(out, "    {line}").expect("a String");
    }
    for (sign, lines) in [('-', &expected), ('+', &actual)] {
        for line in lines.iter().skip(same).take(SHOWN) {
            writeln!(out, "  {sign} {line}").expect("a String");
        }
        if lines.len() > same + SHOWN {
            writeln!(out, "  {sign} ...").expect("a String");
        }
    }
    out
}

/// Files with the given extension in the folders below `root`, sorted.
///
/// # Panics
/// If a folder cannot be read.
pub fn files(root: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("`{}`: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("a folder's entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Runs `check` on each file, on several threads, and reports all that fail.
///
/// # Panics
/// If one of them fails, or there is none.
pub fn for_each(files: &[PathBuf], check: impl Fn(&Path) -> Result<(), String> + Sync) {
    assert!(!files.is_empty(), "no tests found");
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get());
    let next = std::sync::atomic::AtomicUsize::new(0);
    let failures = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(file) =
                    files.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                {
                    if let Err(why) = check(file) {
                        let mut failures = failures.lock().expect("no check panics in here");
                        failures.push(format!("{}: {why}", file.display()));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().expect("the threads are done");
    failures.sort();
    assert!(
        failures.is_empty(),
        "{} of {} failed:\n\n{}",
        failures.len(),
        files.len(),
        failures.join("\n\n")
    );
}

/// Checks that each output below `root` has a source beside it: a file of its name up to the first dot.
///
/// # Panics
/// If one has none, or a folder cannot be read.
pub fn no_orphans(root: &Path, source: &str, outputs: &[&str]) {
    for output in outputs {
        for file in files(root, output) {
            let name = file.file_name().and_then(|name| name.to_str());
            let stem = name.and_then(|name| name.split('.').next());
            let made_of = file.with_file_name(format!("{}.{source}", stem.unwrap_or_default()));
            assert!(
                made_of.exists(),
                "`{}` is the output of nothing",
                file.display()
            );
        }
    }
}

/// The lines of a file's head that start with `prefix`, without it.
pub fn directives<'a>(text: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines()
        .filter_map(move |line| line.strip_prefix(prefix))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_with_what_leads_to_it() {
        let shown = difference("a\nb\nc\nd\n", "a\nb\nx\n");
        assert_eq!(shown, "    a\n    b\n  - c\n  - d\n  + x\n");
    }

    #[test]
    fn no_file_is_no_output() {
        let missing = Path::new("/nonexistent/a.stdout");
        assert!(compare(missing, "").is_ok());
    }
}
