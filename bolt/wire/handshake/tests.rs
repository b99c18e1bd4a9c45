//! The handshake, byte by byte.

use bytes::BytesMut;

use super::*;
use crate::generated::Version;

const OLD: &[Version] = &[Version::V1, Version::V2, Version::V3];

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// What a server that speaks `offered` answers the four proposals, and what it settled on.
fn answer(offered: &[Version], proposals: &str) -> (String, Result<Option<Agreed>, HandshakeError>) {
    let mut input = BytesMut::from(&bytes("6060B017")[..]);
    input.extend_from_slice(&bytes(proposals));
    input.resize(20, 0);
    let mut out = BytesMut::new();
    let agreed = ServerHandshake::new(offered).receive(&mut input, &mut out);
    assert!(input.is_empty());
    (hex(&out), agreed)
}

#[test]
fn proposals_are_answered_as_real_servers_do() {
    let all = Version::ALL;
    let to_5_1 = &Version::ALL[..=Version::ALL.iter().position(|version| *version == Version::V5_1).unwrap()];
    let from_5_6: Vec<Version> = all.iter().copied().filter(|version| *version >= Version::V5_6).collect();
    #[rustfmt::skip]
    let table: &[(&[Version], &str, &str)] = &[
        // Each alone.
        (all, "00000001", "00000001"),
        (all, "00000002", "00000002"),
        (all, "00000003", "00000003"),
        (all, "00000004", "00000004"),
        (all, "00000404", "00000404"),
        (all, "00000005", "00000005"),
        (all, "00000405", "00000405"),
        (all, "00000805", "00000805"),
        (all, "00000006", "00000006"),
        (all, "00000106", "00000106"),
        // Ranges: the newest in it.
        (all, "00040404", "00000404"),
        (all, "00080805", "00000805"),
        (all, "00010106", "00000106"),
        (all, "00020905", "00000805"),
        (all, "00FFFF05", "00000805"),
        (to_5_1, "00080805", "00000105"),
        // The client's order counts, not the number.
        (all, "00000001 00000003", "00000001"),
        (all, "00000003 00000001", "00000003"),
        (all, "00000404 00080805", "00000404"),
        (all, "00000905 00000007 00000003 00000001", "00000003"),
        (OLD, "00080805 00020404 00000003", "00000003"),
        // 5.5 is never chosen.
        (all, "00000505", "00000000"),
        (all, "00050505", "00000405"),
        (all, "00010605", "00000605"),
        (&from_5_6, "00050505", "00000000"),
        // 1 to 3 have the minor 0 only.
        (all, "00000103", "00000000"),
        (all, "00000102", "00000000"),
        (all, "00030303", "00000003"),
        // No sense: more minors than there are, a first byte that is not zero.
        (all, "00010004", "00000000"),
        (all, "00030003", "00000000"),
        (all, "00050404 00000004", "00000004"),
        (all, "01000404", "00000000"),
        (all, "01000404 00000104", "00000104"),
        // Nothing in common.
        (all, "", "00000000"),
        (all, "00000008", "00000000"),
        (to_5_1, "00000006 00000805", "00000000"),
        (&[], "000001FF 00000805", "000001FF 00 00"),
        // Manifests: only the first is known.
        (all, "000000FF", "00000000"),
        (all, "000002FF", "00000000"),
        (all, "000002FF 00000405", "00000405"),
        (all, "00000001 000001FF", "00000001"),
        (all, "000001FF 00080805 00020404 00000003", "000001FF 07 00000001 00000002 00000003 00040404 00040405 00020805 00010106 00"),
        (&all[3..], "000001FF", "000001FF 04 00040404 00040405 00020805 00010106 00"),
        (&all[3..], "000102FF", "000001FF 04 00040404 00040405 00020805 00010106 00"),
        (&all[3..16], "000001FF", "000001FF 03 00040404 00040405 00020805 00"),
        (to_5_1, "000001FF", "000001FF 05 00000001 00000002 00000003 00040404 00010105 00"),
        (&[Version::V5_4, Version::V4_4, Version::V5_6], "000001FF", "000001FF 03 00000404 00000405 00000605 00"),
    ];
    for (offered, proposals, expected) in table {
        let expected = expected.replace(' ', "");
        let (out, agreed) = answer(offered, proposals);
        assert_eq!(out, expected, "{proposals} of {offered:?}");
        match agreed {
            Ok(Some(agreed)) => assert_eq!(hex(&word_of(agreed.version)), expected),
            Ok(None) => assert!(expected.starts_with("000001FF")),
            Err(error) => {
                assert!(matches!(error, HandshakeError::NoCommonVersion { .. }), "{error}");
                assert_eq!(expected, "00000000");
            }
        }
    }
}

