//! Serves connections that others have accepted, whatever they run over.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;
use tracing::Instrument;

use super::auth::Authenticator;
use super::{Settings, Shared, report};
use crate::backend::Backend;
use crate::transport::Transport;

/// A server without a listener: it serves streams that somebody else has accepted, or that never leave the process.
pub struct Service<B> {
    shared: Arc<Shared<B>>,
    connections: AtomicU64,
    /// Never sent anything: whoever runs a connection ends it by dropping it.
    stop: watch::Sender<bool>,
}

impl<B: Backend> Service<B> {
    /// A service whose clients are told the address, `host:port`.
    ///
    /// Whether everybody may come in is for the caller to judge, who knows where the streams are from.
    #[must_use]
    pub fn new(backend: B, authenticator: impl Authenticator, settings: Settings, address: String) -> Self {
        let shared = Arc::new(Shared { backend, authenticator: Box::new(authenticator), settings, address });
        Self { shared, connections: AtomicU64::new(0), stop: watch::Sender::new(false) }
    }

    /// Serves one connection until its end.
    pub async fn serve(&self, stream: impl Transport) {
        let number = self.connections.fetch_add(1, Ordering::Relaxed) + 1;
        let connection = super::connection::serve(Arc::clone(&self.shared), stream, number, self.stop.subscribe());
        let span = tracing::info_span!("connection", number);
        async { report(&connection.await) }.instrument(span).await;
    }
}

impl<B> std::fmt::Debug for Service<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("address", &self.shared.address).finish_non_exhaustive()
    }
}
