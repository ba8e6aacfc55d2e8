//! The text of a path, taken apart: where its last component is looked for, and what it is.

use crate::types::Errno;

/// One component that names something: not empty, not `.` or `..`, no slash in it. Whatever is done to it in
/// an open directory stays in that directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name<'p>(&'p [u8]);

impl<'p> Name<'p> {
    pub(crate) fn bytes(self) -> &'p [u8] {
        self.0
    }
}

/// What a path ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Last<'p> {
    Name(Name<'p>),
    /// `.`
    Itself,
    /// `..`
    Parent,
}

/// A relative path before anything was looked up.
///
/// ```text
/// a/../b/c//   parent `a/../b`, last `c`, is_directory
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SplitPath<'p> {
    /// All of it without slashes at the end.
    pub(crate) trimmed: &'p [u8],
    /// What stands before the last component; empty for the directory where the path starts.
    pub(crate) parent: &'p [u8],
    pub(crate) last: Last<'p>,
    /// It ends with a slash.
    pub(crate) is_directory: bool,
}

impl<'p> SplitPath<'p> {
    /// `noent` if there is nothing, `notcapable` for an absolute path: a guest's root is no directory.
    pub(crate) fn new(path: &'p [u8]) -> Result<Self, Errno> {
        match path.first() {
            None => return Err(Errno::Noent),
            Some(b'/') => return Err(Errno::Notcapable),
            Some(_) => {}
        }
        let trimmed = trim_slashes(path);
        let (parent, last) = match trimmed.iter().rposition(|&byte| byte == b'/') {
            Some(slash) => (trim_slashes(&trimmed[..slash]), &trimmed[slash + 1..]),
            None => (&trimmed[..0], trimmed),
        };
        let last = match last {
            b"." => Last::Itself,
            b".." => Last::Parent,
            name => Last::Name(Name(name)),
        };
        Ok(SplitPath {
            trimmed,
            parent,
            last,
            is_directory: trimmed.len() < path.len(),
        })
    }
}

fn trim_slashes(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|&byte| byte != b'/');
    &path[..end.map_or(0, |last| last + 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_apart() {
        let name = |name| Last::Name(Name(name));
        for (path, parent, last, is_directory) in [
            (&b"a"[..], &b""[..], name(b"a"), false),
            (b"a/", b"", name(b"a"), true),
            (b"a//", b"", name(b"a"), true),
            (b"a/b", b"a", name(b"b"), false),
            (b"a//b///", b"a", name(b"b"), true),
            (b"a/../b", b"a/..", name(b"b"), false),
            (b".", b"", Last::Itself, false),
            (b"./", b"", Last::Itself, true),
            (b"a/..", b"a", Last::Parent, false),
            (b"...", b"", name(b"..."), false),
            (b"\xff\xfe/\n", b"\xff\xfe", name(b"\n"), false),
        ] {
            let split = SplitPath::new(path).unwrap();
            assert_eq!(
                (split.parent, split.last, split.is_directory),
                (parent, last, is_directory),
                "{}",
                path.escape_ascii()
            );
            assert!(!split.trimmed.ends_with(b"/"));
        }
    }

    #[test]
    fn nothing_and_absolute_paths_are_refused() {
        assert_eq!(SplitPath::new(b""), Err(Errno::Noent));
        for path in [&b"/"[..], b"//", b"/a", b"//a/.."] {
            assert_eq!(SplitPath::new(path), Err(Errno::Notcapable));
        }
    }
}
