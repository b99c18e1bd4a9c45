//! A server that somebody else wrote: crate `boltr`, with a backend of a few lines that answers a few queries.
//!
//! What is asserted here was found by reading its source: the kit has to tell it by playing alone.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use boltr::error::BoltError;
use boltr::server::{
    BoltBackend, BoltRecord, BoltServer, ResultMetadata, ResultStream, SessionConfig, SessionHandle, SessionProperty, TransactionHandle,
};
use boltr::types::{BoltDict, BoltValue};
use boltwright::conform::known::Known;
use boltwright::conform::outcome::{Run, Severity};
use boltwright::conform::profile::{Profile, queries};
use boltwright::conform::report::{Review, Rules, Standing};
use boltwright::conform::run::{Options, run};
use boltwright::conform::tcp::Address;
use boltwright::generated::Version;
use boltwright::generated::conversations::CONVERSATIONS;
use tokio::net::TcpListener;

/// Numbers what it hands out.
#[derive(Default)]
struct Backend(AtomicU64);

impl Backend {
    fn next(&self) -> String {
        self.0.fetch_add(1, Ordering::Relaxed).to_string()
    }
}

#[async_trait::async_trait]
impl BoltBackend for Backend {
    async fn create_session(&self, _: &SessionConfig) -> Result<SessionHandle, BoltError> {
        Ok(SessionHandle(self.next()))
    }

    async fn close_session(&self, _: &SessionHandle) -> Result<(), BoltError> {
        Ok(())
    }

    async fn configure_session(&self, _: &SessionHandle, _: SessionProperty) -> Result<(), BoltError> {
        Ok(())
    }

    async fn reset_session(&self, _: &SessionHandle) -> Result<(), BoltError> {
        Ok(())
    }

    async fn execute(
        &self,
        _: &SessionHandle,
        query: &str,
        parameters: &HashMap<String, BoltValue>,
        _: &BoltDict,
        transaction: Option<&TransactionHandle>,
    ) -> Result<ResultStream, BoltError> {
        let integers = |values: &[i64]| values.iter().map(|value| vec![BoltValue::Integer(*value)]).collect();
        let (columns, rows): (&[&str], Vec<Vec<BoltValue>>) = match query {
            "RETURN 1 AS n" => (&["n"], integers(&[1])),
            "RETURN $a AS a" => (&["a"], vec![vec![parameters.get("a").cloned().unwrap_or(BoltValue::Null)]]),
            "RETURN 1 AS n, 'two' AS s, null AS nothing" => {
                (&["n", "s", "nothing"], vec![vec![BoltValue::Integer(1), BoltValue::String("two".to_owned()), BoltValue::Null]])
            }
            "UNWIND [1, 2, 3] AS n RETURN n" => (&["n"], integers(&[1, 2, 3])),
            "UNWIND [] AS n RETURN n" => (&["n"], Vec::new()),
            _ => {
                let code = "Neo.ClientError.Statement.SyntaxError".to_owned();
                return Err(BoltError::Query { code, message: format!("no statement: {query}") });
            }
        };
        let mut summary = vec![
            ("type".to_owned(), BoltValue::String("r".to_owned())),
            ("t_last".to_owned(), BoltValue::Integer(0)),
            ("db".to_owned(), BoltValue::String("neo4j".to_owned())),
        ];
        if transaction.is_none() {
            summary.push(("bookmark".to_owned(), BoltValue::String(self.next())));
        }
        Ok(ResultStream {
            metadata: ResultMetadata { columns: columns.iter().map(|name| (*name).to_owned()).collect(), extra: BoltDict::new() },
            records: rows.into_iter().map(|values| BoltRecord { values }).collect(),
            summary: summary.into_iter().collect(),
        })
    }

    async fn begin_transaction(&self, _: &SessionHandle, _: &BoltDict) -> Result<TransactionHandle, BoltError> {
        Ok(TransactionHandle(self.next()))
    }

    async fn commit(&self, _: &SessionHandle, _: &TransactionHandle) -> Result<BoltDict, BoltError> {
        Ok([("bookmark".to_owned(), BoltValue::String(self.next()))].into_iter().collect())
    }

    async fn rollback(&self, _: &SessionHandle, _: &TransactionHandle) -> Result<(), BoltError> {
        Ok(())
    }

    async fn get_server_info(&self) -> Result<BoltDict, BoltError> {
        Ok([("server".to_owned(), BoltValue::String("BoltR/0.3.0".to_owned()))].into_iter().collect())
    }
}

/// Starts the server, which ends with the runtime.
async fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { BoltServer::builder(Backend::default()).serve_listener(listener).await });
    address
}

