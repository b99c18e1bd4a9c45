//! Every type of value and every structure as a parameter and back, at the edges of what it can be.

use super::super::transcript::{Data, Source, Term};
use super::case::Case;
use super::echo::Echo;
use super::sample::{Allow, base, exists, patches, value_of, value_of_type};
use super::term::{bare, dictionary, integer, list, show, string};
use crate::generated::reflection::{EDGES, STRUCTURES, VALUES};
use crate::generated::{Version, marker};
use crate::wire::reflect::{CheckKind, FieldInfo, StructureInfo};

pub(super) fn cases(version: Version) -> Vec<Case> {
    let mut cases = Vec::new();
    let Some(echo) = Echo::new(version, None) else { return cases };
    for value in VALUES {
        if value.packstream <= version.packstream() {
            cases.extend(plain(value.name, &echo));
            continue;
        }
        let check = super::check(CheckKind::ValueLacking, value.name, None, echo.state(), version);
        let mut case = echo.case(format!("values/{}/lacking", value.name), format!("A {}, which the version lacks", value.name));
        case.by_check(check);
        echo.refused(&mut case, &newest_of(value.name), check);
        cases.push(case);
    }
    cases.extend(structures(&echo, version, None));
    for patch in patches(version) {
        cases.extend(Echo::new(version, Some(patch)).iter().flat_map(|echo| structures(echo, version, Some(patch))));
    }
    cases
}

fn newest_of(name: &str) -> Term {
    Version::ALL.last().map_or(Term::Data(Data::Null), |newest| value_of_type(name, *newest))
}

// Types of PackStream.

/// The cases of a type that is no structure.
fn plain(name: &'static str, echo: &Echo) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut group = |of: &str, values: &[String]| {
        let mut case = echo.case(format!("values/{name}/{of}"), format!("{name} values as parameters and back: {of}"));
        case.from(Source::Docs, None);
        values.iter().for_each(|value| echo.text_and_back(&mut case, value));
        cases.push(case);
    };
    for (of, values) in groups(name) {
        group(of, &values.iter().map(show).collect::<Vec<_>>());
    }
    for (of, lengths) in LENGTHS {
        let values: Vec<String> = lengths.iter().filter_map(|length| of_length(name, *length)).collect();
        if !values.is_empty() {
            group(of, &values);
        }
    }
    let one = newest_of(name);
    let nested = [list([one.clone()]), dictionary([("in", one.clone())]), list([dictionary([("in", list([one.clone(), one]))])])];
    group("nested", &nested.iter().map(show).collect::<Vec<_>>());
    let wide = wide(name);
    if !wide.is_empty() {
        let mut case = echo.case(format!("values/{name}/wide"), format!("{name} values wider than they need to be"));
        case.from(Source::Docs, None);
        // The statement stands among the bytes, where no other can be put.
        case.needs(Some("cypher"));
        wide.iter().for_each(|(bytes, value)| echo.bytes_and_back(&mut case, bytes, value));
        cases.push(case);
    }
    cases
}

/// Lengths on both sides of each width of a header.
const LENGTHS: [(&str, &[usize]); 4] = [("tiny", &[0, 1, 15]), ("8-bits", &[16, 255]), ("16-bits", &[256, 65535]), ("32-bits", &[65536])];

/// A value of a type and a length, as it is written; nothing where the type has no lengths.
fn of_length(name: &str, length: usize) -> Option<String> {
    Some(match name {
        "String" => format!("\"x\"*{length}"),
        "Bytes" => format!("#{}", "A5".repeat(length)),
        "List" => format!("[7]*{length}"),
        "Dictionary" => format!("{{\"k#\": 7}}*{length}"),
        _ => return None,
    })
}

