//! Transactions, isolation, access modes, timeouts, and what becomes of work that nobody waits for.

use std::time::{Duration, Instant};

use boltwright::backend::{BackendSession, Bookmark, TransactionSettings};
use boltwright::generated::{ErrorCode, Value};
use boltwright::wire::packstream::Dictionary;

use super::harness::{Client, in_memory, int, run, timeout};
use boltwright::backend::embedded::Embedded;

/// Runs for some seconds, or until its time is up.
const LONG: &str = "UNWIND range(1, 1000000000) AS x WITH x WHERE x % 7 = 8 RETURN count(x)";

#[tokio::test]
async fn a_transaction_sees_its_own_writes_and_others_see_them_after_the_commit() {
    let client = in_memory();
    let mut session = client.begin().await;
    run(&mut session, "CREATE (:N)").await.unwrap();
    assert_eq!(run(&mut session, "MATCH (n:N) RETURN count(n)").await.unwrap().value(), &int(1));
    assert_eq!(client.run("MATCH (n:N) RETURN count(n)").await.value(), &int(0));
    session.commit().await.unwrap();
    assert_eq!(client.run("MATCH (n:N) RETURN count(n)").await.value(), &int(1));
}

#[tokio::test]
async fn a_transaction_reads_one_snapshot() {
    let client = in_memory();
    client.run("CREATE (:N {x: 1})").await;
    let mut session = client.begin().await;
    assert_eq!(run(&mut session, "MATCH (n:N) RETURN n.x").await.unwrap().value(), &int(1));
    client.run("MATCH (n:N) SET n.x = 2").await;
    assert_eq!(run(&mut session, "MATCH (n:N) RETURN n.x").await.unwrap().value(), &int(1));
    session.rollback().await.unwrap();
}

#[tokio::test]
async fn a_rollback_and_a_cancel_leave_nothing() {
    let client = in_memory();
    let mut session = client.begin().await;
    run(&mut session, "CREATE (:N)").await.unwrap();
    session.rollback().await.unwrap();
    let mut session = client.begin().await;
    run(&mut session, "CREATE (:N)").await.unwrap();
    session.cancel().await;
    let mut session = client.begin().await;
    run(&mut session, "CREATE (:N)").await.unwrap();
    drop(session);
    assert_eq!(client.run("MATCH (n) RETURN count(n)").await.value(), &int(0));
}

#[tokio::test]
async fn a_failed_statement_ends_its_transaction() {
    let client = in_memory();
    let mut session = client.begin().await;
    run(&mut session, "CREATE (:N)").await.unwrap();
    run(&mut session, "RETURN 1 / 0").await.unwrap_err();
    let failure = run(&mut session, "RETURN 1").await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::TransactionTransactionNotFound);
    assert!(session.commit().await.is_err());
    assert_eq!(client.run("MATCH (n) RETURN count(n)").await.value(), &int(0));
}

#[tokio::test]
async fn two_writers_of_one_node_conflict_and_the_loser_may_retry() {
    let client = in_memory();
    client.run("CREATE (:N {x: 0})").await;
    let (mut first, mut second) = (client.begin().await, client.begin().await);
    run(&mut first, "MATCH (n:N) SET n.x = 1").await.unwrap();
    let failure = run(&mut second, "MATCH (n:N) SET n.x = 2").await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::TransactionDeadlockDetected);
    assert!(failure.code.retryable());
    first.commit().await.unwrap();
    client.run("MATCH (n:N) SET n.x = 2").await;
    assert_eq!(client.run("MATCH (n:N) RETURN n.x").await.value(), &int(2));
}

#[tokio::test]
async fn writes_are_refused_in_read_mode_before_anything_runs() {
    let client = in_memory();
    let reader = client.reading();
    for statement in [
        "CREATE (n)",
        "MATCH (n) SET n.x = 1",
        "MATCH (n) CALL { WITH n DELETE n }",
        "FOREACH (x IN [1] | CREATE (n))",
        "CREATE INDEX i FOR (n:P) ON (n.a)",
        "CREATE DATABASE other",
        "PROFILE CREATE (n)",
    ] {
        assert_eq!(reader.code(statement).await, ErrorCode::StatementAccessMode, "{statement}");
    }
    assert_eq!(reader.run("MATCH (n) RETURN count(n)").await.value(), &int(0));
    assert_eq!(reader.run("CALL dbms.components() YIELD name").await.rows.len(), 1);
}

