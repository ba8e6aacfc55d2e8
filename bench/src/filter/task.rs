//! What a worker does with a filter: once through the mix and again in a process that is new, or request after request
//! for the times of each.

use super::{LoadedFilter, Mix, RunningFilter};
use crate::worker::{
    BATCHES_MAX, Embedded, Record, Repeat, bytes_each, cpu_ns, nanoseconds, proportional_bytes,
};
use anyhow::Result;
use std::path::Path;
use std::time::Instant;

/// Times through the mix in which everything that becomes of the requests is compared between engines: behind the
/// first, a filter may have learnt something.
const COMPARED: u32 = 2;

pub fn once(engine: &dyn Embedded, code: &Path, mix: &Mix, record: &mut Record) -> Result<()> {
    let filter = load(engine, code, mix, record)?;
    compared(&*filter, record)?;
    Ok(())
}

fn load(
    engine: &dyn Embedded,
    code: &Path,
    mix: &Mix,
    record: &mut Record,
) -> Result<Box<dyn LoadedFilter>> {
    let start = Instant::now();
    let filter = engine.filter(code, mix)?;
    record.load_ns = Some(nanoseconds(start.elapsed()));
    Ok(filter)
}

fn vm<'a>(
    filter: &'a dyn LoadedFilter,
    record: &mut Record,
) -> Result<Box<dyn RunningFilter + 'a>> {
    let start = Instant::now();
    let vm = filter.vm()?;
    record.instantiate_ns.push(nanoseconds(start.elapsed()));
    Ok(vm)
}

/// The first requests of a VM, written down.
fn compared<'a>(
    filter: &'a dyn LoadedFilter,
    record: &mut Record,
) -> Result<Box<dyn RunningFilter + 'a>> {
    let mut vm = vm(filter, record)?;
    vm.watch();
    for _ in 0..filter.requests() * COMPARED {
        record.iterations_ns.push(nanoseconds(vm.send(1)?));
    }
    record.seen = Some(vm.seen());
    Ok(vm)
}

pub fn repeat(
    engine: &dyn Embedded,
    code: &Path,
    mix: &Mix,
    how: &Repeat,
    record: &mut Record,
) -> Result<()> {
    let filter = load(engine, code, mix, record)?;
    let once_through = filter.requests();
    let cpu = cpu_ns();
    let start = Instant::now();
    let mut vm = compared(&*filter, record)?;
    // Half of the time request by request; then in batches that go through all of the mix, without the clock between.
    let (least, most) = (how.iterations_min as usize, how.iterations_max as usize);
    while record.iterations_ns.len() < most
        && (record.iterations_ns.len() < least || start.elapsed().as_secs_f64() < how.seconds / 2.0)
    {
        record.iterations_ns.push(nanoseconds(vm.send(1)?));
    }
    record.count = record.iterations_ns.len() as u64;
    let last: u64 = record
        .iterations_ns
        .iter()
        .rev()
        .take(once_through as usize)
        .sum();
    let size = once_through * (1_000_000 / last.max(1)).clamp(1, 10_000) as u32;
    while record.batches_ns.is_empty()
        || record.batches_ns.len() < BATCHES_MAX && start.elapsed().as_secs_f64() < how.seconds
    {
        let time = nanoseconds(vm.send(size)?);
        record.batches_ns.push(time as f64 / f64::from(size));
        record.count += u64::from(size);
    }
    record.cpu_ns = cpu_ns() - cpu;
    let before = proportional_bytes();
    let mut alive = Vec::new();
    for _ in 0..how.instances {
        let start = Instant::now();
        let mut another = filter.vm()?;
        record.instantiate_ns.push(nanoseconds(start.elapsed()));
        another.send(once_through)?;
        alive.push(another);
    }
    record.instance_bytes = bytes_each(before, how.instances);
    Ok(())
}
