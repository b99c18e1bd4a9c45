//! Structures: a tag names one structure in every dialect, and a structure that stands for another has its fields.

use super::fields;
use super::names::{Names, find};
use super::versions::Calendar;
use crate::ir::{Structure, Versions};
use crate::locate::Place;
use crate::mistake::Mistakes;
use crate::model::File;

pub(super) fn lower(file: &File, calendar: &Calendar, names: &Names, mistakes: &mut Mistakes<'_>) -> Vec<Structure> {
    let mut structures: Vec<Structure> = Vec::new();
    for (index, written) in file.structures.iter().enumerate() {
        let place = Place::item("structures", index);
        let versions = calendar.subset(written.versions, calendar.all(), &place, mistakes);
        let patch = calendar.patch(written.patch.as_deref(), &place.key("patch"), mistakes);
        let unless = calendar.patch(written.unless.as_deref(), &place.key("unless"), mistakes);
        let stands_for = written.stands_for.as_ref().and_then(|name| {
            let found = find("structure", name, &names.structures, &place.key("stands_for"), mistakes)?;
            let fields = |index: usize| file.structures[index].fields.iter().map(|field| (&field.name, &field.type_));
            if !fields(found).eq(fields(index)) {
                mistakes.add(&place.key("stands_for"), format!("'{}' does not have the fields of '{name}'", written.name));
            }
            Some(found)
        });
        let patched = patch.map_or(Versions::default(), |patch| calendar.patches[patch].versions);
        let everywhere = versions.or(patched);
        for other in structures.iter().filter(|other| other.tag == written.tag.0) {
            let both = other.versions.and(everywhere);
            if !both.is_empty() {
                let sentence = format!("the tag {} is {} already in {}", written.tag, other.name, calendar.show(both));
                mistakes.add(&place.key("tag"), sentence);
            }
        }
        if written.fields.len() > 15 {
            mistakes.add(&place.key("fields"), format!("a structure has at most 15 fields, this has {}", written.fields.len()));
        }
        let shape = fields::lower(&written.fields, everywhere, &place.key("fields"), calendar, names, mistakes);
        structures.push(Structure {
            name: written.name.clone(),
            tag: written.tag.0,
            versions,
            patch,
            unless,
            from: written.from,
            stands_for,
            placeholder: written.placeholder,
            boxed: false,
            doc: written.doc.clone(),
            source: written.source,
            shape,
        });
    }
    structures
}