#[test]
fn refusal_says_what_was_proposed() {
    let (_, refused) = answer(OLD, "000002FF 00080805 00000404 00010004");
    let message = refused.unwrap_err().to_string();
    assert_eq!(message, "no version in common: the client proposed manifest 2, 5.8-5.0, 4.4, 00010004");
}

/// A server behind its manifest, with the answer to a choice.
fn choose(capabilities: u64, choice: &str) -> (Result<Option<Agreed>, HandshakeError>, Vec<u8>) {
    let offered = [Version::V4_4, Version::V5_3, Version::V5_4, Version::V5_6, Version::V6_1];
    let mut server = ServerHandshake::new(&offered).with_capabilities(Capabilities::from_bits(capabilities));
    let mut out = BytesMut::new();
    let mut input = BytesMut::from(&bytes("6060B017 000001FF 00000000 00000000 00000000")[..]);
    assert_eq!(server.receive(&mut input, &mut out), Ok(None));
    out.clear();
    input.extend_from_slice(&bytes(choice));
    let agreed = server.receive(&mut input, &mut out);
    assert!(out.is_empty());
    (agreed, input.to_vec())
}

fn chosen(version: Version, capabilities: u64) -> Result<Option<Agreed>, HandshakeError> {
    Ok(Some(Agreed { version, manifest: true, capabilities: Capabilities::from_bits(capabilities) }))
}

#[test]
fn choice_from_the_manifest_is_agreed_on() {
    assert_eq!(choose(0, "00000405 00"), (chosen(Version::V5_4, 0), vec![]));
    assert_eq!(choose(0, "00000106 00"), (chosen(Version::V6_1, 0), vec![]));
    assert_eq!(choose(0b101, "00000405 04"), (chosen(Version::V5_4, 0b100), vec![]));
    assert_eq!(choose(1 << 40, "00000405 80808080 8020"), (chosen(Version::V5_4, 1 << 40), vec![]));
    assert_eq!(choose(0, "00000405 8000"), (chosen(Version::V5_4, 0), vec![]));
}

#[test]
fn choice_that_was_not_offered_is_an_error() {
    for choice in ["00000505", "00000005", "00000003", "00000805", "00010405", "01000405", "000001FF", "00000000"] {
        let (refused, _) = choose(0, &format!("{choice} 00"));
        assert!(matches!(refused, Err(HandshakeError::BadChoice { .. })), "{choice}: {refused:?}");
    }
}

#[test]
fn capabilities_that_were_not_offered_are_an_error() {
    for (offered, chosen) in [(0, "01"), (0, "40"), (0b10, "01"), (0b10, "03"), (0, "80 01")] {
        let (refused, _) = choose(offered, &format!("00000405 {chosen}"));
        assert!(matches!(refused, Err(HandshakeError::BadCapabilities { .. })), "{chosen}: {refused:?}");
    }
    let (refused, _) = choose(0, "00000405 FFFFFFFF FFFFFFFF FFFF");
    assert_eq!(refused, Err(HandshakeError::BadVarint));
}

