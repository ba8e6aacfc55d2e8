//! Section `shared_queue`: queues between VMs, by `vm_id` and name.

use crate::abi::Status;
use crate::effect::Outcome;
use crate::host::ProxyHost;
use crate::state::Call;

/// Makes a queue, or opens the one of this name, and writes its number to `return_queue_id`. From now on
/// `proxy_on_queue_ready` of this root context tells of new items. `BadArgument` while the VM starts,
/// `InternalFailure` beyond the limits.
pub(crate) fn proxy_register_shared_queue<H: ProxyHost>(
    call: &mut Call<'_, H>,
    name_data: u32,
    name_size: u32,
    return_queue_id: u32,
) -> Outcome {
    let (mut memory, state) = call.parts();
    memory.slice(return_queue_id, 4)?;
    let name = memory.slice(name_data, name_size)?;
    let root = state.root()?;
    let config = &state.config;
    if name.len() > config.limits.name_bytes_max {
        return Err(Status::InternalFailure.into());
    }
    let queues = &state.shared.queues;
    let token = queues.register(&config.vm_id, name, &state.inbox, root, &config.limits)?;
    memory.write_u32(return_queue_id, token)?;
    Ok(())
}

/// Writes the number of a queue of another `vm_id`, or with an empty one of the VM's own, to `return_queue_id`.
/// `NotFound` if there is none.
pub(crate) fn proxy_resolve_shared_queue<H: ProxyHost>(
    call: &mut Call<'_, H>,
    vm_id_data: u32,
    vm_id_size: u32,
    name_data: u32,
    name_size: u32,
    return_queue_id: u32,
) -> Outcome {
    let (mut memory, state) = call.parts();
    memory.slice(return_queue_id, 4)?;
    let vm_id = memory.slice(vm_id_data, vm_id_size)?;
    let name = memory.slice(name_data, name_size)?;
    let vm_id = match vm_id {
        [] => &state.config.vm_id,
        vm_id => std::str::from_utf8(vm_id).map_err(|_| Status::NotFound)?,
    };
    let token = state.shared.queues.resolve(vm_id, name);
    memory.write_u32(return_queue_id, token.ok_or(Status::NotFound)?)?;
    Ok(())
}

/// Puts an item at the queue's end. `NotFound` if there is no such queue, `InternalFailure` if it is full.
pub(crate) fn proxy_enqueue_shared_queue<H: ProxyHost>(
    call: &mut Call<'_, H>,
    queue_id: u32,
    value_data: u32,
    value_size: u32,
) -> Outcome {
    let (memory, state) = call.parts();
    let item = memory.slice(value_data, value_size)?;
    let queues = &state.shared.queues;
    Ok(queues.enqueue(queue_id, item, &state.config.limits)?)
}

/// Hands over the item at the queue's front and removes it. `NotFound` if there is no such queue, `Empty` if
/// nothing is in it.
pub(crate) fn proxy_dequeue_shared_queue<H: ProxyHost>(
    call: &mut Call<'_, H>,
    queue_id: u32,
    return_value_data: u32,
    return_value_size: u32,
) -> Outcome {
    call.produce(return_value_data, return_value_size, |_, state, into| {
        into.append(&mut state.shared.queues.dequeue(queue_id)?);
        Ok(())
    })
}
