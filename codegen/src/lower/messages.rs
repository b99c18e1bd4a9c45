//! Requests and responses: a tag names one message in each version and direction.

use super::fields;
use super::names::{Names, find, pascal};
use super::versions::Calendar;
use crate::ir::{Message, Spelled};
use crate::locate::Place;
use crate::mistake::Mistakes;
use crate::model::{self, File};

pub(super) fn lower(
    list: &'static str,
    written: &[model::Message],
    calendar: &Calendar,
    names: &Names,
    mistakes: &mut Mistakes<'_>,
) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for (index, message) in written.iter().enumerate() {
        let place = Place::item(list, index);
        let versions = calendar.subset(message.versions, calendar.all(), &place, mistakes);
        for other in messages.iter().filter(|other| other.tag == message.tag.0) {
            let both = other.versions.and(versions);
            if !both.is_empty() {
                let sentence = format!("the tag {} is {} already in {}", message.tag, other.name, calendar.show(both));
                mistakes.add(&place.key("tag"), sentence);
            }
        }
        if message.fields.len() > 15 {
            mistakes.add(&place.key("fields"), format!("a structure has at most 15 fields, this has {}", message.fields.len()));
        }
        let success = match &message.success {
            Some(name) => find("dictionary", name, &names.dictionaries, &place.key("success"), mistakes),
            None if list == "requests" && message.signal != Some(model::Signal::Close) => {
                mistakes.add(&place, format!("'{}' needs a 'success': the dictionary that its SUCCESS carries", message.name));
                None
            }
            None => None,
        };
        let formerly = message
            .formerly
            .as_ref()
            .map(|formerly| (formerly.name.clone(), calendar.subset(Some(formerly.versions), versions, &place.key("formerly"), mistakes)));
        let miscounted = message
            .miscounted
            .as_ref()
            .map(|wrong| (wrong.number, calendar.subset(Some(wrong.versions), versions, &place.key("miscounted"), mistakes)));
        messages.push(Message {
            name: message.name.clone(),
            formerly,
            ident: pascal(&message.name),
            tag: message.tag.0,
            versions,
            miscounted,
            signal: message.signal,
            success,
            doc: message.doc.clone(),
            source: message.source,
            shape: fields::lower(&message.fields, versions, &place.key("fields"), calendar, names, mistakes),
        });
    }
    messages
}

pub(super) fn spelled(file: &File, calendar: &Calendar, names: &Names, mistakes: &mut Mistakes<'_>) -> Vec<Spelled> {
    let mut all = Vec::new();
    for (request, message) in file.requests.iter().enumerate() {
        for (index, spelled) in message.spelled.iter().enumerate() {
            let place = Place::item("requests", request).key("spelled").index(index);
            let versions = calendar.set(spelled.versions, &place.key("versions"), mistakes);
            if let Some(means) = find("request", &spelled.means, &names.requests, &place.key("means"), mistakes) {
                all.push(Spelled { query: spelled.query.to_uppercase(), versions, request, means });
            }
        }
    }
    all
}