/// What the backend answers; it has none of the other queries.
const HAS: [&str; 6] = ["one", "parameter", "columns", "rows", "no_rows", "syntax_error"];

/// The case that COMMIT is for while a result is open.
const COMMIT: &str = "states/TX_STREAMING/COMMIT";

/// What is written by hand, so that a new version adds nothing here by itself; and one case that is not.
fn is_asked_for(case: &str) -> bool {
    case == COMMIT || case.split_once('/').is_some_and(|(_, rest)| CONVERSATIONS.iter().any(|(stem, _)| *stem == rest))
}

async fn report() -> Run {
    let lacking = queries().iter().filter(|query| !HAS.contains(&query.name.as_str()));
    let texts = lacking.map(|query| format!("  {}: null\n", query.name)).collect::<String>();
    let options = Options {
        address: "bolt://localhost:7687".to_owned(),
        profile: Profile::load(&format!("queries:\n{texts}lacks: [databases, routing, timeouts]\n")).unwrap(),
        patience: Duration::from_secs(3),
        silence: Duration::from_millis(100),
        connections: 24,
        ..Options::default()
    };
    let address: Address = format!("bolt://{}", serve().await).parse().unwrap();
    run(address.into(), &options, is_asked_for, |_| {}).await.unwrap()
}

#[tokio::test]
async fn what_it_does_otherwise_is_found() {
    let run = report().await;
    let known = Known::default();
    let review = Review::new(&run, &known, Rules::default());
    assert!(!review.conforms());
    assert_eq!(
        (run.server.as_deref(), run.versions.as_slice()),
        (Some("BoltR/0.3.0"), &[Version::V5_1, Version::V5_2, Version::V5_3, Version::V5_4][..])
    );

    let findings = review.findings();
    for (case, what, severity) in [
        // Its handshake knows no manifest.
        ("handshake/handshake-manifest", "other bytes instead of a manifest that offers the version", Severity::Misled),
        // It does not count the fields of a request.
        ("malformed/malformed-fields", "SUCCESS instead of FAILURE Neo.ClientError.Request.InvalidFormat", Severity::Misled),
        // The second value of a key takes the place of the first.
        ("malformed/malformed-repeated-key", "SUCCESS instead of FAILURE Neo.ClientError.Request.Invalid", Severity::Misled),
        // PULL without n takes all.
        ("results/malformed-pull", "RECORD instead of FAILURE Neo.ClientError.Request.Invalid", Severity::Broken),
        // A message out of its place is refused, and the connection goes on.
        ("authentication/second-hello", "nothing came instead of the end of the connection", Severity::Slight),
        // TELEMETRY takes every number, and what is none for 0.
        ("settings/telemetry-unknown", "SUCCESS instead of FAILURE Neo.ClientError.Request.Invalid", Severity::Misled),
        // Nodes, which only a server can make, come in as parameters.
        ("values/parameters-graph", "SUCCESS instead of FAILURE Neo.ClientError.Request.Invalid", Severity::Misled),
        // The last answer to PULL says that there is not more.
        ("statements/auto-commit", "SUCCESS with \"has_more\", which does not belong there", Severity::Slight),
        // A transaction cannot be committed before all of its results were read.
        (COMMIT, "FAILURE Neo.ClientError.Request.Invalid instead of SUCCESS", Severity::Broken),
        // HELLO need not say who the driver is.
        ("authentication/bolt-agent", "SUCCESS instead of FAILURE Neo.ClientError.Request.Invalid", Severity::Misled),
    ] {
        let told = findings.iter().any(|finding| {
            let effect = &finding.deviation.effect;
            finding.standing == Standing::Unexpected
                && finding.cases.iter().any(|found| found.name == case)
                && (effect.what.as_str(), effect.severity) == (what, severity)
        });
        assert!(told, "{case}: {what}");
    }
    // And what it does as it has to, which is the most of it, passes.
    for case in ["results/batches", "results/open-results", "reset/reset-in-ready", "failures/failure-then-reset", "authentication/goodbye"]
    {
        let passed = review.judged.iter().filter(|judged| judged.outcome.name == case && judged.standing == Standing::Passed).count();
        assert_eq!(passed, run.versions.len(), "{case}");
    }
    insta::assert_snapshot!(in_short(&review));
}

/// Each finding in a line, and the cases it was met in.
fn in_short(review: &Review<'_>) -> String {
    let mut text = String::new();
    for finding in review.findings() {
        let by_choice = if finding.standing == Standing::ByChoice { " (by choice)" } else { "" };
        text.push_str(&format!("{}: {}{by_choice}\n", finding.outcome.area, finding.deviation.effect.what));
        for case in finding.cases {
            text.push_str(&format!("  {} ({})\n", case.name, case.versions));
        }
    }
    text
}
