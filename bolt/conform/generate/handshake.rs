//! How a version is agreed on, as far as it needs no other version that the server speaks.

use super::super::transcript::Source;
use super::case::Case;
use super::term::hex;
use crate::generated::reflection::RESERVED;
use crate::generated::{Version, handshake};

pub(super) fn cases(version: Version) -> Vec<Case> {
    let wanted = [0, 0, version.minor(), version.major()];
    let mut cases = Vec::new();
    let mut case = |name: &str, title: String, source: Source, proposals: &[[u8; 4]], agreed: bool| {
        let mut case = Case::new(format!("handshake/{name}"), title, version, TCP);
        case.from(source, None);
        let mut bytes = handshake::MAGIC.to_vec();
        bytes.extend(proposals.iter().chain([NOTHING; handshake::PROPOSALS].iter()).take(handshake::PROPOSALS).flatten());
        case.client(format_args!("raw {}", hex(&bytes)));
        if agreed {
            case.server(format_args!("raw {}", hex(&wanted)));
        } else {
            case.server(format_args!("raw {}", hex(&handshake::REFUSAL)));
            case.server("<CLOSED>");
        }
        cases.push(case);
    };
    for place in 1..handshake::PROPOSALS {
        let mut proposals = [UNKNOWN; handshake::PROPOSALS];
        proposals[place] = wanted;
        let title = format!("The proposal in place {}, behind versions that nobody knows", place + 1);
        case(&format!("place-{}", place + 1), title, Source::Docs, &proposals[..=place], true);
        let mut proposals = [NOTHING; handshake::PROPOSALS];
        proposals[place] = wanted;
        case(
            &format!("place-{}-behind-nothing", place + 1),
            format!("The proposal in place {}, behind nothing", place + 1),
            Source::Docs,
            &proposals[..=place],
            true,
        );
    }
    for range in 1..=version.minor() {
        let title = format!("A range of {range} below the version gives the version");
        case(&format!("range-{range}"), title, Source::Docs, &[[0, range, version.minor(), version.major()]], true);
    }
    let others = Version::ALL.iter().rev().filter(|other| **other != version).map(|other| [0, 0, other.minor(), other.major()]);
    let newer: Vec<_> = [wanted].into_iter().chain(others.clone().take(handshake::PROPOSALS - 1)).collect();
    case("before-the-newest", "The first that is spoken, before the newest".to_owned(), Source::Docs, &newer, true);
    let older: Vec<_> = [wanted].into_iter().chain(others.rev().take(handshake::PROPOSALS - 1)).collect();
    case("before-the-oldest", "The first that is spoken, before the oldest".to_owned(), Source::Docs, &older, true);
    case("twice", "The same proposal twice".to_owned(), Source::Docs, &[wanted, wanted], true);
    for (number, _) in RESERVED {
        let Some((major, minor)) = number.split_once('.').and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)))
        else {
            continue;
        };
        let reserved = [0, 0, minor, major];
        case(&format!("reserved-{number}"), format!("{number} is never agreed on"), Source::Neo4j, &[reserved], false);
        case(&format!("behind-reserved-{number}"), format!("{number} is passed over"), Source::Neo4j, &[reserved, wanted], true);
        if version.major() == major && version.minor() + 1 == minor {
            let range = [[0, minor, minor, major]];
            case(
                &format!("range-from-reserved-{number}"),
                format!("A range that starts with {number} goes on below it"),
                Source::Neo4j,
                &range,
                true,
            );
        }
    }
    for major in [0, 7, 0x7F, 0xFE] {
        let unknown = [0, 0, 0, major];
        if Version::from_numbers(major, 0).is_none() {
            case(&format!("unknown-{major}"), format!("Version {major} is spoken by nobody"), Source::Docs, &[unknown], false);
        }
    }
    cases
}

/// Where nothing is sent yet.
const TCP: &str = "TCP";

/// No proposal.
const NOTHING: [u8; 4] = [0; 4];

/// A version that nobody will ever know.
const UNKNOWN: [u8; 4] = [0, 0, 0x63, 0x63];
