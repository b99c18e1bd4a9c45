//! The short answer to a browser that has come to the wrong port.

use bytes::BytesMut;

/// The most that is read of a request before it is answered.
const REQUEST: usize = 8 << 10;

/// Whether the request is all there, or more than is read of it.
pub(super) fn is_whole(input: &[u8]) -> bool {
    input.len() >= REQUEST || input.windows(4).any(|end| end == b"\r\n\r\n")
}

/// Answers a GET; everything else is not worth an answer.
pub(super) fn answer(input: &[u8], address: &str, output: &mut BytesMut) {
    if !input.starts_with(b"GET ") {
        return;
    }
    let text = format!("This port speaks Bolt, not HTTP. Point a Neo4j driver at bolt://{address} instead of a browser.\n");
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n",
        text.len()
    );
    output.extend_from_slice(head.as_bytes());
    output.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_whole_at_its_blank_line() {
        assert!(!is_whole(b"GET / HTTP/1.1\r\nHost: a\r\n"));
        assert!(is_whole(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    }

    #[test]
    fn only_a_get_is_answered() {
        let mut output = BytesMut::new();
        answer(b"POST / HTTP/1.1\r\n\r\n", "localhost:7687", &mut output);
        assert!(output.is_empty());
        answer(b"GET / HTTP/1.1\r\n\r\n", "localhost:7687", &mut output);
        let text = String::from_utf8(output.to_vec()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{head}");
    }
}
