//! Versions, patches, the handshake and releases; and what every other check needs: from a range to a set of versions.

use crate::ir::{Handshake, Patch, Release, Version, Versions};
use crate::locate::Place;
use crate::mistake::{Mistakes, did_you_mean};
use crate::model::File;
use crate::scalar::{self, VersionRange};

/// The versions in order, with the numbers that are reserved among them.
#[derive(Debug)]
pub(super) struct Calendar {
    pub(super) versions: Vec<Version>,
    pub(super) numbers: Vec<scalar::Version>,
    pub(super) reserved: Vec<(String, String)>,
    pub(super) patches: Vec<Patch>,
    pub(super) handshake: Handshake,
    known: Vec<scalar::Version>,
}

pub(super) fn lower(file: &File, mistakes: &mut Mistakes<'_>) -> Calendar {
    let mut calendar = Calendar {
        versions: Vec::new(),
        numbers: Vec::new(),
        reserved: Vec::new(),
        patches: Vec::new(),
        handshake: Handshake { magic: [0; 4], manifest: [0; 4], refusal: [0; 4], proposals: 0, capabilities: Vec::new() },
        known: file.versions.iter().map(|item| item.number).collect(),
    };
    let mut packstream = 1;
    for (index, item) in file.versions.iter().enumerate() {
        let place = Place::item("versions", index);
        if let Some(earlier) = index.checked_sub(1).map(|earlier| file.versions[earlier].number)
            && earlier >= item.number
        {
            mistakes.add(&place.key("number"), format!("version {} stands behind {earlier}; versions stand in order", item.number));
        }
        packstream = item.packstream.unwrap_or(packstream);
        match (&item.reserved, &item.doc) {
            (Some(reason), _) => calendar.reserved.push((item.number.to_string(), reason.clone())),
            (None, None) => mistakes.add(&place, format!("version {} needs a 'doc' that says what it brought", item.number)),
            (None, Some(doc)) => {
                calendar.numbers.push(item.number);
                calendar.versions.push(Version {
                    ident: ident(item.number),
                    number: item.number.to_string(),
                    major: item.number.major,
                    minor: item.number.minor,
                    packstream,
                    manifest: item.manifest,
                    doc: doc.clone(),
                    source: item.source,
                });
            }
        }
    }
    if calendar.versions.is_empty() {
        mistakes.add(&Place::top("versions"), "expected 'versions' with at least one version");
    }
    if calendar.versions.len() > 32 {
        mistakes.add(&Place::top("versions"), "expected at most 32 versions, since a set of them is 32 bits");
    }
    match &file.handshake {
        None => mistakes.add(&Place::top("handshake"), "expected a 'handshake'"),
        Some(handshake) => {
            calendar.handshake = Handshake {
                magic: handshake.magic.0,
                manifest: handshake.manifest.0,
                refusal: handshake.refusal.0,
                proposals: handshake.proposals,
                capabilities: handshake.capabilities.clone(),
            };
        }
    }
    for (index, patch) in file.patches.iter().enumerate() {
        let versions = calendar.set(patch.versions, &Place::item("patches", index).key("versions"), mistakes);
        calendar.patches.push(Patch { name: patch.name.clone(), versions, doc: patch.doc.clone() });
    }
    calendar
}

pub(super) fn releases(file: &File, calendar: &Calendar, mistakes: &mut Mistakes<'_>) -> Vec<Release> {
    let release = |(index, release): (usize, &crate::model::Release)| Release {
        neo4j: release.neo4j.clone(),
        versions: calendar.set(release.versions, &Place::item("releases", index).key("versions"), mistakes),
        source: release.source,
    };
    file.releases.iter().enumerate().map(release).collect()
}

fn ident(version: scalar::Version) -> String {
    format!("V{}", version.to_string().replace('.', "_"))
}

impl Calendar {
    /// Every version.
    pub(super) fn all(&self) -> Versions {
        Versions(u32::try_from((1_u64 << self.versions.len()) - 1).unwrap_or(u32::MAX))
    }

    /// The versions of a range. Both its ends must be known.
    pub(super) fn set(&self, range: VersionRange, place: &Place, mistakes: &mut Mistakes<'_>) -> Versions {
        for end in [Some(range.first), range.last].into_iter().flatten() {
            if !self.known.contains(&end) {
                let known: Vec<String> = self.known.iter().map(ToString::to_string).collect();
                let hint = did_you_mean(&end.to_string(), known.iter().map(String::as_str));
                mistakes.add(place, format!("no version {end} is listed in 'versions'{hint}"));
            }
        }
        let inside = |number: scalar::Version| range.first <= number && range.last.is_none_or(|last| number <= last);
        let bits = self.numbers.iter().enumerate().filter(|(_, number)| inside(**number)).map(|(index, _)| 1 << index).sum();
        if bits == 0 && self.known.contains(&range.first) {
            mistakes.add(place, format!("the range {range} holds no version that may be negotiated"));
        }
        Versions(bits)
    }

    /// The versions of a range that has to lie inside its owner's; the owner's where there is none.
    pub(super) fn subset(&self, range: Option<VersionRange>, owner: Versions, place: &Place, mistakes: &mut Mistakes<'_>) -> Versions {
        let Some(range) = range else { return owner };
        let set = self.set(range, &place.key("versions"), mistakes);
        if !set.is_empty() && !owner.covers(set) {
            mistakes.add(&place.key("versions"), format!("the range {range} reaches outside its owner's, {}", self.show(owner)));
        }
        set.and(owner)
    }

    /// The position of a patch.
    pub(super) fn patch(&self, name: Option<&str>, place: &Place, mistakes: &mut Mistakes<'_>) -> Option<usize> {
        let name = name?;
        let found = self.patches.iter().position(|patch| patch.name == name);
        if found.is_none() {
            let hint = did_you_mean(name, self.patches.iter().map(|patch| patch.name.as_str()));
            mistakes.add(place, format!("no patch is named '{name}'{hint}"));
        }
        found
    }

    /// A set as a range, for a sentence.
    pub(super) fn show(&self, set: Versions) -> String {
        let number = |index: usize| &self.versions[index].number;
        match set.bounds() {
            None if set.is_empty() => "no version".to_owned(),
            None => set.iter().map(number).cloned().collect::<Vec<_>>().join(", "),
            Some((first, last)) if first == last => number(first).clone(),
            Some((first, last)) => format!("{}-{}", number(first), number(last)),
        }
    }
}
