//! Serves a [`Backend`] over TCP: the listener, and around it authentication, limits and an orderly end.

pub mod auth;
mod connection;
mod http;
mod link;
mod open;
mod service;
mod settings;
mod work;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::Instrument;

pub use service::Service;
pub use settings::Settings;

use self::auth::Authenticator;
use self::connection::End;
use crate::backend::Backend;

/// A server that listens.
pub struct Server<B> {
    shared: Arc<Shared<B>>,
    listener: TcpListener,
    local: SocketAddr,
}

/// What all connections of a server share.
struct Shared<B> {
    backend: B,
    authenticator: Box<dyn Authenticator>,
    settings: Settings,
    /// The address that clients are told.
    address: String,
}

/// Why a server does not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; is another server running there, or is it no address of this machine?")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        source: io::Error,
    },

    /// Everybody could come in from elsewhere.
    #[error(
        "refused to listen on {address} without users, since everybody could read and change the data; add a user with \
         'boltwright user add NAME --users FILE' and start with '--users FILE', or listen on 127.0.0.1"
    )]
    Unprotected {
        /// The address.
        address: SocketAddr,
    },
}

impl<B: Backend> Server<B> {
    /// Listens on an address, `host:port`. Port 0 takes one that is free.
    ///
    /// # Errors
    /// When the address cannot be listened on, or when everybody could come in from other machines.
    pub async fn bind(address: &str, backend: B, authenticator: impl Authenticator, settings: Settings) -> Result<Self, BindError> {
        let failed = |source| BindError::Listen { address: address.to_owned(), source };
        let candidates: Vec<_> = tokio::net::lookup_host(address).await.map_err(failed)?.collect();
        if let Some(address) = candidates.iter().find(|candidate| authenticator.is_open() && !candidate.ip().is_loopback()) {
            return Err(BindError::Unprotected { address: *address });
        }
        let listener = TcpListener::bind(&candidates[..]).await.map_err(failed)?;
        let local = listener.local_addr().map_err(failed)?;
        let address = settings.advertise.clone().unwrap_or_else(|| advertised(address, local));
        let shared = Arc::new(Shared { backend, authenticator: Box::new(authenticator), settings, address });
        Ok(Self { shared, listener, local })
    }

    /// The address that it listens on.
    #[must_use]
    pub const fn local_address(&self) -> SocketAddr {
        self.local
    }

    /// The address that clients are told.
    #[must_use]
    pub fn advertised_address(&self) -> &str {
        &self.shared.address
    }

    /// Serves until the future is done. Then nobody else is let in, requests that are under way are finished, and what is still open is
    /// rolled back.
    pub async fn run(self, until: impl Future<Output = ()>) {
        let Self { shared, listener, .. } = self;
        let room = Arc::new(Semaphore::new(shared.settings.connections));
        let (stop, stopped) = watch::channel(false);
        let mut connections = JoinSet::new();
        let mut number = 0;
        let mut until = std::pin::pin!(until);
        loop {
            tokio::select! {
                biased;
                () = &mut until => break,
                Some(_) = connections.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => match Arc::clone(&room).try_acquire_owned() {
                        Ok(permit) => {
                            number += 1;
                            let task = welcome(Arc::clone(&shared), stream, number, stopped.clone(), permit);
                            connections.spawn(task.instrument(tracing::info_span!("connection", number, %peer)));
                        }
                        Err(_) => tracing::warn!(%peer, "turned away: {} connections are open, and no more are allowed", shared.settings.connections),
                    },
                    Err(error) => {
                        tracing::error!("cannot accept a connection: {error}");
                        // Out of file descriptors, most likely; some will be free again.
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
        drop(listener);
        // Whether anybody is left to hear it does not matter.
        let _ = stop.send(true);
        let all = async { while connections.join_next().await.is_some() {} };
        if timeout(shared.settings.grace, all).await.is_err() {
            tracing::warn!("some requests were not finished in time and are broken off");
        }
    }
}

/// How long to wait when nobody can be let in.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

async fn welcome<B: Backend>(
    shared: Arc<Shared<B>>,
    stream: TcpStream,
    number: u64,
    stop: watch::Receiver<bool>,
    _room: OwnedSemaphorePermit,
) {
    tracing::debug!("connected");
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("cannot send without delay: {error}");
    }
    report(&connection::serve(shared, stream, number, stop).await);
}

/// Says how a connection ended.
fn report(end: &End) {
    match end {
        End::Handshake(error) => tracing::warn!("{error}"),
        End::AuthenticationTimeout(_) => tracing::warn!("{end}"),
        end => tracing::debug!("{end}"),
    }
}

/// What clients are told: the host that was given, with the port that is meant. An address that stands for all is of no use to them.
fn advertised(given: &str, local: SocketAddr) -> String {
    let host = given.rsplit_once(':').map_or(given, |(host, _)| host);
    let port = local.port();
    if local.ip().is_unspecified() || host.is_empty() { format!("localhost:{port}") } else { format!("{host}:{port}") }
}

impl<B> std::fmt::Debug for Server<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("local", &self.local).finish_non_exhaustive()
    }
}
