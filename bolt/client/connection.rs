//! A connection on which a version is agreed: requests in, answers out, in their order.

use std::collections::VecDeque;

use bytes::Bytes;
use tokio::net::TcpStream;

use super::{ClientError, Raw, Reply};
use crate::generated::request::{Begin, Goodbye, Hello, Logon, Pull, Request, Reset, Run};
use crate::generated::{
    BoltAgent, Dialect, HelloExtra, HelloSuccess, PullExtra, RequestKind, ResponseKind, Signal, SuccessMetadata, TransactionExtra, Value,
    Version, spelling,
};
use crate::transport::Transport;
use crate::wire::handshake::{Agreed, ClientHandshake};
use crate::wire::packstream::{DecodeError, DecodeErrorKind, Dictionary, EncodeError, Origin, Reader, Writer};

/// A connection to a server.
///
/// Requests are put behind each other with [`send`](Self::send) and go out together, at the latest when an answer is waited for.
/// [`receive`](Self::receive) gives the answers in the order of the requests.
#[derive(Debug)]
pub struct Connection<T> {
    raw: Raw<T>,
    agreed: Agreed,
    dialect: Dialect,
    open: VecDeque<Open>,
    /// The message that the last answer is borrowed from.
    message: Bytes,
}

/// A request that is not answered yet.
#[derive(Clone, Copy, Debug)]
enum Open {
    /// Its answer is the next.
    Whole(RequestKind),
    /// It was said as a statement, whose RUN is answered first; SUCCESS there says nothing yet.
    Spelled(RequestKind),
    /// It is answered already: this is the IGNORED behind a statement that failed.
    Over(RequestKind),
}

impl Open {
    const fn request(self) -> RequestKind {
        match self {
            Self::Whole(request) | Self::Spelled(request) | Self::Over(request) => request,
        }
    }
}

/// Who logs on.
#[derive(Clone, Debug, Default)]
pub struct Login<'a> {
    /// The program, `name/version`.
    pub user_agent: &'a str,
    /// The credentials: `scheme`, and what the scheme needs.
    pub auth: Dictionary<'a>,
    /// The routing context; without it the server does not route. Versions that cannot say it leave it out.
    pub routing: Option<Dictionary<'a>>,
}

impl Connection<TcpStream> {
    /// Connects over TCP, to `host:port`, and agrees on the newest version of those wanted that the server speaks.
    ///
    /// # Errors
    /// When nobody is there, or no version is agreed on.
    pub async fn connect(address: &str, wanted: &[Version]) -> Result<Self, ClientError> {
        let failed = |source| ClientError::Connect { address: address.to_owned(), source };
        let stream = TcpStream::connect(address).await.map_err(failed)?;
        stream.set_nodelay(true)?;
        Self::agree(stream, ClientHandshake::new(wanted)).await
    }
}

impl<T: Transport> Connection<T> {
    /// Agrees on a version over a stream on which nothing was said yet.
    ///
    /// # Errors
    /// When no version is agreed on, or the stream ends or breaks before.
    pub async fn agree(transport: T, mut handshake: ClientHandshake) -> Result<Self, ClientError> {
        let mut raw = Raw::new(transport);
        handshake.start(raw.output());
        let agreed = loop {
            raw.flush().await?;
            if !raw.receive().await? {
                return Err(ClientError::Closed { request: "the handshake" });
            }
            let (input, output) = raw.buffers();
            if let Some(agreed) = handshake.receive(input, output)? {
                break agreed;
            }
        };
        Ok(Self { raw, agreed, dialect: Dialect::new(agreed.version), open: VecDeque::new(), message: Bytes::new() })
    }

    /// What the handshake settled.
    #[must_use]
    pub const fn agreed(&self) -> Agreed {
        self.agreed
    }

    /// How values are encoded: the version, and the patches that HELLO brought into force.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What is below: whoever sends and reads there has to keep answers and requests together.
    pub const fn raw(&mut self) -> &mut Raw<T> {
        &mut self.raw
    }

