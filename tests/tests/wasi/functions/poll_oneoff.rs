//! `poll_oneoff`: `again`, `fault`, `inval`; and as an event's error `badf`, `inval`, `notcapable`, `notsup`.

use crate::guest::{END, Guest, outside};
use crate::scratch::Scratch;
use ahead_wasi::types::{Errno, Rights, Version};
use ahead_wasi::{Blocking, Stdio, WasiConfig};
use std::io::Write;
use std::time::{Duration, Instant};

const SUBSCRIPTIONS: u32 = 1000;
const EVENTS: u32 = 9000;
const COUNT: u32 = 9900;

fn clock(version: Version, userdata: u64, id: u32, timeout_ns: u64, flags: u16) -> Vec<u8> {
    let mut record = userdata.to_le_bytes().to_vec();
    record.resize(16, 0);
    if version == Version::Preview0 {
        record.extend_from_slice(&[0xee; 8]);
    }
    record.extend_from_slice(&id.to_le_bytes());
    record.resize(record.len() + 4, 0xee);
    record.extend_from_slice(&timeout_ns.to_le_bytes());
    record.extend_from_slice(&1u64.to_le_bytes());
    record.extend_from_slice(&flags.to_le_bytes());
    record.resize(record.len() + 6, 0xee);
    record
}

fn descriptor(userdata: u64, kind: u8, fd: u32) -> Vec<u8> {
    let mut record = userdata.to_le_bytes().to_vec();
    record.push(kind);
    record.resize(16, 0xee);
    record.extend_from_slice(&fd.to_le_bytes());
    record.resize(48, 0xee);
    record
}

/// Polls; gives userdata, error and kind of each event.
fn poll(guest: &mut Guest, subscriptions: &[Vec<u8>]) -> Vec<(u64, u16, u8)> {
    guest.put(SUBSCRIPTIONS, &subscriptions.concat());
    let args = [SUBSCRIPTIONS, EVENTS, subscriptions.len() as u32, COUNT].map(i64::from);
    assert_eq!(guest.call("poll_oneoff", &args), Errno::Success);
    let count = guest.word(COUNT);
    guest.only_wrote(&[EVENTS..EVENTS + count * 32, COUNT..COUNT + 4]);
    let event = |index| {
        let record = guest.bytes(EVENTS + index * 32, 32);
        let userdata = u64::from_le_bytes(record[..8].try_into().unwrap());
        (
            userdata,
            u16::from_le_bytes([record[8], record[9]]),
            record[10],
        )
    };
    (0..count).map(event).collect()
}

#[test]
fn a_timeout_passes() {
    for version in Version::ALL {
        let mut guest = Guest::of(version, WasiConfig::default());
        for id in [0, 1] {
            let started = Instant::now();
            let events = poll(
                &mut guest,
                &[
                    clock(version, 7, id, 20_000_000, 0),
                    clock(version, 8, id, u64::MAX, 0),
                ],
            );
            assert!(started.elapsed() >= Duration::from_millis(20));
            assert_eq!(events, [(7, 0, 0)]);
        }
    }
}

#[test]
fn an_absolute_time_passes() {
    let mut guest = Guest::new(WasiConfig::default());
    assert_eq!(guest.call("clock_time_get", &[1, 0, 0]), Errno::Success);
    let due = guest.long(0) + 20_000_000;
    let events = poll(&mut guest, &[clock(Version::Preview1, 1, 1, due, 1)]);
    assert_eq!(events, [(1, 0, 0)]);
    assert_eq!(guest.call("clock_time_get", &[1, 0, 0]), Errno::Success);
    assert!(guest.long(0) >= due);
    // And one that has passed already.
    assert_eq!(
        poll(&mut guest, &[clock(Version::Preview1, 2, 0, 1, 1)]),
        [(2, 0, 0)]
    );
}

#[test]
fn input_wakes_a_sleeper() {
    let (input, mut feed) = std::io::pipe().unwrap();
    let mut guest = Guest::new(WasiConfig {
        stdin: Stdio::Fd(input.into()),
        ..WasiConfig::default()
    });
    let subscriptions = [
        descriptor(1, 1, 0),
        clock(Version::Preview1, 2, 1, 10_000_000, 0),
    ];
    assert_eq!(poll(&mut guest, &subscriptions), [(2, 0, 0)]);
    feed.write_all(b"abc").unwrap();
    assert_eq!(poll(&mut guest, &subscriptions), [(1, 0, 1)]);
    assert_eq!(guest.long(EVENTS + 16), 3, "bytes to read");
    assert_eq!(guest.bytes(EVENTS + 24, 2), [0, 0]);
    drop(feed);
    assert_eq!(poll(&mut guest, &subscriptions), [(1, 0, 1)]);
    assert_eq!(guest.bytes(EVENTS + 24, 2), [1, 0], "the other end hung up");
}

#[test]
fn outputs_are_writable() {
    let mut guest = Guest::new(WasiConfig::default());
    let events = poll(
        &mut guest,
        &[
            descriptor(1, 2, 1),
            descriptor(2, 2, 2),
            clock(Version::Preview1, 3, 1, u64::MAX, 0),
        ],
    );
    assert_eq!(events, [(1, 0, 2), (2, 0, 2)]);
}

