//! A proxy that puts a fault into what a server says.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use boltwright::conform::transcript::Data;
use boltwright::wire::chunk::{Dechunker, LIMIT, begin_message, end_message};
use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// What goes wrong. Everything is passed on as it is where a fault does not say otherwise.
pub(crate) trait Fault: Send + Sync + 'static {
    /// The answer to the handshake, which a client opened with these bytes.
    fn handshake(&self, _opening: [u8; OPENING], answer: [u8; 4]) -> [u8; 4] {
        answer
    }

    /// A message of the client.
    fn request(&self, message: Data) -> Data {
        message
    }

    /// A message of the server, and the tag of the request that it answers.
    fn answer(&self, _to: u8, message: Data) -> Vec<Data> {
        vec![message]
    }

    /// How long an answer to a request is held back.
    fn delay(&self, _to: u8) -> Duration {
        Duration::ZERO
    }

    /// Whether the end of the connection is kept from the client.
    fn keeps_open(&self) -> bool {
        false
    }
}

/// Starts a proxy before a server.
pub(crate) async fn put_before(server: SocketAddr, fault: impl Fault) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let fault = Arc::new(fault);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let fault = Arc::clone(&fault);
            tokio::spawn(async move {
                let (mut client, mut server) = (client, TcpStream::connect(server).await.unwrap());
                client.set_nodelay(true).unwrap();
                server.set_nodelay(true).unwrap();
                if shake_hands(&mut client, &mut server, &*fault).await.is_err() {
                    return;
                }
                let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
                let asked = Arc::new(Mutex::new(VecDeque::new()));
                tokio::spawn(requests(from_client, to_server, Arc::clone(&fault), Arc::clone(&asked)));
                answers(from_server, to_client, fault, asked).await;
            });
        }
    });
    address
}

/// The tags of the requests that are not answered yet.
type Asked = Arc<Mutex<VecDeque<u8>>>;

const RECORD: u8 = 0x71;

/// What a client opens with: the magic and four proposals.
pub(crate) const OPENING: usize = 20;

async fn shake_hands(client: &mut TcpStream, server: &mut TcpStream, fault: &impl Fault) -> io::Result<()> {
    let (mut opening, mut answer) = ([0; OPENING], [0; 4]);
    client.read_exact(&mut opening).await?;
    server.write_all(&opening).await?;
    server.read_exact(&mut answer).await?;
    client.write_all(&fault.handshake(opening, answer)).await
}

async fn requests(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, fault: Arc<impl Fault>, asked: Asked) {
    let (mut chunks, mut input) = (Dechunker::new(LIMIT), BytesMut::new());
    loop {
        while let Some(message) = chunks.next(&mut input).unwrap() {
            let message = fault.request(Data::decode(&message).unwrap());
            let Data::Structure(tag, _) = message else { panic!("{message}") };
            asked.lock().unwrap().push_back(tag);
            if to.write_all(&framed(&message)).await.is_err() {
                return;
            }
        }
        if !matches!(from.read_buf(&mut input).await, Ok(1..)) {
            return;
        }
    }
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, fault: Arc<impl Fault>, asked: Asked) {
    let (mut chunks, mut input) = (Dechunker::new(LIMIT), BytesMut::new());
    loop {
        while let Some(message) = chunks.next(&mut input).unwrap() {
            let message = Data::decode(&message).unwrap();
            let tag = {
                let mut asked = asked.lock().unwrap();
                let last = !matches!(message, Data::Structure(RECORD, _));
                if last { asked.pop_front() } else { asked.front().copied() }
            };
            let to_request = tag.unwrap_or(0);
            sleep(fault.delay(to_request)).await;
            for message in fault.answer(to_request, message) {
                if to.write_all(&framed(&message)).await.is_err() {
                    return;
                }
            }
        }
        if !matches!(from.read_buf(&mut input).await, Ok(1..)) {
            break;
        }
    }
    if fault.keeps_open() {
        sleep(Duration::from_secs(60)).await;
    }
}

fn framed(message: &Data) -> BytesMut {
    let mut out = BytesMut::new();
    let start = begin_message(&mut out);
    message.encode(&mut out).unwrap();
    end_message(&mut out, start);
    out
}
