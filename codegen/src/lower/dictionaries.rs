//! Dictionaries: their entries exist in every version, unless they say otherwise, and every dictionary is carried by something.

use super::fields;
use super::names::Names;
use super::versions::Calendar;
use crate::ir::Dictionary;
use crate::locate::Place;
use crate::mistake::Mistakes;
use crate::model::{Field, File};
use crate::scalar::TypeExpr;

pub(super) fn lower(file: &File, calendar: &Calendar, names: &Names, mistakes: &mut Mistakes<'_>) -> Vec<Dictionary> {
    let mut dictionaries = Vec::new();
    for (index, written) in file.dictionaries.iter().enumerate() {
        let place = Place::item("dictionaries", index);
        if !is_used(&written.name, file) {
            mistakes.add(&place.key("name"), format!("no message and no other dictionary carries '{}'", written.name));
        }
        let shape = fields::lower(&written.entries, calendar.all(), &place.key("entries"), calendar, names, mistakes);
        let rest = written.rest.as_ref().map(|rest| {
            if rest.field == "rest" || shape.members.iter().any(|member| member.name == rest.field) {
                mistakes.add(&place.key("rest").key("field"), format!("the field '{}' is there already", rest.field));
            }
            let versions = calendar.set(rest.versions, &place.key("rest").key("versions"), mistakes);
            (rest.field.clone(), versions, rest.doc.clone())
        });
        let (name, doc) = (written.name.clone(), written.doc.clone());
        dictionaries.push(Dictionary { name, of_request: false, rest, doc, shape });
    }
    dictionaries
}

fn is_used(name: &str, file: &File) -> bool {
    fn names(type_: &TypeExpr, name: &str) -> bool {
        type_.name == name || type_.of.as_ref().is_some_and(|of| names(of, name))
    }
    let carries = |fields: &[Field]| fields.iter().any(|field| names(&field.type_, name));
    file.requests.iter().any(|message| message.success.as_deref() == Some(name) || carries(&message.fields))
        || file.responses.iter().any(|message| carries(&message.fields))
        || file.dictionaries.iter().any(|dictionary| dictionary.name != name && carries(&dictionary.entries))
}
