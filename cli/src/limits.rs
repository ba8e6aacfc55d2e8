//! The bounds that a program's user may set, for `ahead run` and for executables alike.

use ahead_wasi::Limits;

#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "What the program may take")]
pub struct LimitOptions {
    /// Size that no memory may exceed: bytes, or with `K`, `M` or `G`
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_memory: Option<u64>,

    /// Stack for the program's calls: bytes, or with `K`, `M` or `G`. Without it, 8M, or the stack of the
    /// thread if that is smaller (`ulimit -s`); a size asked for is there. Deeper is a trap
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_stack: Option<u64>,

    /// How many descriptors the program may have at once; 1024 if not given
    #[arg(long, value_name = "COUNT")]
    max_fds: Option<u32>,

    /// How much the program may write to files in all, or make them longer; removing gives nothing back. Beyond
    /// it, the program is told that its quota is used up
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_written: Option<u64>,

    /// How many files, directories and links the program may make in all
    #[arg(long, value_name = "COUNT")]
    max_files: Option<u64>,

    /// How many threads the program may have beside its first; 256 if not given, 8192 at most
    #[arg(long, value_name = "COUNT")]
    max_threads: Option<u32>,
}

impl LimitOptions {
    pub fn limits(&self) -> Limits {
        Limits {
            memory_bytes_max: self.max_memory,
            stack_bytes_max: self.max_stack,
            descriptors_max: self.max_fds,
            written_bytes_max: self.max_written,
            files_max: self.max_files,
            threads_max: self.max_threads,
        }
    }
}

/// A number of bytes, such as `65536`, `64K`, `512M` or `1G`.
pub fn size(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'K' | b'k') => (&text[..text.len() - 1], 10),
        Some(b'M' | b'm') => (&text[..text.len() - 1], 20),
        Some(b'G' | b'g') => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "not a number of bytes, such as `65536`, `512M` or `1G`".to_owned())?;
    number
        .checked_mul(1 << shift)
        .ok_or_else(|| "too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("65536"), Ok(65536));
        assert_eq!(size("64K"), Ok(65536));
        assert_eq!(size("3g"), Ok(3 << 30));
        for wrong in ["", "M", "1.5G", "-1", "1T", "99999999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
