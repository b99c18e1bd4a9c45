//! The client's side of a connection: what a gateway, a load generator and the conformance kit stand on.
