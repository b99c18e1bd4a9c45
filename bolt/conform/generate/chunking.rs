//! Messages cut into chunks and writes in every way.

use std::fmt::Write;

use super::super::transcript::Source;
use super::case::Case;
use super::echo::Echo;
use super::term::{hex, integer, string};
use crate::generated::Version;
use crate::wire::reflect::CheckKind;

/// Bytes of a chunk: none of the requests is a multiple of all.
const SIZES: [usize; 6] = [1, 2, 3, 5, 8, 13];

/// Bytes of a chunk of a message that is large.
const LARGE_SIZES: [usize; 3] = [1000, 8192, 65535];

/// What ends a message, and is nothing where one would start.
const END: &str = "0000";

pub(super) fn cases(version: Version) -> Vec<Case> {
    let Some(echo) = Echo::new(version, None) else { return Vec::new() };
    let mut cases = Vec::new();
    let small = echo.messages(&integer(1));
    let begin = |name: String, title: String, source: Source| {
        let mut case = echo.case(format!("chunking/{name}"), title);
        case.from(source, None);
        // The statement stands among the bytes, where no other can be put.
        case.needs(Some("cypher"));
        case
    };
    let answers = |case: &mut Case, messages: &[(Vec<u8>, Vec<String>)]| messages.iter().for_each(|(_, answers)| case.lines(answers));

    for size in SIZES {
        let mut case = begin(format!("of-{size}"), format!("Chunks of {size} bytes"), Source::Docs);
        small.iter().for_each(|(bytes, _)| case.client(format_args!("raw {}", chunked(bytes, size))));
        answers(&mut case, &small);
        cases.push(case);
    }
    let large = echo.messages(&string(&"x".repeat(200_000)));
    for size in LARGE_SIZES {
        let mut case = begin(format!("large-of-{size}"), format!("A large message in chunks of {size} bytes"), Source::Docs);
        large.iter().for_each(|(bytes, _)| case.client(format_args!("raw {}", repeating(bytes, size))));
        answers(&mut case, &large);
        cases.push(case);
    }

    let mut case = begin("in-pieces".to_owned(), "Pauses inside a header, inside a chunk, and before the end".to_owned(), Source::Docs);
    for (bytes, answers) in &small {
        let whole = chunked(bytes, 5);
        let digits: Vec<char> = whole.chars().collect();
        for piece in digits.chunks(6) {
            case.client(format_args!("raw {}", piece.iter().collect::<String>()));
            case.client("<PAUSE 5>");
        }
        case.lines(answers);
    }
    cases.push(case);

    let check = super::check(CheckKind::ChunkEmpty, "", None, echo.state(), version);
    for (name, title, before, between, behind) in [
        ("before", "before the messages", 1, 0, 0),
        ("between", "between the messages", 0, 1, 0),
        ("behind", "behind the messages", 0, 0, 1),
        ("many", "everywhere, and many", 20, 20, 20),
    ] {
        let mut case = begin(format!("no-ops-{name}"), format!("Empty chunks {title}"), Source::Docs);
        case.by_check(check);
        let no_ops = |case: &mut Case, count: usize| (0..count).for_each(|_| case.client(format_args!("raw {END}")));
        no_ops(&mut case, before);
        for (index, (bytes, _)) in small.iter().enumerate() {
            case.client(format_args!("raw {}", chunked(bytes, usize::MAX)));
            no_ops(&mut case, if index + 1 < small.len() { between } else { behind });
        }
        answers(&mut case, &small);
        echo.there_and_back(&mut case, &integer(2));
        cases.push(case);
    }
    let mut case = begin("no-ops-in-pauses".to_owned(), "Empty chunks while nothing else is said".to_owned(), Source::Docs);
    case.by_check(check);
    for (bytes, answers) in &small {
        case.client(format_args!("raw {END}"));
        case.client("<PAUSE 5>");
        case.client(format_args!("raw {}", chunked(bytes, usize::MAX)));
        case.lines(answers);
    }
    cases.push(case);

    for (name, title, size, keep) in
        [("in-a-header", "a header", 5, 1), ("in-a-chunk", "a chunk", 5, 4), ("in-a-message", "a message", 5, 7)]
    {
        let title = format!("An end inside {title} ends nothing but the connection");
        let mut case = begin(format!("end-{name}"), title, Source::Docs);
        for (bytes, _) in small.iter().take(1) {
            let whole = chunked(bytes, size);
            case.client(format_args!("raw {}", &whole[..2 * keep]));
            case.client("<RECONNECT>");
        }
        echo.there_and_back(&mut case, &integer(1));
        cases.push(case);
    }
    cases
}

/// A message in chunks of a size, as digits.
fn chunked(bytes: &[u8], size: usize) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(size.min(usize::from(u16::MAX))) {
        let _ = write!(text, "{:04X}{}", chunk.len(), hex(chunk));
    }
    text + END
}

/// The same for a message whose bytes repeat: a run of one byte is written once.
fn repeating(bytes: &[u8], size: usize) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(size.min(usize::from(u16::MAX))) {
        let _ = write!(text, "{:04X} ", chunk.len());
        for run in chunk.chunk_by(|one, other| one == other) {
            let _ = write!(text, "{:02X}*{} ", run[0], run.len());
        }
    }
    text + END
}
