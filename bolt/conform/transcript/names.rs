//! Messages and structures by their names and tags, out of the reflection.

use crate::generated::Version;
use crate::generated::reflection::{REQUESTS, RESPONSES, STRUCTURES};
use crate::wire::reflect::{MessageInfo, VersionSet};

/// The tag of a request, and where the fields exist that it has in the newest version that calls it so.
pub(super) fn request(name: &str) -> Option<(u8, Vec<VersionSet>)> {
    let of = |message: &&MessageInfo| message.name == name || message.formerly.is_some_and(|(formerly, _)| formerly == name);
    let message = REQUESTS.iter().find(of)?;
    let named = match message.formerly {
        Some((formerly, versions)) if formerly == name => versions,
        _ => message.versions,
    };
    let newest = named.iter().last()?;
    let fields = message.fields.iter().map(|field| field.versions).filter(|versions| versions.contains(newest));
    Some((message.tag, fields.collect()))
}

/// The tag of a response.
pub(in crate::conform) fn response(name: &str) -> Option<u8> {
    RESPONSES.iter().find(|message| message.name == name).map(|message| message.tag)
}

/// The name of a response.
pub(in crate::conform) fn response_of(tag: u8) -> Option<&'static str> {
    RESPONSES.iter().find(|message| message.tag == tag).map(|message| message.name)
}

/// The tag of a structure.
pub(super) fn structure(name: &str) -> Option<u8> {
    STRUCTURES.iter().find(|structure| structure.name == name).map(|structure| structure.tag)
}

/// The name of a structure.
pub(in crate::conform) fn structure_of(tag: u8) -> Option<&'static str> {
    STRUCTURES.iter().find(|structure| structure.tag == tag).map(|structure| structure.name)
}

/// What can carry every value.
pub(super) fn newest() -> Version {
    Version::ALL.last().copied().unwrap_or(Version::V1)
}
