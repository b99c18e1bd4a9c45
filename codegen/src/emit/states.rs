//! The states, and the table of transitions as a dense array.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::text::{all, condition, doc, ident};
use crate::ir::{Spec, Transition};

pub(super) fn emit(spec: &Spec) -> TokenStream {
    let states = states(spec);
    let table = table(spec);
    quote! {
        use super::{RequestKind, Version};

        #states
        #table
    }
}

fn states(spec: &Spec) -> TokenStream {
    let idents: Vec<_> = spec.states.iter().map(|state| ident(&state.ident)).collect();
    let docs = spec.states.iter().map(|state| doc(&state.doc));
    let start = spec.states.iter().filter(|state| state.start).map(|state| ident(&state.ident));
    let interrupted = spec.states.iter().filter(|state| state.interrupted).take(1).map(|state| ident(&state.ident));
    let closed = spec.states.iter().filter(|state| state.closed).take(1).map(|state| ident(&state.ident));
    let names = spec.states.iter().flat_map(|state| {
        let (kind, name) = (ident(&state.ident), &state.name);
        let older = state.formerly.as_ref().map(|(older, versions)| {
            let guard = condition(*versions, all(spec), &quote!(version), spec).map(|condition| quote!(if #condition));
            quote!(Self::#kind #guard => #older)
        });
        older.into_iter().chain([quote!(Self::#kind => #name)])
    });
    let authenticated = spec.states.iter().filter(|state| state.authenticated).map(|state| ident(&state.ident));
    let malformed = spec.states.iter().map(|state| {
        let (from, to) = (ident(&state.ident), ident(&spec.states[state.malformed].ident));
        quote!(Self::#from => Self::#to)
    });
    quote! {
        /// Where a conversation stands.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[repr(u8)]
        pub enum State {
            #(#docs #idents,)*
        }

        impl State {
            /// Every state.
            pub const ALL: &'static [Self] = &[#(Self::#idents),*];
            /// Where a conversation starts.
            pub const START: Self = #(Self::#start)*;
            /// Where a request is handled that stands before an interrupt in the queue.
            pub const INTERRUPTED: Self = #(Self::#interrupted)*;
            /// Where a conversation has ended.
            pub const CLOSED: Self = #(Self::#closed)*;

            /// Its name in a version.
            #[must_use]
            pub fn name(self, version: Version) -> &'static str {
                match self { #(#names,)* }
            }

            /// Whether the user is known.
            #[must_use]
            pub const fn authenticated(self) -> bool {
                matches!(self, #(Self::#authenticated)|*)
            }

            /// Where a message leads that cannot be read.
            #[must_use]
            pub const fn malformed(self) -> Self {
                match self { #(#malformed,)* }
            }
        }
    }
}

fn table(spec: &Spec) -> TokenStream {
    let machines = spec.machines.len();
    let (states, requests) = (spec.states.len(), spec.requests.len());
    let machine_of = spec.machine_of.iter();
    let state = |index: usize| {
        let name = ident(&spec.states[index].ident);
        quote!(State::#name)
    };
    let mut rows = Vec::new();
    for (number, machine) in spec.machines.iter().enumerate() {
        for (from, cells) in machine.iter().enumerate() {
            for (request, cell) in cells.iter().enumerate() {
                let (from, request) = (state(from), ident(&spec.requests[request].ident));
                let transition = match cell {
                    Transition::Refused => continue,
                    Transition::Ignored(to) => {
                        let to = state(*to);
                        quote!(Transition::Ignored(#to))
                    }
                    Transition::Served { success, open, failure } => {
                        let success = state(*success);
                        let open = open.map(state).map_or(quote!(None), |open| quote!(Some(#open)));
                        let failure = failure.map(state).unwrap_or(quote!(State::CLOSED));
                        quote!(Transition::Served { success: #success, open: #open, failure: #failure })
                    }
                };
                rows.push(quote!((#number, #from, RequestKind::#request, #transition)));
            }
        }
    }
    let name = format_ident!("transition");
    quote! {
        /// What a state does with a request.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum Transition {
            /// It fails, and the connection is closed.
            Refused,
            /// It is answered IGNORED, and leads there.
            Ignored(State),
            /// It is carried out.
            Served {
                /// Where SUCCESS leads.
                success: State,
                /// Where SUCCESS leads that leaves a result to pull from.
                open: Option<State>,
                /// Where FAILURE leads.
                failure: State,
            },
        }

        /// What a state does with a request in a version.
        #[must_use]
        pub fn #name(version: Version, state: State, request: RequestKind) -> Transition {
            TABLE[usize::from(MACHINE_OF[version as usize])][state as usize][request as usize]
        }

        /// The machine of each version: an index into the table.
        pub const MACHINE_OF: &[u8] = &[#(#machine_of as u8),*];

        type Table = [[[Transition; #requests]; #states]; #machines];

        const TABLE: Table = {
            let mut table = [[[Transition::Refused; #requests]; #states]; #machines];
            let mut row = 0;
            while row < ROWS.len() {
                let (machine, state, request, transition) = ROWS[row];
                table[machine][state as usize][request as usize] = transition;
                row += 1;
            }
            table
        };

        /// Every machine's rows: the machine, the state, the request, and what happens.
        const ROWS: &[(usize, State, RequestKind, Transition)] = &[#(#rows),*];
    }
}
