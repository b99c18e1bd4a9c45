//! Transactions, and what ends them.

use boltwright::generated::{TransactionExtra, Value, Version};
use boltwright::server::Settings;
use boltwright::server::auth::Open;
use std::time::Duration;
use tokio::time::sleep;

use crate::backend::Scripted;
use crate::client::{COMMIT, Client, ROLLBACK, begin, begin_with, pull, pull_of, run, run_with};
use crate::{eventually, start, start_with};

#[tokio::test]
async fn two_results_are_open_at_once() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[begin(), run("ROWS 3"), run("BIG 2 1"), pull_of(1, 0), pull_of(-1, 1), pull_of(-1, 0), COMMIT]).await;
    client.success().await;
    assert_eq!(client.success().await.get("qid"), Some(&Value::Integer(0)));
    assert_eq!(client.success().await.get("qid"), Some(&Value::Integer(1)));
    assert_eq!(client.record().await, [Value::Integer(0)]);
    client.success().await;
    assert_eq!(client.record().await, [Value::Integer(0), Value::from("x")]);
    assert_eq!(client.record().await, [Value::Integer(1), Value::from("x")]);
    assert_eq!(client.success().await.get("bookmark"), None);
    assert_eq!(client.record().await, [Value::Integer(1)]);
    assert_eq!(client.record().await, [Value::Integer(2)]);
    client.success().await;
    assert_eq!(client.success().await.get("bookmark"), Some(&Value::from("b1")));
}

#[tokio::test]
async fn the_result_opened_last_is_meant_also_when_it_is_finished() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[begin(), run("ROWS 3"), run("ROWS 0"), pull(-1), pull(-1)]).await;
    for _ in 0..4 {
        client.success().await;
    }
    assert_eq!(client.failure().await, "Neo.ClientError.Request.InvalidFormat");
}

#[tokio::test]
async fn the_number_of_a_result_is_for_transactions_only() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run("ROWS 0"), pull_of(-1, 0), run("ROWS 0"), pull_of(-1, 7)]).await;
    assert_eq!(client.success().await.get("qid"), None);
    client.success().await;
    client.success().await;
    assert_eq!(client.failure().await, "Neo.ClientError.Request.InvalidFormat");
}

#[tokio::test]
async fn the_database_is_told_to_who_named_none() {
    let server = start(Scripted::default()).await;
    let named = || TransactionExtra { db: Some("home".into()), ..TransactionExtra::default() };
    let mut client = Client::connect(server.address, Version::V5_8).await;
    client
        .send(&[
            begin(),
            ROLLBACK,
            begin_with(named()),
            ROLLBACK,
            run("NOTHING"),
            pull(-1),
            run_with("NOTHING", Default::default(), named()),
            pull(-1),
        ])
        .await;
    let db = Some(Value::from("home"));
    assert_eq!(client.success().await.get("db"), db.as_ref());
    client.success().await;
    assert_eq!(client.success().await.get("db"), None);
    client.success().await;
    assert_eq!(client.success().await.get("db"), db.as_ref());
    client.success().await;
    assert_eq!(client.success().await.get("db"), None);

    let mut client = Client::connect(server.address, Version::V5_7).await;
    client.send(&[run("NOTHING"), pull(-1)]).await;
    assert_eq!(client.success().await.get("db"), None);
}

#[tokio::test]
async fn a_disconnect_rolls_back() {
    let backend = Scripted::default();
    let server = start(backend.clone()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[begin()]).await;
    client.success().await;
    drop(client);
    eventually(|| backend.cancelled() == 1 && backend.open() == 0).await;

    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run("HANG")]).await;
    eventually(|| backend.open() == 1).await;
    drop(client);
    eventually(|| backend.open() == 0).await;
    assert_eq!(backend.committed(), 0);
}

#[tokio::test]
async fn a_transaction_may_take_only_its_time() {
    let backend = Scripted::default();
    let server = start(backend.clone()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    let hasty = || TransactionExtra { tx_timeout: Some(50), ..TransactionExtra::default() };
    client.send(&[run_with("HANG", Default::default(), hasty())]).await;
    assert_eq!(client.failure().await, "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration");

    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[begin_with(hasty()), run("HANG")]).await;
    client.success().await;
    assert_eq!(client.failure().await, "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration");

    // Idle: it is over at once, and the next request is told.
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[begin_with(hasty())]).await;
    client.success().await;
    eventually(|| backend.open() == 0).await;
    sleep(Duration::from_millis(20)).await;
    client.send(&[run("ROWS 1"), pull(-1)]).await;
    assert_eq!(client.failure().await, "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration");
    client.ignored().await;
}

#[tokio::test]
async fn the_server_has_a_time_of_its_own() {
    let settings = Settings { transaction_timeout: Some(Duration::from_millis(50)), ..Settings::default() };
    let server = start_with(Scripted::default(), Open, settings).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run("HANG")]).await;
    assert_eq!(client.failure().await, "Neo.ClientError.Transaction.TransactionTimedOut");
}

#[tokio::test]
async fn transactions_are_statements_in_the_first_versions() {
    let backend = Scripted::default();
    let server = start(backend.clone()).await;
    let mut client = Client::connect(server.address, Version::V2).await;
    client.send(&[run("BEGIN"), pull(-1), run("ROWS 1"), pull(-1), run(" commit ; "), pull(-1)]).await;
    assert_eq!(client.success().await.get("fields"), Some(&Value::List(Vec::new())));
    assert!(client.success().await.is_empty());
    client.success().await;
    client.record().await;
    assert_eq!(client.success().await.get("bookmark"), None);
    client.success().await;
    let end = client.success().await;
    assert_eq!((end.len(), end.get("bookmark")), (1, Some(&Value::from("b1"))));
    assert_eq!((backend.committed(), backend.open()), (1, 0));
}

#[tokio::test]
async fn a_failed_transaction_of_statements_can_only_be_rolled_back() {
    use boltwright::generated::request::{AckFailure, Request};
    let acknowledge = || Request::AckFailure(AckFailure);
    let backend = Scripted::default();
    let server = start(backend.clone()).await;
    let mut client = Client::connect(server.address, Version::V2).await;
    client.send(&[run("BEGIN"), pull(-1), run("NONSENSE"), pull(-1), acknowledge(), run("COMMIT")]).await;
    client.success().await;
    client.success().await;
    assert_eq!(client.failure().await, "Neo.ClientError.Statement.SyntaxError");
    client.ignored().await;
    client.success().await;
    assert_eq!(client.failure().await, "Neo.ClientError.Transaction.TransactionMarkedAsFailed");
    assert_eq!(backend.committed(), 0);
    client.send(&[acknowledge(), run("ROLLBACK"), pull(-1), run("ROWS 1"), pull(-1)]).await;
    for _ in 0..4 {
        client.success().await;
    }
    client.record().await;
}

#[tokio::test]
async fn a_server_that_stops_rolls_back() {
    let backend = Scripted::default();
    let mut server = start(backend.clone()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[begin()]).await;
    client.success().await;
    let mut busy = Client::connect(server.address, Version::V5_4).await;
    busy.send(&[run("SLEEP 200")]).await;
    eventually(|| backend.open() == 2).await;
    server.stop();
    client.closed().await;
    // What is under way is finished.
    busy.success().await;
    busy.closed().await;
    (&mut server.task).await.unwrap();
    eventually(|| backend.open() == 0).await;
    assert_eq!(backend.committed(), 0);
}
