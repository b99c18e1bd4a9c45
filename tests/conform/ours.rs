//! Our own server over TCP, with one user.

use std::future::ready;
use std::net::SocketAddr;
use std::sync::Arc;

use boltwright::backend::embedded::Embedded;
use boltwright::generated::ErrorCode;
use boltwright::server::auth::{Authenticator, Verdict};
use boltwright::server::{Service, Settings};
use boltwright::session::{Credentials, Identity};
use boltwright::wire::Failure;
use tokio::net::TcpListener;

pub(crate) const USER: &str = "conformance";
pub(crate) const PASSWORD: &str = "right";

/// Only one user, and a password that can be wrong.
struct OneUser;

impl Authenticator for OneUser {
    fn authenticate<'a>(&'a self, credentials: &'a Credentials<'_>) -> Verdict<'a> {
        let given = (credentials.scheme(), credentials.principal(), credentials.secret());
        let right = given == (Some("basic"), Some(USER), Some(PASSWORD.as_bytes()));
        let identity = Identity { user: USER.to_owned(), credentials_expired: false };
        Box::pin(ready(if right { Ok(identity) } else { Err(Failure::new(ErrorCode::SecurityUnauthorized, "not the right password")) }))
    }
}

/// Starts the server, which ends with the runtime.
pub(crate) async fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = Arc::new(Service::new(Embedded::in_memory().unwrap(), OneUser, Settings::default(), address.to_string()));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            let service = Arc::clone(&service);
            tokio::spawn(async move { service.serve(stream).await });
        }
    });
    address
}
