//! What a session wants done, done by the authenticator and the backend.

use tokio::task::yield_now;
use tokio::time::Instant;

use super::connection::Connection;
use super::link::{Interruption, Watch};
use super::open::{Limit, Open, OpenResult};
use crate::backend::{Backend, BackendSession, Opened, Progress, Routing, Summary};
use crate::generated::ErrorCode;
use crate::session::{Credentials, Finished, Opening, RouteRequest};
use crate::transport::Transport;
use crate::wire::Failure;
use crate::wire::packstream::Dictionary;

/// What came of it, unless it was interrupted.
type Outcome = Result<Result<(), Failure>, Interruption>;

/// This is done to its end, so that everybody knows whether it was.
const UNINTERRUPTED: Watch = Watch { deadline: None, interruptible: false };

impl<B: Backend, T: Transport> Connection<B, T> {
    pub(super) async fn authenticate(&mut self, credentials: &Credentials<'_>) -> Outcome {
        let watch = self.watch();
        match self.link.attend(watch, self.shared.authenticator.authenticate(credentials)).await? {
            Ok(identity) => {
                tracing::debug!(user = identity.user, "authenticated");
                self.session.authenticated(identity);
                Ok(Ok(()))
            }
            Err(failure) => {
                tracing::warn!(user = credentials.principal().unwrap_or_default(), "refused: {failure}");
                Ok(Err(failure))
            }
        }
    }

    pub(super) async fn begin(&mut self, opening: Opening<'_>) -> Outcome {
        let start = Instant::now();
        let open = match self.open(opening, async |_| Ok(())).await? {
            Ok((open, ())) => self.open.insert(open),
            Err(failure) => return Ok(Err(failure)),
        };
        self.session.begun(open.session.database(), milliseconds(start));
        Ok(Ok(()))
    }

    pub(super) async fn run_statement(&mut self, opening: Option<Opening<'_>>, query: &str, parameters: Dictionary<'_>) -> Outcome {
        let start = Instant::now();
        let opened = match opening {
            Some(opening) => match self.open(opening, async |session: &mut B::Session| session.run(query, parameters).await).await? {
                Ok((open, opened)) => {
                    self.open = Some(open);
                    Ok(opened)
                }
                Err(failure) => Err(failure),
            },
            None => {
                let watch = self.watch();
                let Some(open) = &mut self.open else {
                    return Ok(Err(nothing_open()));
                };
                self.link.attend(watch, open.session.run(query, parameters)).await?
            }
        };
        let (Opened { columns, cursor }, open) = match (opened, &mut self.open) {
            (Ok(opened), Some(open)) => (opened, open),
            (Ok(_), None) => return Ok(Err(nothing_open())),
            (Err(failure), _) => return Ok(Err(failure)),
        };
        if let Some(id) = self.session.opened(&columns, open.session.database(), milliseconds(start)) {
            open.results.push(OpenResult { id, cursor, since: Instant::now() });
        }
        Ok(Ok(()))
    }

    /// Opens a transaction at the backend, begins it, and does something first in it.
    async fn open<R>(
        &mut self,
        opening: Opening<'_>,
        first: impl AsyncFnOnce(&mut B::Session) -> Result<R, Failure>,
    ) -> Result<Result<(Open<B::Session>, R), Failure>, Interruption> {
        let shared = &self.shared;
        let user = self.session.user().unwrap_or_default();
        let limit = Limit::new(opening.settings.timeout, shared.settings.transaction_timeout);
        let watch = Watch { deadline: limit.and_then(Limit::end), interruptible: true };
        let work = async {
            let mut session = shared.backend.open(opening.access(&user, &shared.address)).await?;
            session.begin(opening.settings).await?;
            let first = first(&mut session).await?;
            Ok((session, first))
        };
        match self.link.attend(watch, work).await {
            Ok(Ok((session, first))) => Ok(Ok((Open::new(session, limit), first))),
            Ok(Err(failure)) => Ok(Err(failure)),
            Err(Interruption::TimedOut) => Ok(Err(limit.map_or_else(nothing_open, Limit::failure))),
            Err(interruption) => Err(interruption),
        }
    }

