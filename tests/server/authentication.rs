//! Who may come in.

use std::time::Duration;

use boltwright::generated::Version;
use boltwright::server::auth::{Basic, Open, UserName, Users};
use boltwright::server::{BindError, Server, Settings};

use crate::backend::Scripted;
use crate::client::{Client, log_on, run};
use crate::{Running, start_with};

async fn with_users(users: &[(&str, &str)]) -> (Running, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("users");
    write(&path, users);
    (start_with(Scripted::default(), Basic::new(&path).unwrap(), Settings::default()).await, directory)
}

fn write(path: &std::path::Path, users: &[(&str, &str)]) {
    let mut file = Users::default();
    for (name, password) in users {
        file.set(UserName::new(name).unwrap(), password.as_bytes()).unwrap();
    }
    file.write(path).unwrap();
}

async fn outcome(server: &Running, version: Version, user: &str, password: &str) -> Result<(), String> {
    let mut client = Client::agree(server.address, version).await;
    let mut requests = log_on(version, user, password);
    requests.push(run("ROWS 1"));
    let hello = requests.remove(0);
    client.send(&[hello]).await;
    if version >= Version::V5_1 {
        client.success().await;
        client.send(&requests).await;
    } else {
        client.send(&requests).await;
    }
    match client.receive().await {
        crate::client::Answer::Success(_) => Ok(()),
        crate::client::Answer::Failure(code, _) => {
            client.closed().await;
            Err(code)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn only_the_right_password_lets_in() {
    let (server, _directory) = with_users(&[("alice", "secret")]).await;
    let unauthorized = Err("Neo.ClientError.Security.Unauthorized".to_owned());
    for version in [Version::V1, Version::V3, Version::V5_0, Version::V5_4] {
        assert_eq!(outcome(&server, version, "alice", "secret").await, Ok(()));
        assert_eq!(outcome(&server, version, "alice", "wrong").await, unauthorized);
        assert_eq!(outcome(&server, version, "alice", "secret").await, Ok(()));
    }
    assert_eq!(outcome(&server, Version::V5_4, "bob", "secret").await, unauthorized);
}

#[tokio::test]
async fn three_wrong_passwords_make_the_right_one_wait() {
    let (server, _directory) = with_users(&[("alice", "secret")]).await;
    for _ in 0..3 {
        assert_eq!(outcome(&server, Version::V5_4, "alice", "wrong").await, Err("Neo.ClientError.Security.Unauthorized".to_owned()));
    }
    assert_eq!(
        outcome(&server, Version::V5_4, "alice", "secret").await,
        Err("Neo.ClientError.Security.AuthenticationRateLimit".to_owned())
    );
}

#[tokio::test]
async fn a_changed_users_file_counts_at_once() {
    let (server, directory) = with_users(&[("alice", "secret")]).await;
    write(&directory.path().join("users"), &[("bob", "other")]);
    assert_eq!(outcome(&server, Version::V5_4, "bob", "other").await, Ok(()));
    assert!(outcome(&server, Version::V5_4, "alice", "secret").await.is_err());
    std::fs::write(directory.path().join("users"), "nonsense").unwrap();
    assert_eq!(outcome(&server, Version::V5_4, "bob", "other").await, Ok(()));
}

#[tokio::test]
async fn without_users_only_this_machine_may_come() {
    let error = Server::bind("0.0.0.0:0", Scripted::default(), Open, Settings::default()).await.unwrap_err();
    assert!(matches!(error, BindError::Unprotected { .. }));
    assert!(error.to_string().contains("boltwright user add"), "{error}");

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("users");
    write(&path, &[("alice", "secret")]);
    Server::bind("0.0.0.0:0", Scripted::default(), Basic::new(&path).unwrap(), Settings::default()).await.unwrap();
}

#[tokio::test]
async fn a_client_that_does_not_log_on_in_time_is_turned_out() {
    let settings = Settings { authentication_timeout: Duration::from_millis(200), ..Settings::default() };
    let server = start_with(Scripted::default(), Open, settings).await;
    let mut silent = Client::over(tokio::net::TcpStream::connect(server.address).await.unwrap(), Version::V5_4);
    silent.closed().await;

    let mut slow = Client::agree(server.address, Version::V5_4).await;
    slow.send(&log_on(Version::V5_4, "neo4j", "")[..1]).await;
    slow.success().await;
    slow.closed().await;

    let mut quick = Client::connect(server.address, Version::V5_4).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(quick.rows("ROWS 1").await.0.len(), 1);
}
