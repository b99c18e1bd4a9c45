//! A server that is reached over TCP.

use std::fmt;
use std::io;
use std::str::FromStr;

use thiserror::Error;
use tokio::net::TcpStream;

use super::player::Target;

/// The address of a server: `bolt://localhost:7687`, as drivers take it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Address {
    scheme: &'static str,
    authority: String,
}

/// The port where an address names none.
const PORT: &str = "7687";

/// Why an address cannot be used.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum AddressError {
    /// It asks for TLS.
    #[error("'{scheme}' asks for TLS, which the kit does not speak yet; test the server without it: bolt://{authority}")]
    Encrypted {
        /// The scheme.
        scheme: String,
        /// The host and the port.
        authority: String,
    },
    /// It is not of the shape.
    #[error("expected an address such as bolt://localhost:7687, got '{given}'")]
    Shape {
        /// What was given.
        given: String,
    },
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let shape = || AddressError::Shape { given: text.to_owned() };
        let (scheme, rest) = text.split_once("://").ok_or_else(shape)?;
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.is_empty() || authority.contains(['/', '?', '#', '@', ' ']) {
            return Err(shape());
        }
        let scheme = match scheme {
            "bolt" => "bolt",
            // Routing would lead away from the server that is to be tested.
            "neo4j" => "neo4j",
            "bolt+s" | "bolt+ssc" | "neo4j+s" | "neo4j+ssc" => {
                return Err(AddressError::Encrypted { scheme: scheme.to_owned(), authority: authority.to_owned() });
            }
            _ => return Err(shape()),
        };
        // The colons of an IPv6 address stand in brackets.
        let behind = authority.rsplit_once(']').map_or(authority, |(_, behind)| behind);
        let authority = match behind.rsplit_once(':') {
            None => format!("{authority}:{PORT}"),
            Some((_, port)) if port.parse::<u16>().is_ok_and(|port| port > 0) => authority.to_owned(),
            Some(_) => return Err(shape()),
        };
        Ok(Self { scheme, authority })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

impl Target for Address {
    type Transport = TcpStream;

    async fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_what_drivers_take() {
        for (given, address) in [
            ("bolt://localhost:7687", "bolt://localhost:7687"),
            ("bolt://localhost", "bolt://localhost:7687"),
            ("neo4j://127.0.0.1:1/", "neo4j://127.0.0.1:1"),
            ("bolt://[::1]", "bolt://[::1]:7687"),
            ("bolt://[::1]:17687", "bolt://[::1]:17687"),
        ] {
            assert_eq!(given.parse::<Address>().unwrap().to_string(), address);
        }
    }

    #[test]
    fn what_is_no_address_is_told_what_one_looks_like() {
        for given in
            ["localhost:7687", "http://localhost:7687", "bolt://", "bolt://host:port", "bolt://host:0", "bolt://host/db", "bolt://u:p@host"]
        {
            let error = given.parse::<Address>().unwrap_err().to_string();
            assert_eq!(error, format!("expected an address such as bolt://localhost:7687, got '{given}'"));
        }
        let error = "neo4j+s://example.org:7687".parse::<Address>().unwrap_err().to_string();
        assert_eq!(error, "'neo4j+s' asks for TLS, which the kit does not speak yet; test the server without it: bolt://example.org:7687");
    }
}
