//! This module's own pages: code and constants that only a start needs are given back after it.
//!
//! A page of a file that is touched once stays resident, and the kernel brings its neighbours along, so that a whole
//! module is resident as soon as it has read a configuration and made an instance. What requests use is a small part of
//! it, and `layout.ld` puts that part together.

use libc::{PF_W, PT_LOAD, c_int, c_void, dl_phdr_info};
use std::ops::Range;

/// Gives back what is unchanged from the file: the next use of a page maps it again, without reading anything if the
/// file is in memory. For when something was started on a thread, which is rare.
pub fn give_back() {
    // SAFETY: the callback takes what the function passes to it, and no data.
    unsafe { libc::dl_iterate_phdr(Some(give_back_if_ours), std::ptr::null_mut()) };
}

/// Says with 1 that nothing is left to do.
unsafe extern "C" fn give_back_if_ours(
    info: *mut dl_phdr_info,
    _bytes: usize,
    _data: *mut c_void,
) -> c_int {
    // SAFETY: a record of the dynamic linker's, alive during the callback.
    let info = unsafe { &*info };
    if info.dlpi_phdr.is_null() {
        return 0;
    }
    // SAFETY: that many headers, of a module that stays loaded during the callback.
    let headers = unsafe { std::slice::from_raw_parts(info.dlpi_phdr, info.dlpi_phnum.into()) };
    let loaded = headers.iter().filter(|header| header.p_type == PT_LOAD);
    let place = |header: &libc::Elf64_Phdr| -> Range<usize> {
        let start = (info.dlpi_addr as usize).wrapping_add(header.p_vaddr as usize);
        start..start.wrapping_add(header.p_filesz as usize)
    };
    let here = give_back_if_ours as *const () as usize;
    if !loaded.clone().any(|header| place(header).contains(&here)) {
        return 0;
    }
    // SAFETY: asks about the system.
    let Ok(page_bytes) = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }) else {
        return 1;
    };
    // Read before anything goes: the headers lie in the first of the segments.
    let segments: Vec<_> = loaded
        .filter(|header| header.p_flags & PF_W == 0)
        .map(place)
        .collect();
    for Range { start, end } in segments {
        let start = start / page_bytes * page_bytes;
        // SAFETY: pages of a segment of ours, private and mapped from the file without leave to write. Nobody writes
        // there but a debugger, whose breakpoints would be lost: not even the dynamic linker, as there are no relocations
        // of text. So what comes back is what was there. A failure leaves the pages as they are.
        unsafe { libc::madvise(start as *mut c_void, end - start, libc::MADV_DONTNEED) };
    }
    1
}

#[cfg(test)]
mod tests {
    /// Resident memory, in KiB, of the mapping that has this code.
    fn resident() -> u64 {
        let here = resident as *const () as usize;
        let text = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let has_it = |line: &&str| {
            let range = line
                .split_once(' ')
                .and_then(|(range, _)| range.split_once('-'));
            let address = |text| usize::from_str_radix(text, 16).ok();
            range.is_some_and(|(low, high)| {
                address(low).is_some_and(|low| low <= here)
                    && address(high).is_some_and(|high| here < high)
            })
        };
        let mut lines = text.lines().skip_while(|line| !has_it(line));
        let value = lines.find_map(|line| line.strip_prefix("Rss:")).unwrap();
        value.trim().trim_end_matches(" kB").parse().unwrap()
    }

    #[test]
    fn code_is_given_back_and_is_there_afterwards() {
        let before = resident();
        super::give_back();
        let after = resident();
        assert!(after < before, "{after} KiB of {before}");
        let squares = (0..100).map(|number| number * number);
        assert_eq!(format!("{}", squares.sum::<usize>()), "328350");
    }
}
