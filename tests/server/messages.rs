//! Messages in order, and those that jump the queue.

use std::time::Instant;

use boltwright::generated::{Value, Version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::backend::Scripted;
use crate::client::{Answer, Client, GOODBYE, LOGOFF, RESET, discard, log_on, pull, run};
use crate::{eventually, start};

#[tokio::test]
async fn the_handshake_may_come_byte_by_byte() {
    let server = start(Scripted::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for byte in [0x60, 0x60, 0xB0, 0x17, 0, 0, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] {
        stream.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, [0, 0, 4, 5]);
    let mut client = Client::over(stream, Version::V5_4);
    let bytes = client.encode(&log_on(Version::V5_4, "neo4j", ""));
    for byte in bytes {
        client.stream.write_all(&[byte]).await.unwrap();
    }
    client.success().await;
    client.success().await;
}

#[tokio::test]
async fn everything_may_come_at_once() {
    let server = start(Scripted::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let mut bytes = vec![0x60, 0x60, 0xB0, 0x17, 0, 0, 4, 5];
    bytes.resize(20, 0);
    let mut requests = log_on(Version::V5_4, "neo4j", "");
    for _ in 0..100 {
        requests.extend([run("ROWS 2"), pull(-1)]);
    }
    requests.push(run("ECHO"));
    bytes.extend_from_slice(&Client::over(TcpStream::connect(server.address).await.unwrap(), Version::V5_4).encode(&requests));
    stream.write_all(&bytes).await.unwrap();
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await.unwrap();
    let mut client = Client::over(stream, Version::V5_4);
    client.success().await;
    client.success().await;
    for _ in 0..100 {
        client.success().await;
        assert_eq!(client.record().await, [Value::Integer(0)]);
        assert_eq!(client.record().await, [Value::Integer(1)]);
        client.success().await;
    }
    client.success().await;
}

#[tokio::test]
async fn what_is_pipelined_behind_a_failure_is_ignored() {
    let server = start(Scripted::default()).await;
    for version in [Version::V3, Version::V4_4, Version::V6_1] {
        let mut client = Client::connect(server.address, version).await;
        client.send(&[run("NONSENSE"), pull(-1), run("ROWS 1"), pull(-1), RESET, run("ROWS 1"), pull(-1)]).await;
        // A RESET that is there already jumps the queue.
        for _ in 0..4 {
            assert!(matches!(client.receive().await, Answer::Ignored | Answer::Failure(..)));
        }
        client.success().await;
        client.success().await;
        client.record().await;
        client.success().await;

        client.send(&[run("NONSENSE"), pull(-1)]).await;
        assert_eq!(client.failure().await, "Neo.ClientError.Statement.SyntaxError");
        client.ignored().await;
        client.send(&[run("ROWS 1")]).await;
        client.ignored().await;
        client.send(&[RESET]).await;
        client.success().await;
    }
    eventually(|| true).await;
}

#[tokio::test]
async fn reset_frees_a_connection_whose_statement_hangs() {
    let backend = Scripted::default();
    let server = start(backend.clone()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run("HANG"), pull(-1)]).await;
    eventually(|| backend.open() == 1).await;
    let start = Instant::now();
    client.send(&[RESET]).await;
    assert_eq!(client.failure().await, "Neo.ClientError.Transaction.Terminated");
    client.ignored().await;
    client.success().await;
    assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
    eventually(|| backend.open() == 0).await;
    assert_eq!(client.rows("ROWS 1").await.0.len(), 1);
}

#[tokio::test]
async fn reset_stops_a_stream() {
    let backend = Scripted::default();
    let server = start(backend.clone()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run("BIG 1000000 100"), pull(-1)]).await;
    client.success().await;
    client.record().await;
    client.send(&[RESET, RESET]).await;
    let mut rows = 0;
    loop {
        match client.receive().await {
            Answer::Record(_) => rows += 1,
            Answer::Failure(code, _) => break assert_eq!(code, "Neo.ClientError.Transaction.Terminated"),
            other => panic!("{other:?}"),
        }
    }
    assert!(rows < 1_000_000);
    assert!(matches!(client.receive().await, Answer::Ignored | Answer::Success(_)));
    client.success().await;
    assert_eq!(backend.cancelled(), 1);
    assert_eq!(backend.committed(), 0);
}

#[tokio::test]
async fn goodbye_closes_without_an_answer() {
    let backend = Scripted::default();
    let server = start(backend.clone()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[GOODBYE]).await;
    client.closed().await;

    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run("HANG")]).await;
    eventually(|| backend.open() == 1).await;
    client.send(&[GOODBYE]).await;
    client.closed().await;
    eventually(|| backend.cancelled() + backend.open() <= 1 && backend.open() == 0).await;
}

#[tokio::test]
async fn a_message_that_cannot_be_read_leaves_the_connection_open() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send_message(&[0xB1, 0x3F, 0xA1, 0x81, b'n', 0x00]).await; // n = 0, in READY: refused before it is read
    assert_eq!(client.failure().await, "Neo.ClientError.Request.Invalid");
    client.closed().await;

    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run("ROWS 1")]).await;
    client.success().await;
    client.send_message(&[0xB1, 0x3F, 0xA1, 0x81, b'n', 0x00]).await;
    assert_eq!(client.failure().await, "Neo.ClientError.Request.Invalid");
    client.send(&[pull(-1), RESET]).await;
    client.ignored().await;
    client.success().await;
    client.send_message(&[0xB2, 0x0F, 0x01, 0x02]).await;
    assert_eq!(client.failure().await, "Neo.ClientError.Request.InvalidFormat");
    client.send(&[RESET]).await;
    client.success().await;
}

