//! Ranges of versions, as conversations write them: `5.1`, `1-3`, `4.3+`, `3,5.0+`.

use crate::generated::Version;
use crate::wire::reflect::VersionSet;

/// Reads ranges, none of which may be empty.
#[must_use]
pub fn parse(text: &str) -> Option<VersionSet> {
    let newest = *Version::ALL.last()?;
    let range = |range: &str| {
        let range = range.trim();
        let (first, last) = match (range.strip_suffix('+'), range.split_once('-')) {
            (Some(first), _) => (first.parse().ok()?, newest),
            (None, Some((first, last))) => (first.parse().ok()?, last.parse().ok()?),
            (None, None) => (range.parse().ok()?, range.parse().ok()?),
        };
        (first <= last).then_some(first..=last)
    };
    let ranges = text.split(',').map(range).collect::<Option<Vec<_>>>()?;
    let inside = |version: &&Version| ranges.iter().any(|range| range.contains(version));
    Some(VersionSet(Version::ALL.iter().filter(inside).map(|version| 1 << *version as u32).sum()))
}
