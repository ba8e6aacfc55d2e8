//! A body on its way: written by an exchange, read by hyper, on one thread.
//!
//! The writer is never refused; it asks whether the pipe is full and then reads no more from the other side. So what
//! a slow reader can make us hold is what the pipe calls full and one piece more.

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// From so many bytes on a pipe is full.
pub const PIPE_BYTES: usize = 64 << 10;

/// The message was given up before its end.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the message was given up before its end")]
pub struct Aborted;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Open,
    Finished,
    Aborted,
}

#[derive(Debug)]
struct Pipe {
    frames: VecDeque<Frame<Bytes>>,
    bytes: usize,
    end: End,
    reader_gone: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Pipe {
    fn wake_reader(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }

    fn wake_writer(&mut self) {
        if let Some(writer) = self.writer.take() {
            writer.wake();
        }
    }
}

/// The two ends of a new pipe.
pub fn pipe() -> (PipeWriter, PipeBody) {
    let pipe = Rc::new(RefCell::new(Pipe {
        frames: VecDeque::new(),
        bytes: 0,
        end: End::Open,
        reader_gone: false,
        reader: None,
        writer: None,
    }));
    (PipeWriter(pipe.clone()), PipeBody(pipe))
}

/// A body that is there already.
pub fn whole(bytes: impl Into<Bytes>) -> PipeBody {
    let (mut writer, body) = pipe();
    writer.data(bytes.into());
    writer.finish();
    body
}

/// Where a body is written. Dropping it before [`finish`](Self::finish) aborts the message.
#[derive(Debug)]
pub struct PipeWriter(Rc<RefCell<Pipe>>);

impl PipeWriter {
    pub fn data(&mut self, bytes: Bytes) {
        let mut pipe = self.0.borrow_mut();
        if bytes.is_empty() || pipe.reader_gone || pipe.end != End::Open {
            return;
        }
        pipe.bytes += bytes.len();
        pipe.frames.push_back(Frame::data(bytes));
        pipe.wake_reader();
    }

    /// Sends trailers, which end the message.
    pub fn trailers(&mut self, trailers: HeaderMap) {
        {
            let mut pipe = self.0.borrow_mut();
            if !pipe.reader_gone && pipe.end == End::Open {
                pipe.frames.push_back(Frame::trailers(trailers));
            }
        }
        self.finish();
    }

    pub fn finish(&mut self) {
        self.end(End::Finished);
    }

    pub fn abort(&mut self) {
        self.end(End::Aborted);
    }

    fn end(&mut self, end: End) {
        let mut pipe = self.0.borrow_mut();
        if pipe.end == End::Open {
            pipe.end = end;
            pipe.wake_reader();
        }
    }

    pub fn is_full(&self) -> bool {
        let pipe = self.0.borrow();
        pipe.bytes >= PIPE_BYTES && !pipe.reader_gone
    }

    pub fn unread_bytes(&self) -> usize {
        self.0.borrow().bytes
    }

    /// Whether the reader has had everything or wants no more.
    pub fn is_drained(&self) -> bool {
        let pipe = self.0.borrow();
        pipe.frames.is_empty() || pipe.reader_gone
    }

    /// Whether the reader went away with something unread or unsaid.
    pub fn is_broken(&self) -> bool {
        let pipe = self.0.borrow();
        pipe.reader_gone && !(pipe.end == End::Finished && pipe.bytes == 0)
    }

    /// Has the task of `cx` woken when the reader reads on or goes away.
    pub fn watch(&self, cx: &Context<'_>) {
        self.0.borrow_mut().writer = Some(cx.waker().clone());
    }
}

impl Drop for PipeWriter {
    fn drop(&mut self) {
        self.abort();
    }
}

/// Where it is read.
#[derive(Debug)]
pub struct PipeBody(Rc<RefCell<Pipe>>);

impl Body for PipeBody {
    type Data = Bytes;
    type Error = Aborted;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Aborted>>> {
        let mut pipe = self.0.borrow_mut();
        if let Some(frame) = pipe.frames.pop_front() {
            pipe.bytes -= frame.data_ref().map_or(0, Bytes::len);
            pipe.wake_writer();
            return Poll::Ready(Some(Ok(frame)));
        }
        match pipe.end {
            End::Finished => Poll::Ready(None),
            End::Aborted => Poll::Ready(Some(Err(Aborted))),
            End::Open => {
                pipe.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        let pipe = self.0.borrow();
        pipe.end == End::Finished && pipe.frames.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let pipe = self.0.borrow();
        let mut hint = SizeHint::new();
        let bytes = pipe.bytes as u64;
        // With trailers to come the length must not be told: nothing could follow it.
        if pipe.end == End::Finished && !pipe.frames.iter().any(Frame::is_trailers) {
            hint.set_exact(bytes);
        } else {
            hint.set_lower(bytes);
        }
        hint
    }
}

impl Drop for PipeBody {
    fn drop(&mut self) {
        let mut pipe = self.0.borrow_mut();
        pipe.reader_gone = true;
        pipe.frames.retain(Frame::is_data);
        let unread = std::mem::take(&mut pipe.frames);
        pipe.bytes = unread
            .iter()
            .filter_map(Frame::data_ref)
            .map(Bytes::len)
            .sum();
        pipe.wake_writer();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &mut PipeBody) -> Poll<Option<Result<Frame<Bytes>, Aborted>>> {
        Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn what_is_written_is_read_in_order() {
        let (mut writer, mut body) = pipe();
        writer.data("one".into());
        writer.data("two".into());
        assert!(read(&mut body).is_ready_with("one") && read(&mut body).is_ready_with("two"));
        assert!(read(&mut body).is_pending());
        writer.finish();
        assert!(matches!(read(&mut body), Poll::Ready(None)) && body.is_end_stream());
    }

    trait Data {
        fn is_ready_with(&self, text: &str) -> bool;
    }

    impl Data for Poll<Option<Result<Frame<Bytes>, Aborted>>> {
        fn is_ready_with(&self, text: &str) -> bool {
            matches!(self, Poll::Ready(Some(Ok(frame))) if frame.data_ref().unwrap() == text)
        }
    }

    #[test]
    fn a_dropped_writer_aborts_the_message() {
        let (mut writer, mut body) = pipe();
        writer.data("part".into());
        drop(writer);
        assert!(read(&mut body).is_ready_with("part"));
        assert!(matches!(read(&mut body), Poll::Ready(Some(Err(Aborted)))));
    }

    #[test]
    fn a_full_pipe_says_so_until_it_is_read() {
        let (mut writer, mut body) = pipe();
        writer.data(vec![0; PIPE_BYTES].into());
        assert!(writer.is_full());
        assert!(read(&mut body).is_ready());
        assert!(!writer.is_full() && writer.is_drained());
    }

    #[test]
    fn a_reader_that_leaves_early_is_noticed() {
        let (mut writer, body) = pipe();
        writer.data("unread".into());
        writer.finish();
        drop(body);
        assert!(writer.is_broken() && writer.is_drained());
        let (mut writer, body) = pipe();
        writer.finish();
        drop(body);
        assert!(!writer.is_broken());
    }
}
