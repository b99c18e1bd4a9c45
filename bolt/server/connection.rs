//! One connection from its first byte to its last: handshake, then messages in order, each answered before the next is looked at.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::Shared;
use super::http;
use super::link::{Interruption, Link, Watch};
use super::open::Open;
use crate::backend::{Backend, BackendSession};
use crate::generated::{ErrorCode, Version};
use crate::session::{Inbox, Session, SessionConfig, Work};
use crate::transport::Transport;
use crate::wire::handshake::{Agreed, HandshakeError, ServerHandshake};
use crate::wire::{Failure, chunk};

/// How a connection came to its end.
#[derive(Debug, Error)]
pub(super) enum End {
    #[error("closed")]
    Closed,
    #[error("the client went away")]
    Gone,
    #[error("the server stops")]
    Stopped,
    #[error("not authenticated within {} seconds of the connect", .0.as_secs())]
    AuthenticationTimeout(Duration),
    #[error("{0}")]
    Handshake(#[from] HandshakeError),
    #[error("the connection broke: {0}")]
    Broken(#[from] std::io::Error),
}

/// The first version in which a server may send NOOPs.
const KEPT_ALIVE_SINCE: Version = Version::V4_1;

/// How long a connection waits for the backend to end a cancelled work; then that goes on beside it.
const CANCEL_PATIENCE: Duration = Duration::from_millis(250);

/// How long the last bytes may take to be sent.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Serves one connection until its end.
pub(super) async fn serve<B: Backend>(
    shared: Arc<Shared<B>>,
    mut stream: impl Transport,
    number: u64,
    mut stop: watch::Receiver<bool>,
) -> End {
    let limit = shared.settings.authentication_timeout;
    let login = Instant::now() + limit;
    let mut input = BytesMut::new();
    let mut output = BytesMut::new();
    let agreed = tokio::select! {
        agreed = handshake(&shared, &mut stream, &mut input, &mut output) => match agreed {
            Ok(agreed) => agreed,
            Err(end) => return end,
        },
        () = sleep_until(login) => return End::AuthenticationTimeout(limit),
        _ = stop.changed() => return End::Stopped,
    };
    tracing::debug!(version = %agreed.version, "agreed");

    let config = SessionConfig {
        agent: shared.settings.agent.clone(),
        connection_id: format!("bolt-{number}"),
        advertised_address: shared.address.clone(),
        recv_timeout_seconds: 2 * shared.settings.keep_alive.as_secs().cast_signed(),
        output_mark: shared.settings.output_mark,
        message_limit: shared.settings.message_limit,
        open_results: shared.settings.open_results,
    };
    let keep_alive = Some(shared.settings.keep_alive).filter(|_| agreed.version >= KEPT_ALIVE_SINCE);
    let inbox = Inbox::new(agreed.version, input, chunk::LIMIT_BEFORE_AUTHENTICATION);
    let link = Link::new(stream, inbox, output, keep_alive);
    let mut connection = Connection { shared, link, session: Session::new(agreed, config), open: None, login: Some(login), stop };
    let end = connection.run().await;
    connection.end(&end).await;
    end
}

/// Reads until a version is agreed on. What was read behind the handshake stays in the input; what is to be sent with the first answer
/// is all sent.
async fn handshake<B: Backend>(
    shared: &Shared<B>,
    stream: &mut impl Transport,
    input: &mut BytesMut,
    output: &mut BytesMut,
) -> Result<Agreed, End> {
    let mut handshake = ServerHandshake::new(&shared.settings.versions);
    loop {
        if stream.read_buf(input).await? == 0 {
            return Err(End::Gone);
        }
        let agreed = handshake.receive(input, output);
        if matches!(agreed, Err(HandshakeError::Http)) && http::is_whole(input) {
            http::answer(input, &shared.address, output);
        }
        // In one write: some drivers cannot take a manifest in pieces.
        stream.write_all_buf(output).await?;
        stream.flush().await?;
        match agreed {
            Ok(Some(agreed)) => return Ok(agreed),
            Ok(None) => {}
            Err(HandshakeError::Http) if !http::is_whole(input) => {}
            Err(error) => {
                // Said in vain, if it cannot be said.
                let _ = stream.shutdown().await;
                return Err(error.into());
            }
        }
    }
}

/// A connection that has agreed on a version.
pub(super) struct Connection<B: Backend, T> {
    pub(super) shared: Arc<Shared<B>>,
    pub(super) link: Link<T>,
    pub(super) session: Session,
    /// What is open at the backend.
    pub(super) open: Option<Open<B::Session>>,
    /// When the client must be authenticated.
    login: Option<Instant>,
    stop: watch::Receiver<bool>,
}

impl<B: Backend, T: Transport> Connection<B, T> {
    async fn run(&mut self) -> End {
        loop {
            match self.turn().await {
                Ok(()) if self.session.is_closed() => return End::Closed,
                Ok(()) => {}
                Err(end) => return end,
            }
        }
    }

    /// One message, or a wait for one.
    async fn turn(&mut self) -> Result<(), End> {
        self.link.inbox.set_limit(self.session.message_limit());
        self.link.looks_ahead = self.session.is_authenticated();
        if self.link.looks_ahead {
            self.login = None;
            self.link.inbox.look_ahead();
        }
        match self.link.inbox.take() {
            Ok(Some(message)) => {
                let interrupts = self.link.inbox.interrupts();
                if let Some(work) = self.session.handle(&message, interrupts) {
                    self.perform(work).await?;
                }
                self.settle().await;
                if self.session.output().len() >= self.shared.settings.output_mark {
                    self.send().await?;
                }
                Ok(())
            }
            Ok(None) => {
                self.send().await?;
                self.wait().await
            }
            Err(error) => {
                self.session.too_large(&error);
                Ok(())
            }
        }
    }

    /// Has a piece of work done, and tells the session what came of it.
    async fn perform(&mut self, work: Work<'_>) -> Result<(), End> {
        self.link.put(self.session.output());
        let outcome = match work {
            Work::Authenticate(credentials) => self.authenticate(&credentials).await,
            Work::Begin(opening) => self.begin(opening).await,
            Work::Run { opening, query, parameters } => self.run_statement(opening, &query, parameters).await,
            Work::Fetch { result } => self.fetch(result).await,
            Work::Discard { result } => self.discard(result).await,
            Work::Commit => self.commit().await,
            Work::Rollback => self.rollback().await,
            Work::Route(request) => self.route(request).await,
        };
        match outcome {
            Ok(Ok(())) => Ok(()),
            Ok(Err(failure)) => {
                self.session.failed(&failure);
                Ok(())
            }
            Err(interruption) => self.interrupted(interruption),
        }
    }

    fn interrupted(&mut self, interruption: Interruption) -> Result<(), End> {
        match interruption {
            Interruption::Reset => {
                let message = "RESET ended this work before it was done. Send it again if it is still wanted.";
                self.session.failed(&Failure::new(ErrorCode::ClientTransactionTerminated, message));
                Ok(())
            }
            Interruption::TimedOut => match self.timed_out() {
                Some(failure) => {
                    self.session.failed(&failure);
                    Ok(())
                }
                None => Err(End::AuthenticationTimeout(self.shared.settings.authentication_timeout)),
            },
            Interruption::Closing => Err(End::Closed),
            Interruption::Gone => Err(End::Gone),
            Interruption::Broken(error) => Err(End::Broken(error)),
        }
    }

    /// What a transaction whose time is up fails with; none if there is no transaction, but a client that takes too long to log on.
    fn timed_out(&self) -> Option<Failure> {
        self.open.as_ref().and_then(Open::time_is_up)
    }

    /// What may end a wait for work.
    pub(super) fn watch(&self) -> Watch {
        let deadline = self.open.as_ref().and_then(Open::deadline).or(self.login);
        Watch { deadline, interruptible: true }
    }

    /// Sends what there is.
    pub(super) async fn send(&mut self) -> Result<(), End> {
        let deadline = self.watch().deadline;
        match self.link.send(self.session.output(), deadline).await {
            Ok(()) => Ok(()),
            Err(Interruption::TimedOut) if self.timed_out().is_some() => {
                self.expire().await;
                let sent = self.link.send(self.session.output(), None).await;
                sent.or_else(|interruption| self.interrupted(interruption))
            }
            Err(interruption) => self.interrupted(interruption),
        }
    }

    /// Waits for the client to ask for something.
    async fn wait(&mut self) -> Result<(), End> {
        if *self.stop.borrow() {
            return Err(End::Stopped);
        }
        let deadline = self.watch().deadline;
        let far = Instant::now() + Duration::from_secs(86_400);
        tokio::select! {
            biased;
            received = self.link.receive() => match received {
                Ok(true) => Ok(()),
                Ok(false) => {
                    if self.link.inbox.in_message() {
                        self.session.truncated();
                    }
                    Err(End::Gone)
                }
                Err(error) => Err(End::Broken(error)),
            },
            () = sleep_until(deadline.unwrap_or(far)), if deadline.is_some() => {
                if self.timed_out().is_none() {
                    return Err(End::AuthenticationTimeout(self.shared.settings.authentication_timeout));
                }
                self.expire().await;
                Ok(())
            }
            _ = self.stop.changed() => Err(End::Stopped),
        }
    }

    /// Ends a transaction whose time is up while the client asks for nothing. It is told when it asks.
    async fn expire(&mut self) {
        if let Some(failure) = self.timed_out() {
            self.session.expire(failure);
            self.settle().await;
        }
    }

    /// Ends what the backend still has of a transaction that is over for the session.
    async fn settle(&mut self) {
        if self.session.in_transaction() {
            return;
        }
        if let Some(open) = self.open.take() {
            let cancel = tokio::spawn(open.into_session().cancel());
            if timeout(CANCEL_PATIENCE, cancel).await.is_err() {
                tracing::warn!("the database takes long to end a cancelled transaction; it goes on without the connection");
            }
        }
    }

    /// Says the last words, if there are any, and ends what is open.
    async fn end(&mut self, end: &End) {
        if let Some(open) = self.open.take() {
            // It has its own time: nobody waits for it here.
            tokio::spawn(open.into_session().cancel());
        }
        if matches!(end, End::Closed | End::Gone | End::Stopped) {
            // A client that is gone does not hear them.
            let _ = timeout(LAST_WORDS, self.link.send(self.session.output(), None)).await;
        }
        let _ = timeout(LAST_WORDS, self.link.shut()).await;
    }
}
