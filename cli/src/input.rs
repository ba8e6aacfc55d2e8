//! Reading what the user names: a Wasm module, its text form, or an artefact, told apart by content.

use anyhow::{Context, Result};
use std::io::Read;
use std::path::Path;

const ELF_MAGIC: &[u8; 4] = b"\x7fELF";
const WASM_MAGIC: &[u8; 4] = b"\0asm";

/// More than any module has, and no more than is read of a file that does not end.
const BYTES_MAX: u64 = 1 << 30;

/// What a file holds, going by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Wasm,
    /// An ELF file: our artefact, if it has a header.
    Native,
    /// Neither: Wasm's text form, if it is anything.
    Text,
}

pub fn kind(bytes: &[u8]) -> Kind {
    if bytes.starts_with(ELF_MAGIC) {
        Kind::Native
    } else if bytes.starts_with(WASM_MAGIC) {
        Kind::Wasm
    } else {
        Kind::Text
    }
}

/// Whether the file starts as ELF does, without reading more of it.
pub fn is_native(path: &Path) -> std::io::Result<bool> {
    let mut magic = [0; 4];
    let mut file = std::fs::File::open(path)?;
    match file.read_exact(&mut magic) {
        Ok(()) => Ok(magic == *ELF_MAGIC),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Reads a file, or standard input if the path is `-`.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    if path == Path::new("-") {
        return read_all(std::io::stdin().lock(), 0).context("cannot read standard input");
    }
    let read = || {
        let file = std::fs::File::open(path)?;
        let bytes = file.metadata()?.len();
        read_all(file, bytes)
    };
    read().with_context(|| format!("cannot read `{}`", path.display()))
}

/// Reads what is probably of a length of `bytes_expected`.
fn read_all(from: impl Read, bytes_expected: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(bytes_expected.min(BYTES_MAX) as usize);
    from.take(BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(std::io::Error::other("it is larger than 1 GiB"));
    }
    Ok(bytes)
}

/// Reads a module. Text is assembled; its errors come with line and column.
#[cfg(feature = "compiler")]
pub fn read_module(path: &Path) -> Result<Vec<u8>> {
    let bytes = read(path)?;
    module(path, bytes)
}

/// The binary module in `bytes`, which were read from `path`.
#[cfg(feature = "compiler")]
pub fn module(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>> {
    match kind(&bytes) {
        Kind::Wasm => Ok(bytes),
        Kind::Native => anyhow::bail!(
            "`{}` is native code, and a WebAssembly module is expected",
            path.display()
        ),
        // No text can start so, and a truncated or mangled binary should not be told off as bad text.
        Kind::Text if bytes.is_empty() || bytes[0] == 0 => anyhow::bail!(
            "`{}` is not a WebAssembly module: {}",
            path.display(),
            if bytes.is_empty() {
                "it is empty"
            } else {
                "it does not start with `\\0asm` (at offset 0x0)"
            }
        ),
        Kind::Text => {
            let text = wat::Parser::new()
                .parse_bytes(Some(path), &bytes)
                .map_err(|error| {
                    anyhow::anyhow!("cannot assemble `{}`: {error}", path.display())
                })?;
            Ok(text.into_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_apart() {
        assert_eq!(kind(b"\0asm\x01\0\0\0"), Kind::Wasm);
        assert_eq!(kind(b"\x7fELF\x02"), Kind::Native);
        assert_eq!(kind(b"(module)"), Kind::Text);
        assert_eq!(kind(b""), Kind::Text);
    }
}
