//! The engine's temporal functions are right without an argument, with a parameter, and with a plain ISO literal.
//! Everything else with them would give null or another value in silence, and is refused.

use grafeo_common::types::Value;

use super::lexer::{Kind, Tokens};
use super::{Parameters, Refusal};

/// The functions, and an example of what works with each.
const FUNCTIONS: [(&str, Literal, &str); 6] = [
    ("date", Literal::Date, "'2020-12-31'"),
    ("datetime", Literal::DateTime, "'2020-12-31T23:59:59.123456+01:00'"),
    ("localdatetime", Literal::LocalDateTime, "'2020-12-31T23:59:59.123456'"),
    ("time", Literal::Time, "'23:59:59.123456+01:00'"),
    ("localtime", Literal::LocalTime, "'23:59:59.123456'"),
    ("duration", Literal::Duration, "'P1Y2M3DT4H5M6.7S'"),
];

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Literal {
    Date,
    DateTime,
    LocalDateTime,
    Time,
    LocalTime,
    Duration,
}

/// Fails at the first use that would be wrong.
pub(super) fn check(tokens: &Tokens<'_>, parameters: &Parameters) -> Result<(), Refusal> {
    for index in 0..tokens.len() {
        let behind_a_dot = index > 0 && tokens.is_sign(index - 1, ".");
        let function = FUNCTIONS.iter().find(|(name, ..)| tokens.is_word(index, name)).filter(|_| !behind_a_dot);
        let Some(&(name, literal, example)) = function else {
            continue;
        };
        let refuse = |what: &str| {
            Err(Refusal::Unsupported(format!(
                "{name}(): {what} not supported by the embedded database. What works: {name}(), {name}($parameter) and a plain \
                 ISO literal such as {name}({example}); or compute the value in the client and pass it as a parameter."
            )))
        };
        if tokens.is_sign(index + 1, ".") && tokens.is_sign(index + 3, "(") {
            return refuse(&format!("{name}.{}() is", tokens.name(index + 2).unwrap_or_default()));
        }
        if !tokens.is_sign(index + 1, "(") {
            continue;
        }
        let close = tokens.closing(index + 1);
        if let Some(fault) = argument(tokens, index + 2, close, literal, parameters) {
            return refuse(fault);
        }
        if tokens.is_sign(close + 1, ".") {
            return refuse("reading a component of what it returns is");
        }
        let arithmetic = |at: usize| ["+", "-", "*", "/", "%", "^"].iter().any(|sign| tokens.is_sign(at, sign));
        let arrow = index >= 2 && tokens.is_sign(index - 1, "-") && tokens.is_sign(index - 2, "<");
        if arithmetic(close + 1) || index > 0 && arithmetic(index - 1) && !arrow {
            return refuse("arithmetic with it is");
        }
    }
    Ok(())
}

