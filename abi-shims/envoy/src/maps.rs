//! Which header maps of a stream a filter can see, and when: what it holds up, as Envoy's own host has it.
//!
//! A map comes with its callback and is there until the filter lets the message go on. When the stream is over, the
//! access log's maps can be read once more.

use ahead_proxy_wasm::abi::StreamMap;
use std::cell::Cell;

/// The maps that are there.
#[derive(Default)]
pub struct Maps {
    held: Cell<u8>,
    over: Cell<bool>,
}

const fn bit(map: StreamMap) -> u8 {
    1 << map as u8
}

/// What the access log has.
const LOGGED: u8 = bit(StreamMap::RequestHeaders)
    | bit(StreamMap::ResponseHeaders)
    | bit(StreamMap::ResponseTrailers);

impl Maps {
    /// The map has come.
    pub fn hold(&self, map: StreamMap) {
        self.held.set(self.held.get() | bit(map));
    }

    /// The message goes on.
    pub fn release(&self, map: StreamMap) {
        self.held.set(self.held.get() & !bit(map));
    }

    /// The stream is over.
    pub fn end(&self) {
        self.over.set(true);
        self.held.set(0);
    }

    pub fn can_read(&self, map: StreamMap) -> bool {
        let there = if self.over.get() {
            LOGGED
        } else {
            self.held.get()
        };
        there & bit(map) != 0
    }

    pub fn can_write(&self, map: StreamMap) -> bool {
        self.held.get() & bit(map) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_there_while_they_are_held_up_and_in_the_log() {
        let maps = Maps::default();
        assert!(!maps.can_read(StreamMap::RequestHeaders));
        maps.hold(StreamMap::RequestHeaders);
        assert!(
            maps.can_read(StreamMap::RequestHeaders) && maps.can_write(StreamMap::RequestHeaders)
        );
        assert!(!maps.can_read(StreamMap::ResponseHeaders));
        maps.release(StreamMap::RequestHeaders);
        assert!(!maps.can_read(StreamMap::RequestHeaders));
        maps.hold(StreamMap::RequestTrailers);
        maps.end();
        assert!(
            maps.can_read(StreamMap::RequestHeaders) && !maps.can_write(StreamMap::RequestHeaders)
        );
        assert!(!maps.can_read(StreamMap::RequestTrailers));
    }
}