#[tokio::test]
async fn an_unknown_message_closes_the_connection() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send_message(&[0xB0, 0x33]).await;
    match client.receive().await {
        Answer::Failure(code, message) => {
            assert_eq!(code, "Neo.ClientError.Request.Invalid");
            assert!(message.contains("33") && message.contains("5.4"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    client.closed().await;
}

#[tokio::test]
async fn a_value_that_ends_early_closes_the_connection() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send_message(&[0xB3, 0x10, 0x85, b'R']).await;
    assert_eq!(client.failure().await, "Neo.ClientError.Request.InvalidFormat");
    client.closed().await;
}

#[tokio::test]
async fn a_message_that_is_cut_off_by_the_end_is_told_so() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.stream.write_all(&[0x00, 0x10, 0xB1]).await.unwrap();
    client.stream.shutdown().await.unwrap();
    assert_eq!(client.failure().await, "Neo.ClientError.Request.InvalidFormat");
    client.closed().await;
}

#[tokio::test]
async fn a_request_out_of_place_names_what_is_expected() {
    let server = start(Scripted::default()).await;
    let mut client = Client::agree(server.address, Version::V5_4).await;
    client.send(&[RESET]).await;
    match client.receive().await {
        Answer::Failure(code, message) => {
            assert_eq!(code, "Neo.ClientError.Request.Invalid");
            assert!(message.contains("HELLO") && message.contains("NEGOTIATION") && message.contains("RESET"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    client.closed().await;
}

#[tokio::test]
async fn batches_say_that_more_is_left_until_nothing_is() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run("ROWS 4"), pull(2), pull(2)]).await;
    client.success().await;
    client.record().await;
    client.record().await;
    let more = client.success().await;
    assert_eq!((more.len(), more.get("has_more")), (1, Some(&Value::Boolean(true))));
    client.record().await;
    client.record().await;
    let summary = client.success().await;
    assert_eq!(summary.get("has_more"), None);
    assert_eq!(summary.get("type"), Some(&Value::from("r")));
    assert_eq!(summary.get("bookmark"), Some(&Value::from("b1")));
}

#[tokio::test]
async fn a_discarded_result_computes_nothing() {
    let backend = Scripted::default();
    let server = start(backend.clone()).await;
    let mut client = Client::connect(server.address, Version::V5_6).await;
    client.send(&[run("FAILAT 10 0"), discard(-1)]).await;
    client.success().await;
    let summary = client.success().await;
    assert_eq!(status(&summary), "02N42");
    assert_eq!(backend.rows(), 0);

    client.send(&[run("ROWS 10"), discard(4), pull(-1)]).await;
    client.success().await;
    client.success().await;
    assert_eq!(client.record().await, [Value::Integer(4)]);
}

#[tokio::test]
async fn a_result_has_one_status() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_8).await;
    for (query, expected) in [("ROWS 1", "00000"), ("ROWS 0", "02000"), ("NOTHING", "00001")] {
        assert_eq!(status(&client.rows(query).await.1), expected, "{query}");
    }
}

fn status(summary: &boltwright::wire::packstream::Dictionary<'_>) -> String {
    let Some(Value::List(statuses)) = summary.get("statuses") else { panic!("no statuses in {summary:?}") };
    let [Value::Dictionary(status)] = &statuses[..] else { panic!("{statuses:?}") };
    match status.get("gql_status") {
        Some(Value::String(status)) => status.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_value_of_a_later_version_is_replaced_with_one_notification() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V6_1).await;
    assert_eq!(client.rows("UUID").await.0, [[Value::Uuid([7; 16])]]);

    let mut client = Client::connect(server.address, Version::V5_4).await;
    let (rows, summary) = client.rows("UUID").await;
    assert!(
        matches!(&rows[0][0], Value::Dictionary(placeholder) if placeholder.get("originalType") == Some(&Value::from("UUID"))),
        "{rows:?}"
    );
    assert!(matches!(summary.get("notifications"), Some(Value::List(notifications)) if notifications.len() == 1), "{summary:?}");
}

#[tokio::test]
async fn a_value_that_cannot_be_sent_fails_the_pull_alone() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V1).await;
    client.send(&[run("DATE"), pull(-1)]).await;
    client.success().await;
    match client.receive().await {
        Answer::Failure(code, message) => {
            assert_eq!(code, "Neo.ClientError.Request.Invalid");
            assert!(message.contains("Date") && message.contains('1'), "{message}");
        }
        other => panic!("{other:?}"),
    }
    client.send(&[RESET]).await;
    client.success().await;
    assert_eq!(client.rows("ROWS 1").await.0.len(), 1);
}

#[tokio::test]
async fn rows_before_a_failure_are_sent() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run("FAILAT 10 2"), pull(-1)]).await;
    client.success().await;
    client.record().await;
    client.record().await;
    assert_eq!(client.failure().await, "Neo.ClientError.Statement.ArithmeticError");
}

#[tokio::test]
async fn another_user_may_log_on_with_everything_pipelined() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    let long = format!("ECHO {}", "x".repeat(20_000));
    let mut requests = vec![LOGOFF];
    requests.extend(log_on(Version::V5_4, "other", "").pop());
    requests.extend([run(&long), pull(-1)]);
    client.send(&requests).await;
    client.success().await;
    client.success().await;
    client.success().await;
    client.record().await;
    client.success().await;
}
