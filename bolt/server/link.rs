//! The two ends of a connection's stream: an inbox that fills while work is under way, and bytes on their way out.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::AsyncReadExt;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::session::Inbox;
use crate::transport::Transport;
use crate::wire::chunk;

/// The stream of a connection.
#[derive(Debug)]
pub(super) struct Link<T> {
    stream: T,
    pub(super) inbox: Inbox,
    /// Whole answers, of which the first may be sent in part. A NOOP may be put behind them at any time.
    outgoing: BytesMut,
    /// What was received may be looked through for what jumps the queue.
    pub(super) looks_ahead: bool,
    /// The client sends nothing more.
    ended: bool,
    keep_alive: Option<Duration>,
}

/// What ends a wait before its time.
#[derive(Debug)]
pub(super) enum Interruption {
    /// A request that jumps the queue has come in.
    Reset,
    /// The client says that it closes.
    Closing,
    /// The client is gone.
    Gone,
    /// The time is up.
    TimedOut,
    /// The connection is broken.
    Broken(io::Error),
}

/// What may end a wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watch {
    /// When the time is up.
    pub(super) deadline: Option<Instant>,
    /// Whether a reset, a close or the end of the connection ends it.
    pub(super) interruptible: bool,
}

/// Answers that are there are sent without waiting for this one, if it takes that long.
const PATIENCE: Duration = Duration::from_millis(5);

/// The least that there is room for in a read.
const READ: usize = 8 << 10;

/// The most that room is made for in one read.
const READ_MOST: usize = 1 << 20;

/// A buffer that grew over this is not kept.
const KEPT: usize = 1 << 20;

impl<T: Transport> Link<T> {
    pub(super) fn new(stream: T, inbox: Inbox, outgoing: BytesMut, keep_alive: Option<Duration>) -> Self {
        Self { stream, inbox, outgoing, looks_ahead: false, ended: false, keep_alive }
    }

    /// Waits until something has come in. False is the end.
    pub(super) async fn receive(&mut self) -> io::Result<bool> {
        poll_fn(|cx| self.poll_receive(cx)).await
    }

    /// Takes over what is to be sent, without sending it now.
    pub(super) fn put(&mut self, output: &mut BytesMut) {
        if self.outgoing.is_empty() {
            std::mem::swap(&mut self.outgoing, output);
        } else {
            self.outgoing.extend_from_slice(output);
            output.clear();
        }
    }

    /// Waits for something to be done. Meanwhile it receives, keeps the connection alive, and sends what was put there.
    pub(super) async fn attend<F: Future>(&mut self, watch: Watch, work: F) -> Result<F::Output, Interruption> {
        let mut work = pin!(work);
        let start = Instant::now();
        let mut clock = Clock { flush: Some(start + PATIENCE), noop: self.keep_alive.map(|every| start + every), deadline: watch.deadline };
        let mut alarm = pin!(sleep_until(clock.next(start)));
        poll_fn(|cx| {
            if let Poll::Ready(output) = work.as_mut().poll(cx) {
                return Poll::Ready(Ok(output));
            }
            if watch.interruptible {
                self.poll_watch(cx)?;
            }
            loop {
                if clock.flush.is_none()
                    && !self.outgoing.is_empty()
                    && let Poll::Ready(sent) = self.poll_send(cx, &mut BytesMut::new())
                {
                    sent?;
                }
                if !self.rings(cx, &mut clock, alarm.as_mut())? {
                    return Poll::Pending;
                }
            }
        })
        .await
    }

    /// Sends all there is. Meanwhile it receives, so that a client which gives up or closes is noticed.
    pub(super) async fn send(&mut self, output: &mut BytesMut, deadline: Option<Instant>) -> Result<(), Interruption> {
        let mut alarm = pin!(deadline.map(sleep_until));
        let sent = poll_fn(|cx| {
            if let Poll::Ready(sent) = self.poll_send(cx, output)? {
                return Poll::Ready(Ok(sent));
            }
            match self.poll_watch(cx) {
                // It has to read what is there in any case.
                Err(Interruption::Reset) | Ok(()) => {}
                // It may have ended only its own side.
                Err(Interruption::Gone) => {}
                Err(interruption) => return Poll::Ready(Err(interruption)),
            }
            match alarm.as_mut().as_pin_mut() {
                Some(alarm) => alarm.poll(cx).map(|()| Err(Interruption::TimedOut)),
                None => Poll::Pending,
            }
        })
        .await;
        for buffer in [&mut self.outgoing, output] {
            if buffer.capacity() > KEPT && buffer.is_empty() {
                *buffer = BytesMut::new();
            }
        }
        sent
    }

