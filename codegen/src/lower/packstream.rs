//! The types of a value and the markers: every byte stands for one thing at most.

use crate::ir::{Builtin, Marker, Value};
use crate::locate::Place;
use crate::mistake::{Mistakes, did_you_mean};
use crate::model::File;

pub(super) fn lower(file: &File, mistakes: &mut Mistakes<'_>) -> (Vec<Value>, Vec<Marker>) {
    (values(file, mistakes), markers(file, mistakes))
}

fn values(file: &File, mistakes: &mut Mistakes<'_>) -> Vec<Value> {
    let known = || Builtin::ALL.iter().map(|(name, _)| *name);
    for (name, _) in Builtin::ALL {
        if !file.values.iter().any(|value| value.name == *name) {
            mistakes.add(&Place::top("values"), format!("expected a value type named '{name}'"));
        }
    }
    let mut values = Vec::new();
    for (index, value) in file.values.iter().enumerate() {
        match Builtin::ALL.iter().find(|(name, _)| *name == value.name) {
            None => {
                let hint = did_you_mean(&value.name, known());
                let sentence = format!("PackStream has no value type '{}' that the generator knows{hint}", value.name);
                mistakes.add(&Place::item("values", index).key("name"), sentence);
            }
            Some((name, builtin)) => values.push(Value {
                name: (*name).to_owned(),
                builtin: *builtin,
                packstream: value.packstream.unwrap_or(1),
                doc: value.doc.clone(),
            }),
        }
    }
    values
}

fn markers(file: &File, mistakes: &mut Mistakes<'_>) -> Vec<Marker> {
    let mut owner: [Option<&str>; 256] = [None; 256];
    let mut markers = Vec::new();
    for (index, marker) in file.markers.iter().enumerate() {
        let place = Place::item("markers", index);
        let (first, last) = (marker.byte.0, marker.to.unwrap_or(marker.byte).0);
        for step in 0..=last.wrapping_sub(first) {
            let byte = first.wrapping_add(step);
            match owner[usize::from(byte)] {
                Some(other) => {
                    mistakes.add(&place.key("byte"), format!("the byte 0x{byte:02X} is the marker '{other}' already"));
                    break;
                }
                None => owner[usize::from(byte)] = Some(&marker.name),
            }
        }
        if let Some(type_) = &marker.type_
            && !file.values.iter().any(|value| value.name == *type_)
        {
            let hint = did_you_mean(type_, file.values.iter().map(|value| value.name.as_str()));
            mistakes.add(&place.key("type"), format!("no value type is named '{type_}'{hint}"));
        }
        markers.push(Marker { name: marker.name.clone(), byte: first, to: last, doc: marker.doc.clone() });
    }
    markers
}
