//! The specification as constants, for what works on all versions: the inspector, the documentation, the tests.

use proc_macro2::TokenStream;
use quote::quote;

use super::markers::hex;
use super::structures::owner;
use super::text::{all, ident};
use crate::ir::{Allow, CheckKind, Presence, Reaction, SampleOutcome, Shape, Source, Spec, Transition, Versions};

pub(super) fn emit(spec: &Spec) -> TokenStream {
    let versions = version_rows(spec);
    let structures = structures(spec);
    let requests = messages(&spec.requests, spec);
    let responses = messages(&spec.responses, spec);
    let dictionaries = dictionaries(spec);
    let states = states(spec);
    let (samples, checks, situations) = (samples(spec), checks(spec), situations(spec));
    let edges = spec.edges.iter().map(|(of, values)| quote!((&[#(#of),*], &[#(#values),*])));
    let releases = spec.releases.iter().map(|release| {
        let (neo4j, set, source) = (&release.neo4j, self::versions(release.versions), source(release.source));
        quote!(ReleaseInfo { neo4j: #neo4j, versions: #set, source: #source })
    });
    let reserved = spec.reserved.iter().map(|(number, reason)| quote!((#number, #reason)));
    let values = spec.values.iter().map(|value| {
        let (name, packstream, doc) = (&value.name, value.packstream, &value.doc);
        quote!(ValueInfo { name: #name, packstream: #packstream, doc: #doc })
    });
    quote! {
        use super::Version;
        use crate::wire::reflect::{
            CheckInfo, CheckKind, DictionaryInfo, FieldInfo, MessageInfo, Outcome, Reaction, ReleaseInfo, RowInfo, SampleInfo,
            SampleOutcome, SituationInfo, Source, StateInfo, StructureInfo, ValueInfo, VersionInfo, VersionSet,
        };
        use crate::wire::support::Code;

        /// The versions.
        pub const VERSIONS: &[VersionInfo] = &[#(#versions),*];
        /// Numbers that are never negotiated, and why.
        pub const RESERVED: &[(&str, &str)] = &[#(#reserved),*];
        /// Which releases of Neo4j speak which versions.
        pub const RELEASES: &[ReleaseInfo] = &[#(#releases),*];
        /// The types of a value that are no structures.
        pub const VALUES: &[ValueInfo] = &[#(#values),*];
        /// The structures.
        pub const STRUCTURES: &[StructureInfo] = &[#(#structures),*];
        /// The requests.
        pub const REQUESTS: &[MessageInfo] = &[#(#requests),*];
        /// The responses.
        pub const RESPONSES: &[MessageInfo] = &[#(#responses),*];
        /// The dictionaries.
        pub const DICTIONARIES: &[DictionaryInfo] = &[#(#dictionaries),*];
        /// The states.
        pub const STATES: &[StateInfo] = &[#(#states),*];
        /// What generated cases send.
        pub const SAMPLES: &[SampleInfo] = &[#(#samples),*];
        /// What a server makes of what is out of place or wrong.
        pub const CHECKS: &[CheckInfo] = &[#(#checks),*];
        /// Numbers worth a try: the fields, and the numbers.
        pub const EDGES: &[(&[&str], &[i64])] = &[#(#edges),*];
        /// Which keys an answer has where.
        pub const SITUATIONS: &[SituationInfo] = &[#(#situations),*];
    }
}

/// A set of versions as a constant.
pub(super) fn versions(set: Versions) -> TokenStream {
    let bits: proc_macro2::Literal = format!("0x{:X}", set.0).parse().unwrap_or_else(|_| proc_macro2::Literal::u32_unsuffixed(set.0));
    quote!(VersionSet(#bits))
}

fn source(source: Source) -> TokenStream {
    match source {
        Source::Docs => quote!(Source::Docs),
        Source::Neo4j => quote!(Source::Neo4j),
        Source::Driver => quote!(Source::Driver),
        Source::Nornicdb => quote!(Source::Nornicdb),
        Source::Decision => quote!(Source::Decision),
    }
}

fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    value.map_or(quote!(None), |value| quote!(Some(#value)))
}

fn version_rows(spec: &Spec) -> Vec<TokenStream> {
    let row = |version: &crate::ir::Version| {
        let (name, doc, source) = (ident(&version.ident), &version.doc, source(version.source));
        quote!(VersionInfo { version: Version::#name, doc: #doc, source: #source })
    };
    spec.versions.iter().map(row).collect()
}

fn fields(shape: &Shape) -> Vec<TokenStream> {
    let field = |field: &crate::ir::WireField| {
        let (name, type_name, set, doc) = (&field.key, &field.type_name, versions(field.versions), &field.doc);
        let default = shape.members.iter().find(|member| member.name == field.path[0]).map(|member| &member.presence);
        let required = !field.nullable && !matches!(default, Some(Presence::Default(_)));
        let allow = option(field.allow.as_ref().map(|allow| match allow {
            Allow::Integers(ranges) => {
                let show = |(first, last): &(i64, i64)| match (first, last) {
                    (first, last) if first == last => first.to_string(),
                    (first, &i64::MAX) => format!("{first}.."),
                    (first, last) => format!("{first}..{last}"),
                };
                ranges.iter().map(show).collect::<Vec<_>>().join(", ")
            }
            Allow::Strings(words) => words.join(", "),
            Allow::Finite => "finite".to_owned(),
            Allow::TimeZone => "time_zone".to_owned(),
        }));
        let (aliases, source) = (&field.aliases, source(field.source));
        let (any_case, blank_is_absent) = (field.any_case, field.blank_is_absent);
        let codes = field.codes.iter().map(|code| {
            let (byte, name, size, doc) = (hex(code.code), &code.name, code.size, &code.doc);
            quote!(Code { code: #byte, name: #name, size: #size, doc: #doc })
        });
        let bare = option(field.bare.as_ref().map(|(entry, _, set)| {
            let set = versions(*set);
            quote!((#entry, #set))
        }));
        quote! {
            FieldInfo {
                name: #name, type_name: #type_name, versions: #set, required: #required, allow: #allow, any_case: #any_case,
                blank_is_absent: #blank_is_absent, codes: &[#(#codes),*], aliases: &[#(#aliases),*], bare: #bare, doc: #doc,
                source: #source,
            }
        }
    };
    shape.wire.iter().map(field).collect()
}

fn structures(spec: &Spec) -> Vec<TokenStream> {
    let row = |structure: &crate::ir::Structure| {
        let (name, tag, doc, source) = (&structure.name, hex(structure.tag), &structure.doc, source(structure.source));
        let (set, patched) = (versions(structure.versions), versions(owner(structure, spec)));
        let patch = option(structure.patch.map(|patch| &spec.patches[patch].name));
        let unless = option(structure.unless.map(|patch| &spec.patches[patch].name));
        let stands_for = option(structure.stands_for.map(|newer| &spec.structures[newer].name));
        let from_server = structure.from == Some(crate::ir::Side::Server);
        let fields = fields(&structure.shape);
        quote! {
            StructureInfo {
                name: #name, tag: #tag, versions: #set, with_patch: #patched, patch: #patch, unless: #unless, stands_for: #stands_for,
                from_server: #from_server, fields: &[#(#fields),*], doc: #doc, source: #source,
            }
        }
    };
    spec.structures.iter().map(row).collect()
}

fn messages(messages: &[crate::ir::Message], spec: &Spec) -> Vec<TokenStream> {
    let row = |message: &crate::ir::Message| {
        let (name, tag, doc, source) = (&message.name, hex(message.tag), &message.doc, source(message.source));
        let formerly = option(message.formerly.as_ref().map(|(older, set)| {
            let set = versions(*set);
            quote!((#older, #set))
        }));
        let (set, fields) = (versions(message.versions), fields(&message.shape));
        let success = option(message.success.map(|index| &spec.dictionaries[index].name));
        quote! {
            MessageInfo {
                name: #name, formerly: #formerly, tag: #tag, versions: #set, success: #success, fields: &[#(#fields),*], doc: #doc,
                source: #source,
            }
        }
    };
    messages.iter().map(row).collect()
}

fn dictionaries(spec: &Spec) -> Vec<TokenStream> {
    let row = |dictionary: &crate::ir::Dictionary| {
        let (name, doc, of_request, fields) = (&dictionary.name, &dictionary.doc, dictionary.of_request, fields(&dictionary.shape));
        quote!(DictionaryInfo { name: #name, of_request: #of_request, entries: &[#(#fields),*], doc: #doc })
    };
    spec.dictionaries.iter().map(row).collect()
}

fn states(spec: &Spec) -> Vec<TokenStream> {
    let row = |state: &crate::ir::State| {
        let (name, doc, set) = (&state.name, &state.doc, versions(state.versions));
        let formerly = option(state.formerly.as_ref().map(|(older, set)| {
            let set = versions(*set);
            quote!((#older, #set))
        }));
        let rows = state.rows.iter().map(|row| {
            let requests = row.requests.iter().map(|request| &spec.requests[*request].name);
            let name = |state: usize| &spec.states[state].name;
            let outcome = match row.transition {
                Transition::Refused => return quote!(),
                Transition::Ignored(state) => {
                    let state = name(state);
                    quote!(Outcome::Ignored(#state))
                }
                Transition::Served { success, open, failure } => {
                    let (success, open, failure) = (name(success), option(open.map(name)), option(failure.map(name)));
                    quote!(Outcome::Served { success: #success, open: #open, failure: #failure })
                }
            };
            let (set, source, why) = (versions(row.versions.and(all(spec))), source(row.source), option(row.why.as_ref()));
            quote!(RowInfo { requests: &[#(#requests),*], versions: #set, outcome: #outcome, source: #source, why: #why },)
        });
        quote!(StateInfo { name: #name, formerly: #formerly, versions: #set, rows: &[#(#rows)*], doc: #doc })
    };
    spec.states.iter().map(row).collect()
}

fn outcome(outcome: SampleOutcome) -> TokenStream {
    match outcome {
        SampleOutcome::Success => quote!(SampleOutcome::Success),
        SampleOutcome::Open => quote!(SampleOutcome::Open),
        SampleOutcome::Failure => quote!(SampleOutcome::Failure),
        SampleOutcome::Malformed => quote!(SampleOutcome::Malformed),
        SampleOutcome::Echo => quote!(SampleOutcome::Echo),
    }
}

fn samples(spec: &Spec) -> Vec<TokenStream> {
    let row = |sample: &crate::ir::Sample| {
        let (request, outcome) = (&spec.requests[sample.request].name, outcome(sample.outcome));
        let states = sample.states.iter().map(|state| &spec.states[*state].name);
        let (set, sends, answers) = (versions(sample.versions), &sample.sends, &sample.answers);
        let (needs, source, why) = (option(sample.needs.as_ref()), source(sample.source), option(sample.why.as_ref()));
        let patch = option(sample.patch.map(|patch| &spec.patches[patch].name));
        quote! {
            SampleInfo {
                request: #request, outcome: #outcome, states: &[#(#states),*], versions: #set, patch: #patch, sends: #sends,
                answers: &[#(#answers),*], needs: #needs, source: #source, why: #why,
            }
        }
    };
    spec.samples.iter().map(row).collect()
}

fn check_kind(kind: CheckKind) -> TokenStream {
    match kind {
        CheckKind::OutOfPlace => quote!(CheckKind::OutOfPlace),
        CheckKind::UnknownTag => quote!(CheckKind::UnknownTag),
        CheckKind::FieldMissing => quote!(CheckKind::FieldMissing),
        CheckKind::FieldTooMany => quote!(CheckKind::FieldTooMany),
        CheckKind::EntryMissing => quote!(CheckKind::EntryMissing),
        CheckKind::KeyUnknown => quote!(CheckKind::KeyUnknown),
        CheckKind::NullHere => quote!(CheckKind::NullHere),
        CheckKind::WrongType => quote!(CheckKind::WrongType),
        CheckKind::NotAllowed => quote!(CheckKind::NotAllowed),
        CheckKind::ValueLacking => quote!(CheckKind::ValueLacking),
        CheckKind::ValueFromServer => quote!(CheckKind::ValueFromServer),
        CheckKind::ValueUnknown => quote!(CheckKind::ValueUnknown),
        CheckKind::ChunkEmpty => quote!(CheckKind::ChunkEmpty),
    }
}

fn checks(spec: &Spec) -> Vec<TokenStream> {
    let mut rows: Vec<_> = spec.checks.iter().collect();
    // What names most comes first, so that whoever looks for a row takes the first that fits.
    rows.sort_by_key(|check| std::cmp::Reverse(check.rank()));
    let row = |check: &crate::ir::Check| {
        let (kind, of, with) = (check_kind(check.kind), &check.of, &check.with);
        let states = check.states.iter().map(|state| &spec.states[*state].name);
        let reaction = match &check.reaction {
            Reaction::Taken => quote!(Reaction::Taken),
            Reaction::Fails { codes, closes } => quote!(Reaction::Fails { codes: &[#(#codes),*], closes: #closes }),
            Reaction::Closes => quote!(Reaction::Closes),
        };
        let (set, source, why) = (versions(check.versions), source(check.source), option(check.why.as_ref()));
        quote! {
            CheckInfo {
                kind: #kind, of: &[#(#of),*], with: &[#(#with),*], states: &[#(#states),*], versions: #set, reaction: #reaction,
                source: #source, why: #why,
            }
        }
    };
    rows.into_iter().map(row).collect()
}

fn situations(spec: &Spec) -> Vec<TokenStream> {
    let row = |situation: &crate::ir::Situation| {
        let (name, request, state) = (&situation.name, &spec.requests[situation.request].name, &spec.states[situation.state].name);
        let (outcome, set) = (outcome(situation.outcome), versions(situation.versions));
        let (has, lacks) = (&situation.has, &situation.lacks);
        let (source, why) = (source(situation.source), option(situation.why.as_ref()));
        quote! {
            SituationInfo {
                name: #name, request: #request, state: #state, outcome: #outcome, versions: #set,
                has: &[#(#has),*], lacks: &[#(#lacks),*], source: #source, why: #why,
            }
        }
    };
    spec.situations.iter().map(row).collect()
}
