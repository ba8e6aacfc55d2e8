//! Section `poll`: waiting for times and descriptors.

use crate::blocking::{self, Wait};
use crate::clock::host_monotonic_ns;
use crate::context::Process;
use crate::descriptor::Host;
use crate::memory::Call;
use crate::types::{Clockid, Errno, Eventrwflags, Eventtype, Rights, Subclockflags, Version};
use rustix::event::{PollFd, PollFlags};
use std::os::fd::AsFd;
use std::sync::Arc;

/// How many subscriptions one call may have. A guest has at most two uses for each of its descriptors, and
/// some clocks.
const SUBSCRIPTIONS_MAX: u32 = 4096;

/// Bytes of an event, in both ABIs.
const EVENT_BYTES: u32 = 32;

/// Waits until at least one of the `nsubscriptions` subscriptions at `subscriptions` has an event, writes
/// the events to `events`, in the order of their subscriptions, and their number to `nevents`.
///
/// A subscription that cannot be served (no such descriptor, no right to poll, a clock that nobody can wait
/// for) is an event that says so. `again` if the embedder does not let the guest wait so long; `inval` if there are none, more than 4096, or one of an unknown kind;
/// `fault` if one of the arrays is out of bounds.
pub(crate) fn poll_oneoff(
    call: &mut Call<'_>,
    subscriptions: u32,
    events: u32,
    nsubscriptions: u32,
    nevents: u32,
) -> Result<(), Errno> {
    if nsubscriptions == 0 || nsubscriptions > SUBSCRIPTIONS_MAX {
        return Err(Errno::Inval);
    }
    let record_bytes = Subscription::bytes(call.version);
    let records = call
        .memory
        .slice(subscriptions, nsubscriptions * record_bytes)?;
    let subscriptions = records
        .chunks_exact(record_bytes as usize)
        .map(|record| Subscription::parse(record, call.version))
        .collect::<Result<Vec<_>, _>>()?;
    call.check(events, nsubscriptions * EVENT_BYTES)?;
    call.check(nevents, 4)?;
    let ready = wait(call.ctx, &subscriptions)?;
    for (index, event) in ready.iter().enumerate() {
        call.write(events + index as u32 * EVENT_BYTES, &event.to_bytes())?;
    }
    call.write_u32(nevents, ready.len() as u32)
}