    pub(super) async fn fetch(&mut self, id: i64) -> Outcome {
        loop {
            let watch = self.watch();
            let Some((open, position)) = self.open.as_mut().and_then(|open| open.position(id).map(|position| (open, position))) else {
                return Ok(Err(nothing_open()));
            };
            let cursor = &mut open.results[position].cursor;
            let mut rows = self.session.rows();
            let progress = self.link.attend(watch, open.session.fetch(cursor, &mut rows)).await;
            drop(rows);
            match progress? {
                Ok(Progress::More) if self.session.demands_rows() => {
                    self.link.send(self.session.output(), watch.deadline).await?;
                    self.link.glance()?;
                    yield_now().await;
                }
                Ok(Progress::More) => {
                    self.session.paused();
                    return Ok(Ok(()));
                }
                Ok(Progress::Done(summary)) => {
                    let since = open.results.swap_remove(position).since;
                    return self.finish(summary, since).await;
                }
                Err(failure) => return Ok(Err(failure)),
            }
        }
    }

    pub(super) async fn discard(&mut self, id: i64) -> Outcome {
        let watch = self.watch();
        let Some((open, position)) = self.open.as_mut().and_then(|open| open.position(id).map(|position| (open, position))) else {
            return Ok(Err(nothing_open()));
        };
        let OpenResult { cursor, since, .. } = open.results.swap_remove(position);
        match self.link.attend(watch, open.session.discard(cursor)).await? {
            Ok(summary) => self.finish(summary, since).await,
            Err(failure) => Ok(Err(failure)),
        }
    }

    /// The result has come to its end: a transaction around it alone is committed.
    async fn finish(&mut self, summary: Summary, since: Instant) -> Outcome {
        let Some(open) = &mut self.open else {
            return Ok(Err(nothing_open()));
        };
        let bookmark = if self.session.commits_at_end() {
            match self.link.attend(UNINTERRUPTED, open.session.commit()).await? {
                Ok(bookmark) => Some(bookmark),
                Err(failure) => return Ok(Err(failure)),
            }
        } else {
            None
        };
        let elapsed = milliseconds(since);
        self.session.finished(Finished { summary, bookmark, database: open.session.database(), elapsed });
        self.forget();
        Ok(Ok(()))
    }

    pub(super) async fn commit(&mut self) -> Outcome {
        let start = Instant::now();
        let Some(open) = &mut self.open else {
            return Ok(Err(nothing_open()));
        };
        open.results.clear();
        match self.link.attend(UNINTERRUPTED, open.session.commit()).await? {
            Ok(bookmark) => {
                self.session.committed(bookmark, milliseconds(start));
                self.forget();
                Ok(Ok(()))
            }
            Err(failure) => Ok(Err(failure)),
        }
    }

    pub(super) async fn rollback(&mut self) -> Outcome {
        let start = Instant::now();
        let Some(open) = &mut self.open else {
            return Ok(Err(nothing_open()));
        };
        open.results.clear();
        match self.link.attend(UNINTERRUPTED, open.session.rollback()).await? {
            Ok(()) => {
                self.session.rolled_back(milliseconds(start));
                self.forget();
                Ok(Ok(()))
            }
            Err(failure) => Ok(Err(failure)),
        }
    }

    pub(super) async fn route(&mut self, request: RouteRequest<'_>) -> Outcome {
        let watch = self.watch();
        let user = self.session.user().unwrap_or_default();
        let address = request.address().unwrap_or(&self.shared.address).to_owned();
        let routing = Routing {
            user: &user,
            impersonated: request.impersonated.as_deref(),
            database: request.database.as_deref(),
            address: &address,
            context: request.context,
            bookmarks: request.bookmarks,
        };
        match self.link.attend(watch, self.shared.backend.route(routing)).await? {
            Ok(table) => {
                self.session.routed(table);
                Ok(Ok(()))
            }
            Err(failure) => Ok(Err(failure)),
        }
    }

    /// A transaction that was ended properly leaves nothing to be cancelled.
    fn forget(&mut self) {
        if !self.session.in_transaction() {
            self.open = None;
        }
    }
}

fn milliseconds(since: Instant) -> u64 {
    since.elapsed().as_millis().try_into().unwrap_or(u64::MAX)
}

/// The session asks only for what it has been told is open.
fn nothing_open() -> Failure {
    Failure::new(ErrorCode::GeneralUnknownError, "The server has lost its transaction. This is a fault of the server; please report it.")
}