    /// How many requests are not answered yet.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        self.open.iter().filter(|open| !matches!(open, Open::Over(_))).count()
    }

    /// Logs on, with one message or two, as the version has it.
    ///
    /// # Errors
    /// [`ClientError::Failed`] when the server refuses, and whatever else can go wrong.
    pub async fn log_on(&mut self, login: &Login<'_>) -> Result<HelloSuccess<'static>, ClientError> {
        let version = self.agreed.version;
        let auth = login.auth.clone();
        let extra = HelloExtra {
            user_agent: login.user_agent.into(),
            bolt_agent: Some(BoltAgent { product: login.user_agent.into(), ..BoltAgent::default() }),
            routing: login.routing.clone(),
            ..HelloExtra::default()
        };
        let extra = extra.fitted(version);
        let separately = RequestKind::Logon.exists_in(version);
        if separately {
            self.send(&Request::Hello(Hello { extra }))?;
            self.send(&Request::Logon(Logon { auth }))?;
        } else {
            self.send(&Request::Hello(Hello { extra: HelloExtra { auth, ..extra } }))?;
        }
        let hello = match self.success().await? {
            SuccessMetadata::HelloSuccess(hello) => hello.into_owned(),
            _ => return Err(ClientError::NothingAsked),
        };
        if separately {
            self.success().await?;
        }
        Ok(hello)
    }

    /// Puts a request behind those that go out next. A transaction's BEGIN, COMMIT and ROLLBACK may be sent in every version.
    ///
    /// # Errors
    /// When the version cannot say it; then nothing of it is sent.
    pub fn send(&mut self, request: &Request<'_>) -> Result<(), ClientError> {
        let kind = request.kind();
        match spelling(self.agreed.version, kind) {
            None => {
                self.put(request)?;
                if kind.signal() != Some(Signal::Close) {
                    self.open.push_back(Open::Whole(kind));
                }
            }
            Some(query) => {
                let parameters = match request {
                    Request::Begin(Begin { extra }) => parameters(extra),
                    _ => Dictionary::new(),
                };
                self.put(&Request::Run(Run { query: query.into(), parameters, extra: TransactionExtra::default() }))?;
                self.put(&Request::Pull(Pull { extra: PullExtra::default() }))?;
                self.open.extend([Open::Spelled(kind), Open::Whole(kind)]);
            }
        }
        Ok(())
    }

    /// Sends what was put there, without waiting for an answer.
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn flush(&mut self) -> Result<(), ClientError> {
        Ok(self.raw.flush().await?)
    }

    /// Waits for the next answer. What was put there goes out before.
    ///
    /// # Errors
    /// When no request is open, the answer cannot be read, or the connection ends or breaks.
    pub async fn receive(&mut self) -> Result<Reply<'_>, ClientError> {
        self.raw.flush().await?;
        let (request, kind) = loop {
            let open = *self.open.front().ok_or(ClientError::NothingAsked)?;
            let request = open.request();
            let name = request.name(self.agreed.version);
            self.message = self.raw.message().await?.ok_or(ClientError::Closed { request: name })?;
            let kind = self.kind().map_err(|source| ClientError::Malformed { request: name, source })?;
            if kind != ResponseKind::Record {
                self.open.pop_front();
            }
            match open {
                Open::Whole(request) => break (request, kind),
                Open::Spelled(_) if kind == ResponseKind::Success => {}
                Open::Spelled(request) => {
                    // The PULL behind the statement is answered too, and says nothing more.
                    if let Some(next) = self.open.front_mut() {
                        *next = Open::Over(request);
                    }
                    break (request, kind);
                }
                Open::Over(_) => {}
            }
        };
        let reply = Reply::decode(kind, &self.message, self.dialect, |reader| metadata(request, reader));
        let reply = reply.map_err(|source| ClientError::Malformed { request: request.name(self.agreed.version), source })?;
        if let Reply::Success(SuccessMetadata::HelloSuccess(hello)) = &reply {
            for patch in &hello.patch_bolt {
                self.dialect.apply(patch);
            }
        }
        Ok(reply)
    }

    /// Waits for the next answer, which has to be a SUCCESS.
    ///
    /// # Errors
    /// [`ClientError::Failed`] when it is a FAILURE, [`ClientError::Unexpected`] when it is something else; otherwise as
    /// [`receive`](Self::receive).
    pub async fn success(&mut self) -> Result<SuccessMetadata<'_>, ClientError> {
        let version = self.agreed.version;
        let request = self.open.front().ok_or(ClientError::NothingAsked)?.request().name(version);
        match self.receive().await? {
            Reply::Success(metadata) => Ok(metadata),
            Reply::Failure(failure) => {
                let failure = failure.into_owned();
                let message = failure.message.unwrap_or_default().into_owned();
                Err(ClientError::Failed { request, code: failure.code.into_owned(), message })
            }
            other => Err(ClientError::Unexpected { request, got: other.name() }),
        }
    }

    /// Interrupts what runs, drops what is open, and makes the connection ready again. The answers to requests before are passed over.
    ///
    /// # Errors
    /// When the server refuses; then the connection is of no more use.
    pub async fn reset(&mut self) -> Result<(), ClientError> {
        self.send(&Request::Reset(Reset))?;
        while self.open.len() > 1 {
            self.receive().await?;
        }
        self.success().await.map(drop)
    }

    /// Says goodbye, where the version can, and ends the connection.
    ///
    /// # Errors
    /// When the connection is broken already.
    pub async fn close(mut self) -> Result<(), ClientError> {
        if RequestKind::Goodbye.exists_in(self.agreed.version) {
            self.put(&Request::Goodbye(Goodbye))?;
        }
        self.raw.flush().await?;
        Ok(self.raw.shut().await?)
    }

    fn put(&mut self, request: &Request<'_>) -> Result<(), EncodeError> {
        let dialect = self.dialect;
        self.raw.put(|output| request.encode(&mut Writer::new(output, dialect)))
    }

    /// Which response the message is.
    fn kind(&self) -> Result<ResponseKind, DecodeError> {
        let version = self.agreed.version;
        let (_, tag) = Reader::new(&self.message, self.dialect, Origin::Server).structure_header()?;
        ResponseKind::from_tag(tag, version).ok_or_else(|| DecodeError::new(0, DecodeErrorKind::UnknownTag { tag, version }))
    }
}

/// Reads what the SUCCESS of a request says.
fn metadata<'a>(request: RequestKind, reader: &mut Reader<'a>) -> Result<SuccessMetadata<'a>, DecodeError> {
    let no_answer = || DecodeErrorKind::InvalidValue { expected: "no answer", got: ResponseKind::Success.name().to_owned() };
    SuccessMetadata::decode(request, reader)?.ok_or_else(|| DecodeError::new(0, no_answer()))
}

/// What a transaction that begins with a statement is told.
fn parameters<'a>(extra: &TransactionExtra<'a>) -> Dictionary<'a> {
    let bookmarks: Vec<_> = extra.bookmarks.iter().cloned().map(Value::String).collect();
    let told = (!bookmarks.is_empty()).then_some(("bookmarks", Value::List(bookmarks)));
    told.into_iter().collect()
}