    /// Sends the end of the stream, as far as that is possible.
    pub(super) async fn shut(&mut self) {
        // Whoever no longer listens need not be told that this is the end.
        let _ = poll_fn(|cx| Pin::new(&mut self.stream).poll_shutdown(cx)).await;
    }

    /// One look at what has come in.
    pub(super) fn glance(&self) -> Result<(), Interruption> {
        match (self.inbox.closing(), self.inbox.interrupts()) {
            (true, _) => Err(Interruption::Closing),
            (false, 1..) => Err(Interruption::Reset),
            (false, 0) => Ok(()),
        }
    }

    /// Receives what there is, and says whether it ends the wait.
    fn poll_watch(&mut self, cx: &mut Context<'_>) -> Result<(), Interruption> {
        while !self.ended && self.inbox.has_room() {
            match self.poll_receive(cx) {
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(error)) => return Err(Interruption::Broken(error)),
                Poll::Pending => break,
            }
        }
        self.glance()?;
        if self.ended { Err(Interruption::Gone) } else { Ok(()) }
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        if self.ended {
            return Poll::Ready(Ok(false));
        }
        let room = self.inbox.needs().clamp(READ, READ_MOST);
        let input = self.inbox.input();
        input.reserve(room);
        let count = ready!(pin!(self.stream.read_buf(input)).poll(cx))?;
        self.ended = count == 0;
        if self.looks_ahead {
            self.inbox.look_ahead();
        }
        Poll::Ready(Ok(!self.ended))
    }

    fn poll_send(&mut self, cx: &mut Context<'_>, output: &mut BytesMut) -> Poll<Result<(), Interruption>> {
        while !(self.outgoing.is_empty() && output.is_empty()) {
            let stream = Pin::new(&mut self.stream);
            let written = if output.is_empty() {
                stream.poll_write(cx, &self.outgoing)
            } else if self.outgoing.is_empty() {
                stream.poll_write(cx, output)
            } else {
                stream.poll_write_vectored(cx, &[IoSlice::new(&self.outgoing), IoSlice::new(output)])
            };
            let written = ready!(written).map_err(Interruption::Broken)?;
            if written == 0 {
                return Poll::Ready(Err(Interruption::Gone));
            }
            let first = written.min(self.outgoing.len());
            self.outgoing.advance(first);
            output.advance(written - first);
        }
        // What was advanced over is given back, so that the buffers are used from their start again.
        self.outgoing.clear();
        output.clear();
        let flushed = ready!(Pin::new(&mut self.stream).poll_flush(cx)).map_err(Interruption::Broken);
        Poll::Ready(flushed)
    }

    /// Does what the clock says is due. False is that nothing is.
    fn rings(&mut self, cx: &mut Context<'_>, clock: &mut Clock, mut alarm: Pin<&mut Sleep>) -> Result<bool, Interruption> {
        if alarm.as_mut().poll(cx).is_pending() {
            return Ok(false);
        }
        let now = Instant::now();
        let due = |time: Option<Instant>| time.is_some_and(|time| time <= now);
        if due(clock.deadline) {
            return Err(Interruption::TimedOut);
        }
        if due(clock.flush) {
            clock.flush = None;
        }
        if let Some(every) = self.keep_alive.filter(|_| due(clock.noop)) {
            clock.noop = Some(now + every);
            // A client that reads nothing gets no heap of them.
            if self.outgoing.len() < READ {
                chunk::write_noop(&mut self.outgoing);
            }
        }
        alarm.reset(clock.next(now));
        Ok(true)
    }
}

/// What is due when.
#[derive(Clone, Copy, Debug)]
struct Clock {
    flush: Option<Instant>,
    noop: Option<Instant>,
    deadline: Option<Instant>,
}

impl Clock {
    fn next(&self, now: Instant) -> Instant {
        let far = now + Duration::from_secs(3600);
        [self.flush, self.noop, self.deadline].into_iter().flatten().fold(far, Instant::min)
    }
}