#[test]
fn requests_behind_the_handshake_stay_in_the_input() {
    let hello = "0002 B001 0000";
    assert_eq!(choose(0, &format!("00000405 00 {hello}")), (chosen(Version::V5_4, 0), bytes(hello)));

    let opening = format!("6060B017 00000405 00000000 00000000 00000000 {hello}");
    let mut input = BytesMut::from(&bytes(&opening)[..]);
    let agreed = ServerHandshake::new(Version::ALL).receive(&mut input, &mut BytesMut::new());
    assert_eq!(agreed.map(|agreed| agreed.map(|agreed| agreed.version)), Ok(Some(Version::V5_4)));
    assert_eq!(input.to_vec(), bytes(hello));
}

#[test]
fn choice_may_come_before_the_manifest_was_sent() {
    let all = bytes("6060B017 000001FF 00000000 00000000 00000000 00000805 00 0002 B001 0000");
    let mut input = BytesMut::from(&all[..]);
    let mut out = BytesMut::new();
    let agreed = ServerHandshake::new(&Version::ALL[3..]).receive(&mut input, &mut out);
    assert_eq!(agreed, chosen(Version::V5_8, 0));
    assert_eq!(hex(&out), "000001FF0400040404000404050002080500010106 00".replace(' ', ""));
    assert_eq!(input.to_vec(), bytes("0002 B001 0000"));
}

#[test]
fn bytes_may_come_one_by_one_and_the_manifest_goes_out_at_once() {
    let mut server = ServerHandshake::new(&Version::ALL[3..]);
    let mut input = BytesMut::new();
    let mut writes = Vec::new();
    let mut agreed = None;
    for byte in bytes("6060B017 000001FF 00080805 00020404 00000003 00000805 00") {
        assert_eq!(agreed, None);
        let mut out = BytesMut::new();
        input.extend_from_slice(&[byte]);
        agreed = server.receive(&mut input, &mut out).unwrap();
        if !out.is_empty() {
            writes.push(hex(&out));
        }
    }
    assert_eq!(writes, ["000001FF040004040400040405000208050001010600"]);
    assert_eq!(agreed, chosen(Version::V5_8, 0).unwrap());
}

#[test]
fn what_is_not_bolt_is_told_before_the_magic_number_is_complete() {
    let receive = |first: &[u8]| {
        let mut input = BytesMut::from(first);
        let result = ServerHandshake::new(Version::ALL).receive(&mut input, &mut BytesMut::new());
        assert_eq!(input, first, "nothing is taken out of the input");
        result
    };
    for waits in [&b""[..], b"G", b"GE", b"GET", &[0x16], &[0x60], &[0x60, 0x60, 0xB0], &[0x60, 0x60, 0xB0, 0x17]] {
        assert_eq!(receive(waits), Ok(None), "{waits:02X?}");
    }
    assert_eq!(receive(b"GET "), Err(HandshakeError::Http));
    assert_eq!(receive(b"GET / HTTP/1.1\r\n\r\n"), Err(HandshakeError::Http));
    assert_eq!(receive(&[0x16, 0x03]), Err(HandshakeError::Tls));
    assert_eq!(receive(&[0x16, 0x03, 0x01, 0x02, 0x00, 0x01]), Err(HandshakeError::Tls));
    for first in [&b"POST"[..], b"GETX", b"P", &[0x60, 0x61], &[0x60, 0x60, 0xB0, 0x18, 0x00], &[0x16, 0x04], &[0x00; 20]] {
        let error = receive(first).unwrap_err();
        assert_eq!(error, HandshakeError::NotBolt { first: first[..first.len().min(4)].to_vec() });
    }
    assert_eq!(receive(b"PRI * HTTP/2.0").unwrap_err().to_string(), "not Bolt: expected 60 60 B0 17, got 50 52 49 20");
}

