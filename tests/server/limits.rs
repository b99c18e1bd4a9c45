//! What a server does not put up with.

use std::time::Duration;

use boltwright::generated::Version;
use boltwright::server::Settings;
use boltwright::server::auth::Open;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::backend::Scripted;
use crate::client::{Answer, Client, RESET, log_on, pull, run};
use crate::{eventually, start, start_with};

async fn answer_to(bytes: &[u8]) -> Vec<u8> {
    let server = start(Scripted::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await.expect("it does not close");
    answer
}

#[tokio::test]
async fn whoever_speaks_something_else_is_turned_away() {
    assert_eq!(answer_to(&[0x42; 20]).await, b"");
    assert_eq!(answer_to(&[0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03]).await, b"");
    let mut unknown = vec![0x60, 0x60, 0xB0, 0x17, 0, 0, 0, 99];
    unknown.resize(20, 0);
    assert_eq!(answer_to(&unknown).await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn a_browser_is_told_what_this_port_is() {
    let answer = String::from_utf8(answer_to(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("bolt://"), "{answer}");
}

#[tokio::test]
async fn a_message_before_authentication_is_small() {
    let server = start(Scripted::default()).await;
    let mut client = Client::agree(server.address, Version::V5_4).await;
    client.stream.write_all(&[0x20, 0x01]).await.unwrap(); // 8193 bytes are announced
    assert_eq!(client.failure().await, "Neo.ClientError.Request.Invalid");
    client.closed().await;
}

#[tokio::test]
async fn a_message_has_a_limit() {
    let settings = Settings { message_limit: 100_000, ..Settings::default() };
    let server = start_with(Scripted::default(), Open, settings).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run(&format!("ECHO {}", "x".repeat(90_000)))]).await;
    client.success().await;
    client.send(&[RESET, run(&format!("ECHO {}", "x".repeat(110_000)))]).await;
    client.success().await;
    assert_eq!(client.failure().await, "Neo.ClientError.Request.Invalid");
    assert_eq!(client.receive().await, Answer::Closed);
}

#[tokio::test]
async fn a_client_that_does_not_read_stops_the_rows() {
    let backend = Scripted::default();
    let server = start(backend.clone()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run("BIG 100000 10000"), pull(-1)]).await;
    eventually(|| backend.rows() > 0).await;
    let mut before = -1;
    while before != backend.rows() {
        before = backend.rows();
        sleep(Duration::from_millis(300)).await;
    }
    // What fits into the buffers of the machine, not the gigabyte that was asked for.
    assert!(before < 20_000, "{before} rows of 10 kB were produced for a client that reads none");
    client.success().await;
    for _ in 0..before {
        client.record().await;
    }
    eventually(|| backend.rows() > before).await;
}

#[tokio::test]
async fn a_client_that_pipelines_without_end_is_not_read_without_end() {
    let backend = Scripted::default();
    let server = start(backend.clone()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    let burst = client.encode(&vec![run("HANG"); 10_000]);
    let write = async {
        for _ in 0..200 {
            client.stream.write_all(&burst).await.unwrap();
        }
    };
    assert!(timeout(Duration::from_secs(2), write).await.is_err(), "40 MB were taken in behind a statement that hangs");
}

#[tokio::test]
async fn a_busy_server_says_that_it_is_alive() {
    let settings = Settings { keep_alive: Duration::from_millis(50), ..Settings::default() };
    let server = start_with(Scripted::default(), Open, settings).await;
    let mut client = Client::connect(server.address, Version::V4_1).await;
    client.send(&[run("SLEEP 300")]).await;
    let mut noops = [0xFF; 4];
    client.stream.read_exact(&mut noops).await.unwrap();
    assert_eq!(noops, [0; 4]);
    client.success().await;

    let mut client = Client::connect(server.address, Version::V4_0).await;
    client.send(&[run("SLEEP 300")]).await;
    let mut first = [0; 2];
    client.stream.read_exact(&mut first).await.unwrap();
    assert_ne!(first, [0; 2]);
}

#[tokio::test]
async fn there_are_only_so_many_connections() {
    let settings = Settings { connections: 1, ..Settings::default() };
    let server = start_with(Scripted::default(), Open, settings).await;
    let first = Client::connect(server.address, Version::V5_4).await;
    let mut second = TcpStream::connect(server.address).await.unwrap();
    assert_eq!(second.read(&mut [0; 1]).await.unwrap_or(0), 0);
    drop(first);
    sleep(Duration::from_millis(200)).await;
    Client::connect(server.address, Version::V5_4).await;
}

#[tokio::test]
async fn answers_do_not_wait_for_a_statement_behind_them() {
    let server = start(Scripted::default()).await;
    let mut client = Client::connect(server.address, Version::V5_4).await;
    client.send(&[run("ROWS 1"), pull(-1), run("HANG")]).await;
    client.success().await;
    client.record().await;
    client.success().await;
    let _ = log_on;
}