fn groups(name: &str) -> Vec<(&'static str, Vec<Term>)> {
    let integers = |values: &[i64]| values.iter().copied().map(integer).collect();
    let floats = |values: &[f64]| values.iter().map(|value| Term::Data(Data::Float(*value))).collect();
    match name {
        "Integer" => vec![
            ("tiny", integers(&[-16, -1, 0, 1, 127])),
            ("8-bits", integers(&[-17, -128])),
            ("16-bits", integers(&[128, 255, 256, 32767, -129, -32768])),
            ("32-bits", integers(&[32768, 65535, 65536, 2_147_483_647, -32769, -2_147_483_648])),
            ("64-bits", integers(&[2_147_483_648, 4_294_967_296, i64::MAX, -2_147_483_649, i64::MIN])),
        ],
        "Float" => vec![
            ("numbers", floats(&[0.0, -0.0, 0.5, -1.1, f64::MAX, f64::MIN, f64::MIN_POSITIVE, f64::EPSILON])),
            ("tiny", floats(&[f64::from_bits(1), -f64::from_bits(1)])),
            ("not-a-number", floats(&[f64::NAN])),
            ("infinite", floats(&[f64::INFINITY, f64::NEG_INFINITY])),
        ],
        "Boolean" => vec![("both", vec![Term::Data(Data::Boolean(false)), Term::Data(Data::Boolean(true))])],
        "Null" => vec![("null", vec![Term::Data(Data::Null)])],
        "Uuid" => vec![("edges", [0, 0x7F, 0xFF].map(|byte| Term::Data(Data::Uuid([byte; 16]))).to_vec())],
        "String" => vec![(
            "unicode",
            [
                "\u{e9}",
                "\u{4f60}\u{597d}",
                "\u{1F600}",
                "e\u{301}",
                "\u{0}",
                "\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10ffff}",
                "line\n\ttab \"quoted\" \\",
            ]
            .map(string)
            .to_vec(),
        )],
        _ => Vec::new(),
    }
}

/// The same value in wider encodings: the bytes, and the value.
fn wide(name: &str) -> Vec<(String, Term)> {
    let headers = |markers: [u8; 3], length: u32, rest: &str| {
        let [one, two, four] = markers;
        [format!("{one:02X} {length:02X} {rest}"), format!("{two:02X} {length:04X} {rest}"), format!("{four:02X} {length:08X} {rest}")]
    };
    let all =
        |bytes: [String; 3], value: Term| bytes.into_iter().map(|bytes| (bytes.trim_end().to_owned(), value.clone())).collect::<Vec<_>>();
    match name {
        "Integer" => {
            let widths = [(marker::INTEGER_8, 2), (marker::INTEGER_16, 4), (marker::INTEGER_32, 8), (marker::INTEGER_64, 16)];
            let value = |value: i64| {
                widths.iter().map(move |(marker, digits)| {
                    let whole = format!("{value:016X}");
                    (format!("{marker:02X} {}", &whole[16 - digits..]), integer(value))
                })
            };
            [0, 1, 42, 127, -1, -16].into_iter().flat_map(value).collect()
        }
        "String" => {
            let markers = [marker::STRING_8, marker::STRING_16, marker::STRING_32];
            [all(headers(markers, 0, ""), string("")), all(headers(markers, 2, "\"ab\""), string("ab"))].concat()
        }
        "Bytes" => {
            let markers = [marker::BYTES_8, marker::BYTES_16, marker::BYTES_32];
            let bytes = |bytes: &[u8]| Term::Data(Data::Bytes(bytes.to_vec()));
            [all(headers(markers, 0, ""), bytes(&[])), all(headers(markers, 2, "01FF"), bytes(&[1, 0xFF]))].concat()
        }
        "List" => {
            let markers = [marker::LIST_8, marker::LIST_16, marker::LIST_32];
            [all(headers(markers, 0, ""), list([])), all(headers(markers, 2, "01 02"), list([integer(1), integer(2)]))].concat()
        }
        "Dictionary" => {
            let markers = [marker::DICTIONARY_8, marker::DICTIONARY_16, marker::DICTIONARY_32];
            let one = dictionary([("a", integer(1))]);
            [all(headers(markers, 0, ""), dictionary([])), all(headers(markers, 1, "81 \"a\" 01"), one)].concat()
        }
        _ => Vec::new(),
    }
}

