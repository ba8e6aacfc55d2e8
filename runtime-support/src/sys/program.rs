//! The running program's own file, for artefacts that are linked into it: their pages can be mapped again
//! from there, copy-on-write, instead of being copied.

use libc::{c_int, c_void, dl_phdr_info, size_t};
use std::fs::File;
use std::os::unix::fs::FileExt;

/// Bytes at either end that are compared between memory and file.
const COMPARED_BYTES: usize = 256;

/// The program's file and where in it `bytes` are. `None` if they are not part of the program, might have
/// been changed since it was loaded, or cannot be found.
///
/// The file cannot change: the kernel lets nobody write to a program that runs.
pub(crate) fn file_of(bytes: &'static [u8]) -> Option<(File, u64)> {
    let mut search = Search {
        start: bytes.as_ptr() as u64,
        bytes: bytes.len() as u64,
        offset: None,
    };
    // SAFETY: the callback gets the search it is made for.
    unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut search).cast()) };
    let offset = search.offset?;
    let file = File::open("/proc/self/exe").ok()?;
    // An emulator may show another file under that name.
    let ends = [0, bytes.len().saturating_sub(COMPARED_BYTES)];
    let same = ends.into_iter().all(|start| {
        let expected = &bytes[start..bytes.len().min(start + COMPARED_BYTES)];
        let mut found = [0; COMPARED_BYTES];
        let found = &mut found[..expected.len()];
        file.read_exact_at(found, offset + start as u64).is_ok() && found == expected
    });
    same.then_some((file, offset))
}

struct Search {
    start: u64,
    bytes: u64,
    offset: Option<u64>,
}

/// Called for the program first and then for each of its libraries; looks at the program only.
unsafe extern "C" fn look(info: *mut dl_phdr_info, _: size_t, search: *mut c_void) -> c_int {
    // SAFETY: the loader passes its record, and what `file_of` gave it.
    let (info, search) = unsafe { (&*info, &mut *search.cast::<Search>()) };
    if info.dlpi_phdr.is_null() {
        return 1;
    }
    // SAFETY: the loader's own table.
    let headers =
        unsafe { std::slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum)) };
    let loaded = headers
        .iter()
        .filter(|header| header.p_type == libc::PT_LOAD);
    let read_only = loaded.filter(|header| header.p_flags & libc::PF_W == 0);
    for header in read_only {
        let segment = info.dlpi_addr.wrapping_add(header.p_vaddr);
        let inside = search.start.checked_sub(segment).filter(|&inside| {
            inside
                .checked_add(search.bytes)
                .is_some_and(|end| end <= header.p_filesz)
        });
        if let Some(inside) = inside {
            search.offset = Some(header.p_offset + inside);
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    static PART: [u8; 70_000] = {
        let mut bytes = [0; 70_000];
        let mut at = 0;
        while at < bytes.len() {
            bytes[at] = (at % 253) as u8;
            at += 1;
        }
        bytes
    };

    #[test]
    fn constants_are_found_in_the_programs_file() {
        // Under an emulator there may be no such file, and that is an answer too.
        if let Some((file, offset)) = file_of(&PART) {
            let mut found = vec![0; PART.len()];
            file.read_exact_at(&mut found, offset).unwrap();
            assert_eq!(found, PART);
        }
        #[cfg(target_arch = "x86_64")]
        assert!(file_of(&PART).is_some());
        assert!(file_of(Box::leak(vec![1; 1000].into_boxed_slice())).is_none());
    }
}
