//! Section `shared_data`: values by key that all VMs of one `vm_id` see.

use crate::abi::Status;
use crate::effect::Outcome;
use crate::host::ProxyHost;
use crate::state::Call;

/// Sets the value of a key. `CasMismatch` if `cas` is not 0 and the present value has another number;
/// `InternalFailure` beyond the limits.
pub(crate) fn proxy_set_shared_data<H: ProxyHost>(
    call: &mut Call<'_, H>,
    key_data: u32,
    key_size: u32,
    value_data: u32,
    value_size: u32,
    cas: u32,
) -> Outcome {
    let (memory, state) = call.parts();
    let key = memory.slice(key_data, key_size)?;
    let value = memory.slice(value_data, value_size)?;
    let limits = &state.config.limits;
    if key.len() > limits.name_bytes_max {
        return Err(Status::InternalFailure.into());
    }
    let data = &state.space.data;
    Ok(data.set(key, value, cas, limits.shared_data_bytes_max)?)
}

/// Hands over the value of a key, and writes its number to `return_cas`. `NotFound` if there is none.
pub(crate) fn proxy_get_shared_data<H: ProxyHost>(
    call: &mut Call<'_, H>,
    key_data: u32,
    key_size: u32,
    return_value_data: u32,
    return_value_size: u32,
    return_cas: u32,
) -> Outcome {
    call.check(return_cas, 4)?;
    let mut cas = 0;
    call.produce(
        return_value_data,
        return_value_size,
        |memory, state, into| {
            let key = memory.slice(key_data, key_size)?;
            cas = state.space.data.get(key, into)?;
            Ok(())
        },
    )?;
    call.write_u32(return_cas, cas)
}