// Structures.

fn structures(echo: &Echo, version: Version, patch: Option<&str>) -> Vec<Case> {
    let here = STRUCTURES.iter().filter(|info| !info.from_server && exists(info, version, patch));
    // A patch changes little, and that is what is tried again.
    let changed = here.filter(|info| patch.is_none() || info.patch == patch);
    changed.flat_map(|info| structure(info, echo, version, patch)).collect()
}

fn structure(info: &'static StructureInfo, echo: &Echo, version: Version, patch: Option<&str>) -> Vec<Case> {
    let shape = if info.versions.contains(version) { version } else { info.versions.iter().next().unwrap_or(version) };
    let fields: Vec<&'static FieldInfo> = info.fields.iter().filter(|field| field.versions.contains(shape)).collect();
    let values: Vec<Term> = fields.iter().map(|field| sized(field, &fields, shape)).collect();
    let whole = |values: &[Term]| Term::Structure(info.tag, values.iter().cloned().map(bare).collect());
    let with = |index: usize, value: Term| {
        let mut values = values.clone();
        values[index] = value;
        whole(&values)
    };
    let (folder, under) = match patch {
        Some(patch) => (format!("values/{}/{patch}", info.name), format!(" with the patch {patch}")),
        None => (format!("values/{}", info.name), String::new()),
    };
    let mut cases = Vec::new();

    let mut case = echo.case(format!("{folder}/nested"), format!("{} in lists and dictionaries{under}", info.name));
    case.from(info.source, None);
    let one = whole(&values);
    for value in [one.clone(), list([one.clone(), one.clone()]), dictionary([("in", list([one]))])] {
        echo.there_and_back(&mut case, &value);
    }
    cases.push(case);

    let mut refuse = |name: String, title: String, kind: CheckKind, of: &str, with: Option<&str>, values: Vec<Term>| {
        let check = super::check(kind, of, with, echo.state(), version);
        let mut case = echo.case(format!("{folder}/{name}"), format!("{} with {title}{under}", info.name));
        case.by_check(check);
        values.iter().for_each(|value| echo.refused(&mut case, value, check));
        cases.push(case);
    };
    let (mut fewer, mut more) = (values.clone(), values.clone());
    fewer.pop();
    more.push(Term::Data(Data::Null));
    refuse("missing".to_owned(), "a field too few".to_owned(), CheckKind::FieldMissing, info.name, None, vec![whole(&fewer)]);
    refuse("one-too-many".to_owned(), "a field too many".to_owned(), CheckKind::FieldTooMany, info.name, None, vec![whole(&more)]);
    for (index, field) in fields.iter().enumerate() {
        let of = format!("{}.{}", info.name, field.name);
        refuse(
            format!("{}/null", field.name),
            format!("null for {}", field.name),
            CheckKind::NullHere,
            &of,
            Some("Null"),
            vec![with(index, Term::Data(Data::Null))],
        );
        for (name, value) in super::requests::other_types(field.type_name, version) {
            let title = format!("{name} for {}", field.name);
            refuse(format!("{}/{name}", field.name), title, CheckKind::WrongType, &of, Some(name), vec![with(index, value)]);
        }
        let wrong: Vec<Term> = not_allowed(field, &fields).into_iter().map(|value| with(index, value)).collect();
        if !wrong.is_empty() {
            refuse(
                format!("{}/not-allowed", field.name),
                format!("a {} that is none", field.name),
                CheckKind::NotAllowed,
                &of,
                None,
                wrong,
            );
        }
    }
    for (index, field) in fields.iter().enumerate() {
        let edges = edges(&format!("{}.{}", info.name, field.name), field);
        if edges.is_empty() {
            continue;
        }
        let title = format!("{} with a {} at its edges{under}", info.name, field.name);
        let mut case = echo.case(format!("{folder}/{}/edges", field.name), title);
        case.from(info.source, None);
        for edge in edges {
            let mut values = values.clone();
            // What is packed is as long as its type asks for.
            if let (Term::Data(Data::Bytes(bytes)), Some(data)) = (&edge, packed(&fields).filter(|data| *data != index)) {
                let size = field.codes.iter().find(|code| [code.code][..] == bytes[..]).map_or(1, |code| code.size);
                values[data] = Term::Data(Data::Bytes(vec![0; 3 * size]));
            }
            values[index] = edge;
            echo.there_and_back(&mut case, &whole(&values));
        }
        cases.push(case);
    }
    cases
}