#[test]
fn client_proposes_what_drivers_propose() {
    let opening = |wanted: &[Version]| {
        let mut out = BytesMut::new();
        ClientHandshake::new(wanted).start(&mut out);
        hex(&out)
    };
    assert_eq!(opening(Version::ALL), "6060B017000001FF000808050004040400000003");
    assert_eq!(opening(&Version::ALL[..9]), "6060B01700000005000404040000000300000002");
    assert_eq!(opening(&[Version::V5_4]), "6060B01700000405000000000000000000000000");
    assert_eq!(opening(&[Version::V6_0]), "6060B017000001FF000000000000000000000000");
    assert_eq!(opening(&[Version::V4_4, Version::V4_2]), "6060B01700000404000002040000000000000000");
}

/// A client that proposed everything, with what a server sends.
fn client(wanted: &[Version], answer: &str) -> (Result<Option<Agreed>, HandshakeError>, String, Vec<u8>) {
    let mut input = BytesMut::from(&bytes(answer)[..]);
    let mut out = BytesMut::new();
    let agreed = ClientHandshake::new(wanted).with_capabilities(Capabilities::from_bits(0b110)).receive(&mut input, &mut out);
    (agreed, hex(&out), input.to_vec())
}

#[test]
fn client_takes_a_version_it_proposed() {
    let agreed = Agreed { version: Version::V5_4, manifest: false, capabilities: Capabilities::NONE };
    assert_eq!(client(Version::ALL, "00000405 0002"), (Ok(Some(agreed)), String::new(), vec![0x00, 0x02]));
    for answer in ["00000505", "00000905", "00010405", "00000001", "00000006", "12345678"] {
        let (refused, _, _) = client(Version::ALL, answer);
        assert!(matches!(refused, Err(HandshakeError::BadAnswer { .. })), "{answer}: {refused:?}");
    }
    assert!(matches!(client(OLD, "000001FF").0, Err(HandshakeError::BadAnswer { .. })));
    assert!(matches!(client(Version::ALL, "00000000").0, Err(HandshakeError::NoCommonVersion { .. })));
    assert_eq!(client(Version::ALL, "48545450 2F312E31").0, Err(HandshakeError::Http));
}

#[test]
fn client_chooses_the_newest_of_a_manifest() {
    let manifest = "000001FF 04 00040404 00040405 00020805 00010106";
    let (agreed, choice, rest) = client(Version::ALL, &format!("{manifest} 83 01"));
    assert_eq!((agreed, choice.as_str(), rest), (chosen(Version::V6_1, 0b10), "0000010602", vec![]));
    let (agreed, choice, _) = client(Version::ALL, "000001FF 03 00040404 00040405 00020805 00");
    assert_eq!((agreed, choice.as_str()), (chosen(Version::V5_8, 0), "0000080500"));
    let (refused, choice, _) = client(&[Version::V6_0], "000001FF 01 00040404 00");
    assert_eq!(refused.unwrap_err().to_string(), "no version in common: the server offers 4.4-4.0");
    assert_eq!(choice, "");
    assert_eq!(client(Version::ALL, "000001FF 8180808010").0, Err(HandshakeError::ManifestTooLong { count: (1 << 32) + 1 }));
}

#[test]
fn client_and_server_agree_byte_by_byte() {
    for offered in [OLD, &Version::ALL[3..8], &Version::ALL[..13], Version::ALL] {
        let mut client = ClientHandshake::new(Version::ALL);
        let mut server = ServerHandshake::new(offered);
        let (mut to_server, mut to_client) = (BytesMut::new(), BytesMut::new());
        let (mut sent, mut received) = (BytesMut::new(), BytesMut::new());
        client.start(&mut sent);
        let (mut at_server, mut at_client) = (None, None);
        while at_server.is_none() || at_client.is_none() {
            assert!(!sent.is_empty() || !received.is_empty(), "both wait");
            if !sent.is_empty() {
                to_server.unsplit(sent.split_to(1));
                at_server = server.receive(&mut to_server, &mut received).unwrap();
            }
            if !received.is_empty() {
                to_client.unsplit(received.split_to(1));
                at_client = client.receive(&mut to_client, &mut sent).unwrap();
            }
        }
        assert_eq!(at_server, at_client);
        assert_eq!(at_server.map(|agreed| agreed.version), offered.last().copied());
    }
}
