//! The server over TCP, spoken to in raw bytes.

#![cfg(feature = "server")]
#![allow(missing_docs, clippy::unwrap_used, reason = "what fails here is the test")]

mod authentication;
mod backend;
mod client;
mod limits;
mod messages;
mod transactions;

#[allow(dead_code, missing_docs, unreachable_pub, reason = "its main function is not called here")]
#[path = "../../examples/minimal_backend.rs"]
mod minimal_backend;

use std::net::SocketAddr;
use std::time::Duration;

use boltwright::backend::Backend;
use boltwright::server::auth::{Authenticator, Open};
use boltwright::server::{Server, Settings};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A server that runs until it is dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    pub(crate) task: JoinHandle<()>,
}

impl Running {
    /// Asks it to stop.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
    }
}

pub(crate) async fn start(backend: impl Backend) -> Running {
    start_with(backend, Open, Settings::default()).await
}

pub(crate) async fn start_with(backend: impl Backend, authenticator: impl Authenticator, settings: Settings) -> Running {
    let server = Server::bind("127.0.0.1:0", backend, authenticator, settings).await.unwrap();
    let address = server.local_address();
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    Running { address, stop: Some(stop), task }
}

/// Waits until something holds, which takes as long as the server needs to notice.
pub(crate) async fn eventually(what: impl Fn() -> bool) {
    for _ in 0..500 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to that");
}

#[tokio::test]
async fn the_minimal_backend_serves() {
    use boltwright::generated::{Value, Version};
    use client::{Client, run_with};

    let server = start(minimal_backend::Database::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    let parameters = [("name".to_owned(), Value::from("Ada"))].into_iter().collect();
    client.send(&[run_with("ADD $name", parameters, Default::default()), client::pull(-1)]).await;
    client.success().await;
    client.success().await;
    let (rows, summary) = client.rows("LIST").await;
    assert_eq!(rows, [[Value::from("Ada")]]);
    assert_eq!(summary.get("db"), Some(&Value::from("names")));
}