/// What is wrong with the argument between the brackets.
fn argument(tokens: &Tokens<'_>, from: usize, close: usize, literal: Literal, parameters: &Parameters) -> Option<&'static str> {
    if from == close {
        return None;
    }
    let first = tokens.at(from)?;
    match first.kind {
        Kind::String if from + 1 == close => {
            let plain = tokens.string(from).is_some_and(|text| literal.takes(&text));
            (!plain).then_some("this literal is")
        }
        Kind::Parameter => {
            // A missing parameter is for the engine to name.
            let mut value = parameters.get(&tokens.parameter(from)?)?;
            let mut end = from + 1;
            while end < close && tokens.is_sign(end, ".") {
                let Some(key) = tokens.name(end + 1) else {
                    break;
                };
                let Value::Map(map) = value else { break };
                value = map.get(key.as_str()).unwrap_or(&Value::Null);
                end += 2;
            }
            if end != close {
                return Some("this argument is");
            }
            (!literal.takes_value(value)).then_some("the value of this parameter is")
        }
        Kind::Word if from + 1 == close && tokens.is_word(from, "null") => None,
        Kind::Open('{') => Some("a map of components is"),
        _ => Some("this argument is"),
    }
}

impl Literal {
    /// Whether the engine gives the right value for a parameter.
    fn takes_value(self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::String(text) => self.takes(text),
            Value::Date(_) => self == Self::Date,
            Value::ZonedDatetime(_) => self == Self::DateTime,
            Value::Timestamp(_) => self == Self::LocalDateTime,
            Value::Time(time) => self == if time.offset_seconds().is_some() { Self::Time } else { Self::LocalTime },
            Value::Duration(_) => self == Self::Duration,
            _ => false,
        }
    }

    /// Whether `text` is a plain literal that the engine reads as Neo4j does.
    fn takes(self, text: &str) -> bool {
        match self {
            Self::Date => is_date(text),
            Self::DateTime | Self::LocalDateTime => match text.split_once('T') {
                None => is_date(text),
                Some((date, time)) => is_date(date) && is_time(time, self == Self::DateTime),
            },
            Self::Time | Self::LocalTime => is_time(text, self == Self::Time),
            Self::Duration => is_duration(text),
        }
    }
}

