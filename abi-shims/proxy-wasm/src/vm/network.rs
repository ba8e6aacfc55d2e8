//! The events of a connection.

use super::Vm;
use crate::abi::{PeerType, TrailersStatus};
use crate::context::ContextId;
use crate::error::Failed;
use crate::host::ProxyHost;

impl<H: ProxyHost> Vm<H> {
    /// `proxy_on_new_connection`.
    pub fn on_new_connection(&mut self, id: ContextId) -> Result<TrailersStatus, Failed> {
        let callback = self.callbacks.proxy_on_new_connection;
        let answer = self.call(id, "proxy_on_new_connection", callback, (id.0,))?;
        Ok(self.trailers_status(answer))
    }

    /// `proxy_on_downstream_data`: bytes from the client, with how many can be read.
    pub fn on_downstream_data(
        &mut self,
        id: ContextId,
        bytes: u32,
        end_of_stream: bool,
    ) -> Result<TrailersStatus, Failed> {
        let params = (id.0, bytes, u32::from(end_of_stream));
        let callback = self.callbacks.proxy_on_downstream_data;
        let answer = self.call(id, "proxy_on_downstream_data", callback, params)?;
        Ok(self.trailers_status(answer))
    }

    /// `proxy_on_upstream_data`: bytes to the client, with how many can be read.
    pub fn on_upstream_data(
        &mut self,
        id: ContextId,
        bytes: u32,
        end_of_stream: bool,
    ) -> Result<TrailersStatus, Failed> {
        let params = (id.0, bytes, u32::from(end_of_stream));
        let callback = self.callbacks.proxy_on_upstream_data;
        let answer = self.call(id, "proxy_on_upstream_data", callback, params)?;
        Ok(self.trailers_status(answer))
    }

    /// `proxy_on_downstream_connection_close`: the client's side is closed.
    pub fn on_downstream_close(&mut self, id: ContextId, by: PeerType) -> Result<(), Failed> {
        let name = "proxy_on_downstream_connection_close";
        let callback = self.callbacks.proxy_on_downstream_connection_close;
        self.call(id, name, callback, (id.0, by.number()))?;
        Ok(())
    }

    /// `proxy_on_upstream_connection_close`: the server's side is closed.
    pub fn on_upstream_close(&mut self, id: ContextId, by: PeerType) -> Result<(), Failed> {
        let name = "proxy_on_upstream_connection_close";
        let callback = self.callbacks.proxy_on_upstream_connection_close;
        self.call(id, name, callback, (id.0, by.number()))?;
        Ok(())
    }
}
