//! Arbitrary values for property tests.

use std::borrow::Cow;

use proptest::prelude::*;

use super::Dictionary;
use crate::generated::Value;

/// Values without structures, lists and dictionaries in each other included.
pub(crate) fn primitives() -> impl Strategy<Value = Value<'static>> {
    values(scalars())
}

/// Values that hold the given ones, in lists and dictionaries too.
pub(crate) fn values(leaves: impl Strategy<Value = Value<'static>> + 'static) -> impl Strategy<Value = Value<'static>> {
    leaves.prop_recursive(4, 64, 20, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..20).prop_map(Value::List), dictionaries(inner).prop_map(Value::Dictionary),]
    })
}

/// Dictionaries of the given values.
pub(crate) fn dictionaries(values: impl Strategy<Value = Value<'static>>) -> impl Strategy<Value = Dictionary<'static>> {
    prop::collection::vec((strings(), values), 0..20).prop_map(Dictionary::from_iter)
}

/// Values that hold no others.
pub(crate) fn scalars() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        integers().prop_map(Value::Integer),
        floats().prop_map(Value::Float),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(|bytes| Value::Bytes(Cow::Owned(bytes))),
        strings().prop_map(Value::String),
        any::<[u8; 16]>().prop_map(Value::Uuid),
    ]
}

/// Text of every length class up to 16 bits, of one to four bytes a character.
pub(crate) fn strings() -> impl Strategy<Value = Cow<'static, str>> {
    prop_oneof![8 => "[a-z]{0,20}", 4 => "\\PC{0,20}", 2 => "[a-zé]{200,300}", 1 => "[ -~]{65530,65540}"].prop_map(Cow::Owned)
}

/// Integers of every width alike, and the edges of each.
pub(crate) fn integers() -> impl Strategy<Value = i64> {
    prop_oneof![
        -20_i64..130,
        any::<i8>().prop_map(i64::from),
        any::<i16>().prop_map(i64::from),
        any::<i32>().prop_map(i64::from),
        any::<i64>(),
        (0_u32..64, -1_i64..=1).prop_map(|(bit, off)| (1_i64 << bit).wrapping_add(off)),
        (0_u32..64, -1_i64..=1).prop_map(|(bit, off)| (1_i64 << bit).wrapping_neg().wrapping_add(off)),
    ]
}

/// Floats of every bit pattern but NaN, which is not equal to itself.
pub(crate) fn floats() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(f64::from_bits).prop_filter("NaN", |value| !value.is_nan())
}
