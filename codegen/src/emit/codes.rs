//! The codes of failures, notifications and results as enums.

use proc_macro2::TokenStream;
use quote::quote;

use super::text::{doc, ident};
use crate::ir::{Classification, Spec};

pub(super) fn emit(spec: &Spec) -> TokenStream {
    let errors = errors(spec);
    let notifications = notifications(spec);
    let statuses = statuses(spec);
    quote!(#errors #notifications #statuses)
}

fn errors(spec: &Spec) -> TokenStream {
    let idents: Vec<_> = spec.errors.iter().map(|error| ident(&error.ident)).collect();
    let docs = spec.errors.iter().map(|error| doc(&format!("`{}`: {}", error.code, error.doc)));
    let codes: Vec<_> = spec.errors.iter().map(|error| &error.code).collect();
    let gql = spec.errors.iter().map(|error| &error.gql_status);
    let descriptions = spec.errors.iter().map(|error| &error.description);
    let classifications = spec.errors.iter().map(|error| match error.classification {
        Classification::ClientError => quote!(Classification::ClientError),
        Classification::DatabaseError => quote!(Classification::DatabaseError),
        Classification::TransientError => quote!(Classification::TransientError),
    });
    let retryable = spec.errors.iter().filter(|error| error.retryable).map(|error| ident(&error.ident));
    quote! {
        /// Whose fault a failure is.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum Classification {
            /// The client's.
            ClientError,
            /// The database's.
            DatabaseError,
            /// Nobody's: it may work the next time.
            TransientError,
        }

        impl Classification {
            /// Its name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::ClientError => "CLIENT_ERROR",
                    Self::DatabaseError => "DATABASE_ERROR",
                    Self::TransientError => "TRANSIENT_ERROR",
                }
            }
        }

        /// The code of a failure. Drivers decide by it what to do.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum ErrorCode {
            #(#docs #idents,)*
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[#(Self::#idents),*];

            /// The Neo4j code, such as `Neo.ClientError.Statement.SyntaxError`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { #(Self::#idents => #codes,)* }
            }

            /// The code of a text.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code {
                    #(#codes => Some(Self::#idents),)*
                    _ => None,
                }
            }

            /// The GQLSTATUS code.
            #[must_use]
            pub const fn gql_status(self) -> &'static str {
                match self { #(Self::#idents => #gql,)* }
            }

            /// What the GQLSTATUS code means.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { #(Self::#idents => #descriptions,)* }
            }

            /// Whose fault it is.
            #[must_use]
            pub const fn classification(self) -> Classification {
                match self { #(Self::#idents => #classifications,)* }
            }

            /// Whether the official drivers try again.
            #[must_use]
            pub const fn retryable(self) -> bool {
                matches!(self, #(Self::#retryable)|*)
            }
        }
    }
}

fn notifications(spec: &Spec) -> TokenStream {
    let idents: Vec<_> = spec.notifications.iter().map(|it| ident(&it.ident)).collect();
    let docs = spec.notifications.iter().map(|it| doc(&format!("`{}`: {}", it.code, it.doc)));
    let codes = spec.notifications.iter().map(|it| &it.code);
    let gql = spec.notifications.iter().map(|it| &it.gql_status);
    let descriptions = spec.notifications.iter().map(|it| &it.description);
    let titles = spec.notifications.iter().map(|it| &it.title);
    let sentences = spec.notifications.iter().map(|it| &it.doc);
    let severities = spec.notifications.iter().map(|it| &it.severity);
    let categories = spec.notifications.iter().map(|it| &it.category);
    quote! {
        /// The code of a notification.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum NotificationCode {
            #(#docs #idents,)*
        }

        impl NotificationCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[#(Self::#idents),*];

            /// The Neo4j code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { #(Self::#idents => #codes,)* }
            }

            /// The GQLSTATUS code.
            #[must_use]
            pub const fn gql_status(self) -> &'static str {
                match self { #(Self::#idents => #gql,)* }
            }

            /// What the GQLSTATUS code means.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { #(Self::#idents => #descriptions,)* }
            }

            /// The notification in short.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { #(Self::#idents => #titles,)* }
            }

            /// The notification in a sentence, where there is nothing more exact to say.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { #(Self::#idents => #sentences,)* }
            }

            /// WARNING or INFORMATION.
            #[must_use]
            pub const fn severity(self) -> &'static str {
                match self { #(Self::#idents => #severities,)* }
            }

            /// The kind of notification.
            #[must_use]
            pub const fn category(self) -> &'static str {
                match self { #(Self::#idents => #categories,)* }
            }
        }
    }
}

fn statuses(spec: &Spec) -> TokenStream {
    let idents: Vec<_> = spec.statuses.iter().map(|it| ident(&it.ident)).collect();
    let docs = spec.statuses.iter().map(|it| doc(&format!("`{}`: {}", it.gql_status, it.doc)));
    let gql = spec.statuses.iter().map(|it| &it.gql_status);
    let descriptions = spec.statuses.iter().map(|it| &it.description);
    quote! {
        /// How a result ended.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum ResultStatus {
            #(#docs #idents,)*
        }

        impl ResultStatus {
            /// The GQLSTATUS code.
            #[must_use]
            pub const fn gql_status(self) -> &'static str {
                match self { #(Self::#idents => #gql,)* }
            }

            /// What the GQLSTATUS code means.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { #(Self::#idents => #descriptions,)* }
            }
        }
    }
}