#[test]
fn what_cannot_be_waited_for_is_an_event() {
    let mut guest = Guest::new(WasiConfig::default());
    let (badf, inval, notsup) = (
        Errno::Badf.code(),
        Errno::Inval.code(),
        Errno::Notsup.code(),
    );
    let events = poll(
        &mut guest,
        &[
            descriptor(1, 1, 9),
            descriptor(2, 2, u32::MAX),
            descriptor(3, 1, 1),
            clock(Version::Preview1, 4, 2, 0, 0),
            clock(Version::Preview1, 5, 3, 0, 1),
            clock(Version::Preview1, 6, 4, 0, 0),
            clock(Version::Preview1, 7, 1, u64::MAX, 0),
        ],
    );
    let expected = [
        (1, badf, 1),
        (2, badf, 2),
        (3, badf, 1),
        (4, notsup, 0),
        (5, notsup, 0),
        (6, inval, 0),
    ];
    assert_eq!(events, expected);
}

#[test]
fn the_right_can_be_given_up() {
    let mut guest = Guest::new(WasiConfig::default());
    guest.give_up(1, Rights::POLL_FD_READWRITE);
    let events = poll(&mut guest, &[descriptor(1, 2, 1), descriptor(2, 2, 2)]);
    assert_eq!(events, [(1, Errno::Notcapable.code(), 2), (2, 0, 2)]);
}

/// A file is always ready, both ways.
#[test]
fn files_are_ready() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents") as u32;
    let subscriptions = [descriptor(1, 1, fd), descriptor(2, 2, fd)];
    let events = poll(&mut scratch.guest, &subscriptions);
    assert_eq!(events, [(1, 0, 1), (2, 0, 2)]);
}

#[test]
fn an_embedder_need_not_let_it_wait() {
    for blocking in [
        Blocking::Forbidden,
        Blocking::Bounded(Duration::from_millis(5)),
    ] {
        let (input, _feed) = std::io::pipe().unwrap();
        let mut guest = Guest::new(WasiConfig {
            stdin: Stdio::Fd(input.into()),
            blocking,
            ..WasiConfig::default()
        });
        let long = clock(Version::Preview1, 1, 1, u64::MAX, 0);
        let [subscriptions, events, count] = [SUBSCRIPTIONS, EVENTS, COUNT].map(i64::from);
        guest.put(SUBSCRIPTIONS, &[long, descriptor(2, 1, 0)].concat());
        let args = [subscriptions, events, 2, count];
        guest.refuse("poll_oneoff", &args, Errno::Again);
        // What is there at once is not waited for.
        let now = clock(Version::Preview1, 3, 1, 0, 0);
        assert_eq!(poll(&mut guest, &[now]), [(3, 0, 0)]);
    }
}

#[test]
fn counts_and_kinds_are_checked() {
    let mut guest = Guest::new(WasiConfig::default());
    let [subscriptions, events, count] = [SUBSCRIPTIONS, EVENTS, COUNT].map(i64::from);
    for number in [0, 4097, i64::from(u32::MAX)] {
        guest.refuse(
            "poll_oneoff",
            &[subscriptions, events, number, count],
            Errno::Inval,
        );
    }
    guest.put(SUBSCRIPTIONS, &descriptor(1, 3, 0));
    guest.refuse(
        "poll_oneoff",
        &[subscriptions, events, 1, count],
        Errno::Inval,
    );
    guest.put(SUBSCRIPTIONS, &clock(Version::Preview1, 1, 0, 0, 2));
    guest.refuse(
        "poll_oneoff",
        &[subscriptions, events, 1, count],
        Errno::Inval,
    );
}

#[test]
fn arrays_have_to_be_inside() {
    let mut guest = Guest::new(WasiConfig::default());
    let [subscriptions, events, count] = [SUBSCRIPTIONS, EVENTS, COUNT].map(i64::from);
    guest.put(SUBSCRIPTIONS, &clock(Version::Preview1, 1, 0, 0, 0));
    for address in outside(48) {
        guest.refuse("poll_oneoff", &[address, events, 1, count], Errno::Fault);
    }
    for address in outside(32) {
        guest.refuse(
            "poll_oneoff",
            &[subscriptions, address, 1, count],
            Errno::Fault,
        );
    }
    for address in outside(4) {
        guest.refuse(
            "poll_oneoff",
            &[subscriptions, events, 1, address],
            Errno::Fault,
        );
    }
    guest.refuse(
        "poll_oneoff",
        &[subscriptions, events, 4096, count],
        Errno::Fault,
    );
    assert_eq!(
        guest.call(
            "poll_oneoff",
            &[subscriptions, i64::from(END - 32), 1, count]
        ),
        Errno::Success
    );
}

#[test]
fn events_may_lie_over_subscriptions() {
    let mut guest = Guest::new(WasiConfig::default());
    let records = [
        clock(Version::Preview1, 1, 0, 0, 0),
        clock(Version::Preview1, 2, 1, 0, 0),
    ];
    guest.put(SUBSCRIPTIONS, &records.concat());
    let args = [SUBSCRIPTIONS, SUBSCRIPTIONS + 8, 2, COUNT].map(i64::from);
    assert_eq!(guest.call("poll_oneoff", &args), Errno::Success);
    assert_eq!(guest.word(COUNT), 2);
    assert_eq!(
        (
            guest.long(SUBSCRIPTIONS + 8),
            guest.long(SUBSCRIPTIONS + 40)
        ),
        (1, 2)
    );
}