/// The field that holds what is packed by the type that another field names.
fn packed(fields: &[&'static FieldInfo]) -> Option<usize> {
    fields.iter().find(|field| !field.codes.is_empty())?;
    fields.iter().position(|field| field.codes.is_empty() && base(field.type_name) == "Bytes")
}

fn sized(field: &'static FieldInfo, fields: &[&'static FieldInfo], version: Version) -> Term {
    let size = fields.iter().flat_map(|field| field.codes.first()).map(|code| code.size).next();
    match size {
        Some(size) if field.codes.is_empty() && base(field.type_name) == "Bytes" => Term::Data(Data::Bytes(vec![1; size])),
        _ => value_of(field, version),
    }
}

/// Values at the edges of what a field may hold.
fn edges(of: &str, field: &FieldInfo) -> Vec<Term> {
    if !field.codes.is_empty() {
        return field.codes.iter().map(|code| Term::Data(Data::Bytes(vec![code.code]))).collect();
    }
    match Allow::of(field) {
        Some(Allow::Integers(ranges)) => {
            let mut edges: Vec<i64> = ranges.iter().flat_map(|(first, last)| [*first, *last]).collect();
            edges.dedup();
            edges.into_iter().map(integer).collect()
        }
        Some(Allow::Words(words)) => words.into_iter().map(string).collect(),
        Some(Allow::Finite) => [0.0, -0.0, 1.0, -1.5, f64::MIN_POSITIVE].map(|value| Term::Data(Data::Float(value))).to_vec(),
        Some(Allow::TimeZone) => ["UTC", "Europe/Stockholm", "America/New_York", "Asia/Kolkata"].map(string).to_vec(),
        None => {
            let rows = EDGES.iter().filter(|(fields, _)| fields.contains(&of));
            rows.flat_map(|(_, values)| values.iter().copied().map(integer)).collect()
        }
    }
}

/// Values of the right type that a field may not hold.
fn not_allowed(field: &FieldInfo, fields: &[&'static FieldInfo]) -> Vec<Term> {
    let bytes = |bytes: &[u8]| Term::Data(Data::Bytes(bytes.to_vec()));
    if let Some(code) = field.codes.first() {
        return vec![bytes(&[]), bytes(&[0]), bytes(&[code.code, code.code])];
    }
    if packed(fields).is_some_and(|data| std::ptr::eq(fields[data], field)) {
        return Vec::new();
    }
    match Allow::of(field) {
        Some(Allow::Integers(ranges)) => {
            let inside = |value: i64| ranges.iter().any(|(first, last)| (*first..=*last).contains(&value));
            let beyond = ranges.iter().flat_map(|(first, last)| [first.checked_sub(1), last.checked_add(1)]).flatten();
            beyond.filter(|value| !inside(*value)).map(integer).collect()
        }
        Some(Allow::Words(_)) => vec![string(""), string("another")],
        Some(Allow::Finite) => [f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(|value| Term::Data(Data::Float(value))).to_vec(),
        Some(Allow::TimeZone) => ["", "Mars/Phobos", "Europe/"].map(string).to_vec(),
        None => Vec::new(),
    }
}