/// What to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Clock {
        id: u32,
        timeout_ns: u64,
        flags: Subclockflags,
    },
    Readable(u32),
    Writable(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Subscription {
    userdata: u64,
    subject: Subject,
}

impl Subscription {
    const fn bytes(version: Version) -> u32 {
        match version {
            Version::Preview0 => 56,
            Version::Preview1 => 48,
        }
    }

    /// ```text
    /// 0 userdata: u64 | 8 kind: u8 | 16 fd: u32
    /// preview 1, clock: 16 id: u32 | 24 timeout | 32 precision | 40 flags: u16 | 48
    /// preview 0, clock: 16 identifier: u64 | 24 id: u32 | 32 timeout | 40 precision | 48 flags: u16 | 56
    /// ```
    fn parse(record: &[u8], version: Version) -> Result<Self, Errno> {
        let word = |at: usize, bytes: usize| {
            let mut word = [0; 8];
            word[..bytes].copy_from_slice(&record[at..at + bytes]);
            u64::from_le_bytes(word)
        };
        let subject = match Eventtype::parse(u32::from(record[8]))? {
            Eventtype::Clock => {
                let start = match version {
                    Version::Preview0 => 24,
                    Version::Preview1 => 16,
                };
                Subject::Clock {
                    id: word(start, 4) as u32,
                    timeout_ns: word(start + 8, 8),
                    flags: Subclockflags::parse(word(start + 24, 2))?,
                }
            }
            Eventtype::FdRead => Subject::Readable(word(16, 4) as u32),
            Eventtype::FdWrite => Subject::Writable(word(16, 4) as u32),
        };
        Ok(Subscription {
            userdata: word(0, 8),
            subject,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Event {
    userdata: u64,
    error: Errno,
    kind: Eventtype,
    /// What can be read at least; 0 if the host does not say.
    bytes: u64,
    flags: Eventrwflags,
}

impl Event {
    fn new(subscription: &Subscription, error: Errno) -> Self {
        Event {
            userdata: subscription.userdata,
            error,
            kind: match subscription.subject {
                Subject::Clock { .. } => Eventtype::Clock,
                Subject::Readable(_) => Eventtype::FdRead,
                Subject::Writable(_) => Eventtype::FdWrite,
            },
            bytes: 0,
            flags: Eventrwflags::empty(),
        }
    }

    /// ```text
    /// 0 userdata: u64 | 8 error: u16 | 10 kind: u8 | 16 bytes: u64 | 24 flags: u16 | 32
    /// ```
    fn to_bytes(self) -> [u8; EVENT_BYTES as usize] {
        let mut out = [0; EVENT_BYTES as usize];
        out[..8].copy_from_slice(&self.userdata.to_le_bytes());
        out[8..10].copy_from_slice(&self.error.code().to_le_bytes());
        out[10] = self.kind.code();
        out[16..24].copy_from_slice(&self.bytes.to_le_bytes());
        out[24..26].copy_from_slice(&self.flags.bits().to_le_bytes());
        out
    }
}

/// A subscription on its way: what it waits for on the host, or what came of it already.
enum Pending {
    /// Until the host's monotonic clock shows this.
    Deadline(u64),
    /// Until the descriptor at this place of the poll list is ready.
    Descriptor(usize),
    Failed(Errno),
}

fn wait(ctx: &Process, subscriptions: &[Subscription]) -> Result<Vec<Event>, Errno> {
    let start_ns = host_monotonic_ns();
    let mut watched = Vec::new();
    let pending: Vec<Pending> = subscriptions
        .iter()
        .map(|subscription| {
            let prepared = match subscription.subject {
                Subject::Clock {
                    id,
                    timeout_ns,
                    flags,
                } => deadline_ns(ctx, start_ns, id, timeout_ns, flags).map(Pending::Deadline),
                Subject::Readable(fd) => {
                    watch(ctx, fd, Rights::FD_READ, PollFlags::IN, &mut watched)
                }
                Subject::Writable(fd) => {
                    watch(ctx, fd, Rights::FD_WRITE, PollFlags::OUT, &mut watched)
                }
            };
            prepared.unwrap_or_else(Pending::Failed)
        })
        .collect();
    let mut fds: Vec<_> = watched
        .iter()
        .map(|(host, flags)| PollFd::from_borrowed_fd(host.as_fd(), *flags))
        .collect();

    let mut first_deadline = None;
    for pending in &pending {
        let deadline = match pending {
            Pending::Deadline(deadline) => *deadline,
            // What has failed needs no waiting, but what is ready at once is an event as well.
            Pending::Failed(_) => 0,
            Pending::Descriptor(_) => continue,
        };
        first_deadline = Some(first_deadline.map_or(deadline, |first: u64| first.min(deadline)));
    }
    let bound = match Wait::from(ctx.blocking) {
        Wait::Yes => None,
        Wait::UpTo(nanoseconds) => Some(start_ns.saturating_add(nanoseconds)),
        Wait::No => Some(start_ns),
    };
    if let Some(bound) = bound {
        first_deadline = Some(first_deadline.map_or(bound, |first: u64| first.min(bound)));
    }
    loop {
        let now_ns = host_monotonic_ns();
        let timeout = first_deadline.map(|deadline| deadline.saturating_sub(now_ns));
        blocking::poll(&mut fds, timeout)?;
        let now_ns = host_monotonic_ns();
        let events: Vec<Event> = pending
            .iter()
            .zip(subscriptions)
            .filter_map(|(pending, subscription)| match pending {
                Pending::Deadline(deadline) => {
                    (*deadline <= now_ns).then(|| Event::new(subscription, Errno::Success))
                }
                Pending::Descriptor(index) => descriptor_event(subscription, &fds[*index]),
                Pending::Failed(errno) => Some(Event::new(subscription, *errno)),
            })
            .collect();
        if !events.is_empty() {
            return Ok(events);
        }
        if bound.is_some_and(|bound| bound <= now_ns) {
            return Err(Errno::Again);
        }
    }
}

/// When a clock subscription is due, by the host's monotonic clock.
fn deadline_ns(
    ctx: &Process,
    start_ns: u64,
    id: u32,
    timeout_ns: u64,
    flags: Subclockflags,
) -> Result<u64, Errno> {
    let clock = Clockid::parse(id)?;
    // A time that only passes while the guest computes does not pass while it waits.
    if matches!(clock, Clockid::ProcessCputimeId | Clockid::ThreadCputimeId) {
        return Err(Errno::Notsup);
    }
    let remaining_ns = if flags.contains(Subclockflags::SUBSCRIPTION_CLOCK_ABSTIME) {
        timeout_ns.saturating_sub(ctx.clocks.now_ns(clock)?)
    } else {
        timeout_ns
    };
    Ok(start_ns.saturating_add(remaining_ns))
}

/// Adds a descriptor to those that are watched. It stays open for as long.
fn watch(
    ctx: &Process,
    fd: u32,
    direction: Rights,
    flags: PollFlags,
    watched: &mut Vec<(Arc<Host>, PollFlags)>,
) -> Result<Pending, Errno> {
    let descriptor = ctx.descriptors.find(fd)?;
    // What a listener has to read are connections.
    let direction = match descriptor.require_listener() {
        Ok(()) if direction == Rights::FD_READ => Rights::SOCK_ACCEPT,
        _ => direction,
    };
    descriptor.require(direction.union(Rights::POLL_FD_READWRITE))?;
    watched.push((descriptor.share_host(), flags));
    Ok(Pending::Descriptor(watched.len() - 1))
}

fn descriptor_event(subscription: &Subscription, fd: &PollFd<'_>) -> Option<Event> {
    let revents = fd.revents();
    if revents.is_empty() {
        return None;
    }
    if revents.contains(PollFlags::NVAL) {
        return Some(Event::new(subscription, Errno::Badf));
    }
    // An error on the stream is for the call that meets it: what the guest learns here is not to wait.
    let mut event = Event::new(subscription, Errno::Success);
    if revents.intersects(PollFlags::HUP | PollFlags::ERR) {
        event.flags = Eventrwflags::FD_READWRITE_HANGUP;
    }
    if event.kind == Eventtype::FdRead {
        event.bytes = rustix::io::ioctl_fionread(fd).unwrap_or(0);
    }
    Some(event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocking::Blocking;
    use crate::context::{Stdio, WasiConfig, WasiCtx};
    use std::io::Write;

    fn clock(userdata: u64, id: Clockid, timeout_ns: u64, flags: Subclockflags) -> Subscription {
        Subscription {
            userdata,
            subject: Subject::Clock {
                id: id.code(),
                timeout_ns,
                flags,
            },
        }
    }

    fn outcome(events: &[Event]) -> Vec<(u64, Errno)> {
        events
            .iter()
            .map(|event| (event.userdata, event.error))
            .collect()
    }

    #[test]
    fn the_earliest_clock_wakes() {
        let ctx = WasiCtx::new(WasiConfig::default()).unwrap();
        let relative = Subclockflags::empty();
        let started = std::time::Instant::now();
        let events = wait(
            &ctx.process,
            &[
                clock(1, Clockid::Monotonic, u64::MAX, relative),
                clock(2, Clockid::Realtime, 20_000_000, relative),
                clock(3, Clockid::Realtime, u64::MAX, Subclockflags::ALL),
            ],
        );
        assert!(started.elapsed().as_nanos() >= 20_000_000);
        assert_eq!(outcome(&events.unwrap()), [(2, Errno::Success)]);
    }

    #[test]
    fn a_time_in_the_past_is_due_at_once() {
        let ctx = WasiCtx::new(WasiConfig::default()).unwrap();
        let events = wait(
            &ctx.process,
            &[
                clock(1, Clockid::Realtime, 1, Subclockflags::ALL),
                clock(2, Clockid::Monotonic, 0, Subclockflags::empty()),
            ],
        );
        assert_eq!(
            outcome(&events.unwrap()),
            [(1, Errno::Success), (2, Errno::Success)]
        );
    }

    #[test]
    fn an_embedder_can_forbid_and_bound_sleeping() {
        let relative = Subclockflags::empty();
        let long = [clock(1, Clockid::Monotonic, u64::MAX, relative)];
        let due = [long[0], clock(2, Clockid::Monotonic, 0, relative)];
        for blocking in [
            Blocking::Forbidden,
            Blocking::Bounded(std::time::Duration::from_millis(5)),
        ] {
            let ctx = WasiCtx::new(WasiConfig {
                blocking,
                ..WasiConfig::default()
            })
            .unwrap();
            assert_eq!(wait(&ctx.process, &long), Err(Errno::Again));
            assert_eq!(
                outcome(&wait(&ctx.process, &due).unwrap()),
                [(2, Errno::Success)]
            );
        }
    }

    #[test]
    fn what_cannot_be_waited_for_is_an_event() {
        let ctx = WasiCtx::new(WasiConfig::default()).unwrap();
        let relative = Subclockflags::empty();
        let mut unknown = clock(4, Clockid::Realtime, 0, relative);
        unknown.subject = Subject::Clock {
            id: 4,
            timeout_ns: 0,
            flags: relative,
        };
        let at = |userdata, subject| Subscription { userdata, subject };
        let events = wait(
            &ctx.process,
            &[
                clock(1, Clockid::ThreadCputimeId, 0, relative),
                at(2, Subject::Readable(9)),
                at(3, Subject::Readable(1)),
                unknown,
                clock(5, Clockid::Monotonic, u64::MAX, relative),
            ],
        );
        let badf = Errno::Badf;
        assert_eq!(
            outcome(&events.unwrap()),
            [(1, Errno::Notsup), (2, badf), (3, badf), (4, Errno::Inval)]
        );
    }

    #[test]
    fn input_wakes_and_says_how_much() {
        let (input, mut feed) = std::io::pipe().unwrap();
        let ctx = WasiCtx::new(WasiConfig {
            stdin: Stdio::Fd(input.into()),
            ..WasiConfig::default()
        })
        .unwrap();
        let subscriptions = [
            Subscription {
                userdata: 1,
                subject: Subject::Readable(0),
            },
            clock(2, Clockid::Monotonic, 10_000_000, Subclockflags::empty()),
        ];
        let events = wait(&ctx.process, &subscriptions).unwrap();
        assert_eq!(outcome(&events), [(2, Errno::Success)]);
        feed.write_all(b"abc").unwrap();
        let events = wait(&ctx.process, &subscriptions).unwrap();
        assert_eq!(outcome(&events), [(1, Errno::Success)]);
        assert_eq!(
            (events[0].bytes, events[0].flags),
            (3, Eventrwflags::empty())
        );
        drop(feed);
        let events = wait(&ctx.process, &subscriptions).unwrap();
        assert_eq!(events[0].flags, Eventrwflags::FD_READWRITE_HANGUP);
    }

    #[test]
    fn subscriptions_are_laid_out_by_version() {
        for (version, start) in [(Version::Preview0, 24), (Version::Preview1, 16)] {
            let mut record = vec![0xee; Subscription::bytes(version) as usize];
            record[..8].copy_from_slice(&7u64.to_le_bytes());
            record[8] = 0;
            record[start..start + 4].copy_from_slice(&1u32.to_le_bytes());
            record[start + 8..start + 16].copy_from_slice(&99u64.to_le_bytes());
            record[start + 24..start + 26].copy_from_slice(&1u16.to_le_bytes());
            let parsed = Subscription::parse(&record, version);
            assert_eq!(
                parsed,
                Ok(clock(7, Clockid::Monotonic, 99, Subclockflags::ALL))
            );
            record[start + 24] = 2;
            assert_eq!(Subscription::parse(&record, version), Err(Errno::Inval));
            record[8] = 3;
            assert_eq!(Subscription::parse(&record, version), Err(Errno::Inval));
        }
    }

    #[test]
    fn events_are_laid_out_as_specified() {
        let subscription = Subscription {
            userdata: 0x0807_0605_0403_0201,
            subject: Subject::Writable(1),
        };
        let mut event = Event::new(&subscription, Errno::Badf);
        event.bytes = 0x11;
        event.flags = Eventrwflags::ALL;
        let bytes = event.to_bytes();
        assert_eq!(bytes[..8], [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(bytes[8..11], [8, 0, 2]);
        assert_eq!((bytes[16], bytes[24]), (0x11, 1));
    }
}