/// `YYYY-MM-DD`, a day that exists.
fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.ffffff`, with an offset behind it where one may be.
fn is_time(text: &str, may_have_offset: bool) -> bool {
    let start = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, offset) = text.split_at(start);
    let offset_fits = match offset {
        "" => true,
        _ if !may_have_offset => false,
        "Z" => true,
        _ => offset[1..].split_once(':').is_some_and(|(hours, minutes)| {
            matches!((digits(hours, 2), digits(minutes, 2)), (Some(hours), Some(minutes)) if hours * 60 + minutes <= 18 * 60 && minutes < 60)
        }),
    };
    let mut parts = clock.split(':');
    let hours = parts.next().and_then(|part| digits(part, 2)).is_some_and(|hours| hours < 24);
    let minutes = parts.next().and_then(|part| digits(part, 2)).is_some_and(|minutes| minutes < 60);
    let seconds = match parts.next() {
        None => true,
        Some(part) => {
            let (whole, fraction) = part.split_once('.').unwrap_or((part, "0"));
            digits(whole, 2).is_some_and(|seconds| seconds < 60)
                && (1..=6).contains(&fraction.len())
                && fraction.bytes().all(|digit| digit.is_ascii_digit())
        }
    };
    offset_fits && hours && minutes && seconds && parts.next().is_none()
}

/// `P1Y2M3W4DT5H6M7.8S`: whole numbers but for the seconds, and nothing that 64 bits of nanoseconds cannot hold.
fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else {
        return false;
    };
    let (days, clock) = match rest.split_once('T') {
        Some((days, clock)) if !clock.is_empty() => (days, clock),
        Some(_) => return false,
        None => (rest, ""),
    };
    !rest.is_empty() && are_amounts(days, "YMWD", false) && are_amounts(clock, "HMS", true)
}

/// Amounts with units in this order, each at most once.
fn are_amounts(mut text: &str, units: &str, seconds_may_be_broken: bool) -> bool {
    let mut units = units.chars();
    while !text.is_empty() {
        let Some(end) = text.find(|character: char| character.is_ascii_alphabetic()) else {
            return false;
        };
        let (amount, rest) = text.split_at(end);
        let Some(unit) = rest.chars().next().filter(|&unit| units.any(|next| next == unit)) else {
            return false;
        };
        text = &rest[1..];
        let amount = amount.strip_prefix('-').unwrap_or(amount);
        let (whole, fraction) = match amount.split_once('.') {
            Some((whole, fraction)) if seconds_may_be_broken && unit == 'S' => (whole, fraction),
            Some(_) => return false,
            None => (amount, "0"),
        };
        // 64 bits of nanoseconds hold 2.5 million hours.
        let longest = if unit == 'H' { 6 } else { 9 };
        let all_digits =
            |part: &str, longest: usize| (1..=longest).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit());
        if !all_digits(whole, longest) || !all_digits(fraction, 6) {
            return false;
        }
    }
    true
}

/// The number that exactly `count` digits write.
fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|digit| digit.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use grafeo_common::types::{Date, Timestamp};

    use super::super::prepare;
    use super::super::tests::{refused, refused_with, reworded};
    use super::*;

    fn says(statement: &str, part: &str) {
        match refused(statement) {
            Refusal::Unsupported(message) => {
                assert!(message.contains(part) && message.contains("What works: "), "{message}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn plain_uses_are_taken() {
        for call in [
            "date()",
            "datetime()",
            "date('2020-02-29')",
            "datetime('2020-01-02T03:04:05.123456+01:30')",
            "datetime('2020-01-02T03:04Z')",
            "localdatetime('2020-01-02T03:04:05')",
            "time('03:04:05.1-18:00')",
            "localtime('03:04')",
            "duration('P1Y-2M3W4DT5H6M-7.8S')",
            "localDateTime('2020-01-02')",
            "date(null)",
        ] {
            reworded(&format!("RETURN {call} AS value"));
        }
        reworded("MATCH (date {time: 1}) WITH date, date.time AS datetime RETURN date.year, [date(), time()], datetime - 1");
    }

    #[test]
    fn other_literals_are_refused() {
        for call in [
            "date('2020-W01-1')",
            "date('2020-001')",
            "date('20200102')",
            "date('2019-02-29')",
            "date('2020-1-2')",
            "date('2020-01')",
            "datetime('2020-01-02T03:04:05[Europe/Berlin]')",
            "datetime('2020-01-02T03:04:05+01:00[Europe/Berlin]')",
            "localdatetime('2020-01-02T03:04:05.123456789')",
            "localdatetime('2020-01-02T03:04:05Z')",
            "localtime('24:00')",
            "time('03:04+0100')",
            "duration('P0.5D')",
            "duration('P1M2Y')",
            "duration('-P1D')",
            "duration('P')",
            "duration('P1DT')",
            "duration('PT9999999H')",
        ] {
            says(&format!("RETURN {call}"), "this literal is not supported");
        }
    }

    #[test]
    fn components_arithmetic_and_truncation_are_refused() {
        says("RETURN date({year: 2020})", "map of components");
        says("RETURN date.truncate('month', date())", "date.truncate() is");
        says("RETURN duration.between($a, $b)", "duration.between() is");
        says("RETURN datetime.realtime()", "datetime.realtime() is");
        says("MATCH (n) RETURN n.d + duration('P1D')", "arithmetic");
        says("RETURN date() - $d", "arithmetic");
        says("RETURN date('2020-01-01').year", "component");
        says("UNWIND $rows AS row RETURN datetime(row.when)", "this argument");
        says("RETURN date('2020-' + '01-01')", "this argument");
    }

    #[test]
    fn a_parameter_is_taken_when_its_value_is() {
        let with = |value: Value| Parameters::from([("p".to_owned(), value)]);
        let taken = |statement: &str, value: Value| assert!(prepare(statement, &with(value)).is_ok(), "{statement}");
        taken("RETURN date($p)", Value::from("2020-01-02"));
        taken("RETURN date($p)", Value::Date(Date::from_days(1)));
        taken("RETURN date($p)", Value::Null);
        taken("RETURN date($p.a)", Value::Map(std::sync::Arc::new([("a".into(), Value::from("2020-01-02"))].into())));
        for value in [Value::from("2020-W01"), Value::Timestamp(Timestamp::from_micros(1)), Value::from(1_i64)] {
            let refusal = refused_with("RETURN date($p)", &with(value));
            assert!(matches!(&refusal, Refusal::Unsupported(message) if message.contains("this parameter")), "{refusal}");
        }
    }
}
