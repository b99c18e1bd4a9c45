//! The protocol itself: versions, values, messages, states and codes. It is generated from `spec/`; this file only takes it in.

/// Takes one generated file in as a module.
macro_rules! generated {
    ($($name:ident = $file:literal;)*) => {
        $(#[allow(clippy::use_self, reason = "the generator names a type the same way everywhere")]
        mod $name {
            include!(concat!(env!("OUT_DIR"), "/", $file));
        })*
    };
}

generated! {
    codes = "codes.rs";
    dictionaries = "dictionaries.rs";
    markers = "markers.rs";
    requests = "requests.rs";
    responses = "responses.rs";
    states = "states.rs";
    structures = "structures.rs";
    values = "values.rs";
    versions = "versions.rs";
}

/// The specification as constants, for what works on all versions.
pub mod reflection {
    include!(concat!(env!("OUT_DIR"), "/reflection.rs"));
}

/// The golden vectors of the specification.
pub mod examples {
    include!(concat!(env!("OUT_DIR"), "/examples.rs"));
}

/// The conversations of the specification.
pub mod conversations {
    include!(concat!(env!("OUT_DIR"), "/conversations.rs"));
}

pub use codes::*;
pub use dictionaries::*;
pub use markers::*;
pub use requests::*;
pub use responses::*;
pub use states::*;
pub use structures::*;
pub use values::*;
pub use versions::*;
