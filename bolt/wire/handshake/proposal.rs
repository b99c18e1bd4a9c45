//! What a client proposes, and what a manifest lists: a version, and how many minors below it count too.

use std::fmt;

use super::WORD;
use crate::generated::{Version, handshake};

/// A range of versions of one major number, as four bytes: zero, how many minors below count too, the minor, the major.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Proposal(pub [u8; WORD]);

impl Proposal {
    /// The range from one version down to another of the same major number.
    #[must_use]
    pub fn range(newest: Version, oldest: Version) -> Self {
        Self([0, newest.minor().saturating_sub(oldest.minor()), newest.minor(), newest.major()])
    }

    /// Whether it stands for the manifest, by itself or in a range of manifests.
    pub(super) fn is_manifest(self) -> bool {
        let [_, _, minor, _] = handshake::MANIFEST;
        self.holds_number(MANIFEST_MAJOR, minor)
    }

    /// Whether the version is inside. What makes no sense (more minors than there are below, a first byte that is not zero)
    /// holds nothing.
    #[must_use]
    pub fn holds(self, version: Version) -> bool {
        self.holds_number(version.major(), version.minor())
    }

    fn holds_number(self, major: u8, minor: u8) -> bool {
        let Self([reserved, range, newest, same_major]) = self;
        reserved == 0 && major == same_major && range <= newest && (newest - range..=newest).contains(&minor)
    }
}

/// What stands for manifests in the place of a major number.
const MANIFEST_MAJOR: u8 = handshake::MANIFEST[3];

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [reserved, range, minor, major] = self.0;
        if self.0 == handshake::REFUSAL {
            write!(f, "nothing")
        } else if major == MANIFEST_MAJOR {
            write!(f, "manifest {minor}")
        } else if reserved != 0 || range > minor {
            write!(f, "{reserved:02X}{range:02X}{minor:02X}{major:02X}")
        } else if range != 0 {
            write!(f, "{major}.{minor}-{major}.{}", minor - range)
        } else {
            write!(f, "{major}.{minor}")
        }
    }
}

/// The proposals of one handshake, in order of preference.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Proposals(pub [Proposal; handshake::PROPOSALS]);

impl fmt::Display for Proposals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, proposal) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{proposal}")?;
        }
        Ok(())
    }
}

/// The versions as ranges, oldest first. `joins` says whether two neighbours among them may be in one range.
pub(super) fn ranges(versions: &[Version], joins: impl Fn(Version, Version) -> bool) -> Vec<(Version, Version)> {
    let mut sorted = versions.to_vec();
    sorted.sort_unstable();
    sorted.dedup();

    let mut ranges: Vec<(Version, Version)> = Vec::new();
    for version in sorted {
        match ranges.last_mut() {
            Some((_, newest)) if newest.major() == version.major() && joins(*newest, version) => *newest = version,
            _ => ranges.push((version, version)),
        }
    }
    ranges
}