#[tokio::test]
async fn the_clients_timeout_ends_a_statement() {
    let client = in_memory();
    let mut session = client.open(timeout(200)).await.unwrap();
    let started = Instant::now();
    let failure = run(&mut session, LONG).await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::TransactionTransactionTimedOutClientConfiguration);
    assert!(!failure.code.retryable());
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn the_default_timeout_ends_a_statement_and_writes_of_it_are_gone() {
    let client = Client::new(Embedded::in_memory().unwrap().with_timeout(Some(Duration::from_millis(200))));
    let failure = client.failure("UNWIND range(1, 100000000) AS x CREATE (:N {x: x})").await;
    assert_eq!(failure.code, ErrorCode::TransactionTransactionTimedOut);
    assert!(!failure.code.retryable());
    assert_eq!(client.run("MATCH (n) RETURN count(n)").await.value(), &int(0));
}

#[tokio::test]
async fn a_timeout_counts_from_the_beginning_of_the_transaction() {
    let client = in_memory();
    let mut session = client.open(timeout(50)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(80)).await;
    let failure = run(&mut session, "RETURN 1").await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::TransactionTransactionTimedOutClientConfiguration);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_statement_is_counted_limited_and_rolled_back() {
    let client = Client::new(Embedded::in_memory().unwrap().with_timeout(Some(Duration::from_secs(2))).with_abandoned_limit(1));
    let mut session = client.begin().await;
    run(&mut session, "CREATE (:N)").await.unwrap();
    let run_dropped = tokio::time::timeout(Duration::from_millis(200), session.run(LONG, Dictionary::default())).await;
    assert!(run_dropped.is_err());
    let started = Instant::now();
    session.cancel().await;
    assert!(started.elapsed() < Duration::from_millis(500), "a reset frees the connection at once");
    assert_eq!(client.embedded.abandoned(), 1);
    assert_eq!(client.code("RETURN 1").await, ErrorCode::RequestNoThreadsAvailable);
    let ended = Instant::now() + Duration::from_secs(10);
    while client.embedded.abandoned() > 0 {
        assert!(Instant::now() < ended, "the abandoned statement never ends");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(client.run("MATCH (n) RETURN count(n)").await.value(), &int(0));
}

#[tokio::test]
async fn bookmarks_grow_with_commits_and_nonsense_is_refused() {
    let client = in_memory();
    let number = |bookmark: &Bookmark| bookmark.0.rsplit(':').next().unwrap().parse::<u64>().unwrap();
    let first = client.run("CREATE (:N)").await.bookmark;
    let second = client.run("CREATE (:N)").await.bookmark;
    assert!(number(&second) > number(&first));
    assert_eq!(client.run("MATCH (n) RETURN n").await.bookmark, second);
    let with = |bookmark: &str| TransactionSettings { bookmarks: vec![bookmark.to_owned().into()], ..TransactionSettings::default() };
    client.open(with(&second.0)).await.unwrap();
    assert_eq!(client.open(with("nonsense")).await.unwrap_err().code, ErrorCode::TransactionInvalidBookmark);
}

#[tokio::test]
async fn a_transaction_stays_in_its_database() {
    let client = in_memory();
    client.run("CREATE DATABASE other").await;
    let mut session = client.begin().await;
    assert_eq!(run(&mut session, "USE other RETURN 1").await.unwrap().value(), &int(1));
    assert_eq!(run(&mut session, "USE OTHER RETURN 2").await.unwrap().value(), &int(2));
    let failure = run(&mut session, "USE neo4j RETURN 3").await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::StatementInvalidTargetDatabaseError);
}

#[tokio::test]
async fn several_results_may_be_open_at_once() {
    let client = in_memory();
    let mut session = client.begin().await;
    let first = session.run("UNWIND range(1, 5) AS x RETURN x", Dictionary::default()).await.unwrap();
    let second = run(&mut session, "RETURN 7 AS y").await.unwrap();
    assert_eq!(second.value(), &int(7));
    session.discard(first.cursor).await.unwrap();
    session.commit().await.unwrap();
}

#[tokio::test]
async fn large_results_and_large_values_pass() {
    let client = in_memory();
    let outcome = client.run("UNWIND range(1, 3000) AS x RETURN x, toString(x)").await;
    assert_eq!(outcome.rows.len(), 3000);
    assert_eq!(outcome.rows[2999][0], int(3000));
    let long = "x".repeat(2 << 20);
    let value = Value::from(long);
    let echoed = client.run_with("CREATE (n {v: $v}) RETURN n.v", [("v", value.clone())]).await;
    assert_eq!(echoed.value(), &value);
}
