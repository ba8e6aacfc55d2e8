//! Section `context`: which context hostcalls are about, and its end.

use crate::abi::Status;
use crate::context::{Context, ContextId, Ending};
use crate::effect::Outcome;
use crate::host::ProxyHost;
use crate::state::Call;

/// Makes hostcalls be about another context of the VM until the callback returns; 0 is the callback's own again.
/// `BadArgument` for a number that is no context.
pub(crate) fn proxy_set_effective_context<H: ProxyHost>(
    call: &mut Call<'_, H>,
    context_id: u32,
) -> Outcome {
    let state = call.state();
    let context = ContextId(context_id);
    if context == ContextId::NONE {
        state.effective = state.current;
        return Ok(());
    }
    if !state.contexts.contains(context) {
        return Err(Status::BadArgument.into());
    }
    state.effective = context;
    Ok(())
}

/// Ends the effective context, whose `proxy_on_done` returned false before; `proxy_on_delete` comes when the
/// guest has returned. `NotFound` if it did not.
pub(crate) fn proxy_done<H: ProxyHost>(call: &mut Call<'_, H>) -> Outcome {
    let state = call.state();
    let id = state.effective;
    match state.contexts.get_mut(id) {
        Some(Context::Root(root)) if root.ending == Ending::Pending => {
            root.ending = Ending::Done;
            state.finished.push(id);
            Ok(())
        }
        _ => Err(Status::NotFound.into()),
    }
}
