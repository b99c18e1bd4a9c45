use super::*;
use crate::conform::transcript::Transcript;
use crate::generated::Version;

/// What it means that `came` came where `expected` was to come, both as a conversation writes them.
fn meets(expected: &str, came: &str) -> Effect {
    let line = |line: &str| {
        let text = format!("title: t\narea: states\nversions: 1+\nsource: docs\n\nS: {line}\n");
        Transcript::parse(&text).unwrap_or_else(|error| panic!("{line}: {error}")).lines.remove(0).step
    };
    let scope = Scope::new(Version::V5_4, Vec::new(), "run");
    let message = |step: Step| match step {
        Step::Answer(_, answers) => match answers.into_iter().next() {
            Some(Answer::Message(tag, fields)) => Data::Structure(tag, fields.iter().map(|field| field.item.data(&scope)).collect()),
            Some(Answer::Failure(codes)) => {
                let code = ("code".to_owned(), Data::String(codes[0].clone()));
                Data::Structure(0x7F, vec![Data::Dictionary(vec![code])])
            }
            None => panic!("{came}"),
        },
        step => panic!("{step:?}"),
    };
    let data;
    let got = match came {
        "<CLOSED>" => Came::Closed,
        "<SILENCE>" => Came::Nothing,
        "garbage" => Came::Garbage,
        "00 00 00 00" => Came::Bytes(&[0; 4]),
        came => {
            data = message(line(came));
            Came::Message(&data)
        }
    };
    effect((expected != "the end").then(|| line(expected)).as_ref(), got, &scope)
}

#[test]
fn what_differs_is_said_in_a_few_words() {
    for (expected, came, what) in [
        ("SUCCESS {..}", "<CLOSED>", "closed instead of SUCCESS"),
        ("SUCCESS {..}", "<SILENCE>", "nothing came instead of SUCCESS"),
        ("SUCCESS {..} | IGNORED", "garbage", "unreadable bytes instead of SUCCESS or IGNORED"),
        ("SUCCESS {\"fields\": [\"n\"], ..}", "SUCCESS {}", "SUCCESS without \"fields\""),
        (
            "SUCCESS {\"a\": 1, \"b\": <Integer>}",
            "SUCCESS {\"b\": \"x\"}",
            "SUCCESS without \"a\", \"b\" in SUCCESS of type String instead of Integer",
        ),
        ("SUCCESS {}", "SUCCESS {\"a\": 1}", "SUCCESS with \"a\", which does not belong there"),
        ("SUCCESS {\"type\": \"r\"}", "SUCCESS {\"type\": \"x\"}", "\"type\" in SUCCESS with another value"),
        ("RECORD [1]", "RECORD [1, 2]", "RECORD of 2 values instead of 1 value"),
        ("RECORD [1]", "RECORD [2]", "RECORD with another value"),
        ("RECORD [1]", "RECORD [\"1\"]", "RECORD with a value of type String instead of Integer"),
        ("RECORD [Node(1, [], {}, \"1\")]", "RECORD [Node(1, [], {})]", "Node of 3 fields instead of 4 fields"),
        ("IGNORED", "IGNORED {}", "IGNORED with fields that it does not have"),
        ("FAILURE Neo.ClientError.Request.Invalid", "SUCCESS {}", "SUCCESS instead of FAILURE Neo.ClientError.Request.Invalid"),
        (
            "FAILURE Neo.ClientError.Request.Invalid | Neo.ClientError.Request.InvalidFormat",
            "FAILURE Neo.DatabaseError.General.UnknownError",
            "FAILURE Neo.DatabaseError.General.UnknownError instead of Neo.ClientError.Request.Invalid or Neo.ClientError.Request.InvalidFormat",
        ),
        ("<CLOSED>", "SUCCESS {}", "SUCCESS instead of the end of the connection"),
        ("the end", "RECORD [1]", "RECORD where nothing was to come"),
        ("raw 00 00 04 05", "00 00 00 00", "the refusal 00 00 00 00 instead of the version"),
    ] {
        assert_eq!(meets(expected, came).what, what, "{expected} met {came}");
    }
}

#[test]
fn the_worst_of_several_differences_is_what_is_told() {
    let effect = meets("SUCCESS {\"has_more\": true, \"t_last\": 1}", "SUCCESS {}");
    assert_eq!(effect.severity, Severity::WrongResult);
    assert!(effect.consequence.contains("the rows that are left are lost"), "{}", effect.consequence);
}

#[test]
fn what_makes_drivers_try_again_decides_about_a_code() {
    for (expected, came, severity, says) in [
        ("Neo.ClientError.Statement.SyntaxError", "Neo.ClientError.Statement.SemanticError", Severity::Slight, "alike"),
        ("Neo.ClientError.Statement.SyntaxError", "Neo.DatabaseError.General.UnknownError", Severity::Misled, "gets a DatabaseError"),
        ("Neo.ClientError.Statement.SyntaxError", "Neo.TransientError.General.DatabaseUnavailable", Severity::Misled, "again and again"),
        ("Neo.TransientError.Transaction.DeadlockDetected", "Neo.ClientError.Statement.SyntaxError", Severity::Misled, "not tried again"),
        ("Neo.TransientError.Transaction.DeadlockDetected", "Neo.TransientError.Transaction.Outdated", Severity::Slight, "alike"),
    ] {
        let effect = meets(&format!("FAILURE {expected}"), &format!("FAILURE {came}"));
        assert_eq!(effect.severity, severity, "{expected} met {came}");
        assert!(effect.consequence.contains(says), "{expected} met {came}: {}", effect.consequence);
    }
}

#[test]
fn rows_that_are_lost_without_a_word_are_worse_than_a_connection_that_is() {
    assert!(meets("RECORD [1]", "SUCCESS {}").severity < meets("RECORD [1]", "<CLOSED>").severity);
    assert!(meets("RECORD [1]", "<SILENCE>").severity < meets("RECORD [1]", "<CLOSED>").severity);
    assert!(meets("IGNORED", "SUCCESS {}").severity < meets("IGNORED", "<CLOSED>").severity);
}

#[test]
fn a_sentence_ends_as_one() {
    for expected in [
        "SUCCESS {..}",
        "RECORD [1]",
        "IGNORED",
        "FAILURE Neo.ClientError.Request.Invalid",
        "<CLOSED>",
        "<SILENCE>",
        "<MANIFEST>",
        "raw 00",
    ] {
        for came in [
            "<CLOSED>",
            "<SILENCE>",
            "garbage",
            "00 00 00 00",
            "SUCCESS {}",
            "RECORD [2]",
            "IGNORED",
            "FAILURE Neo.ClientError.Request.Invalid",
        ] {
            let effect = meets(expected, came);
            assert!(effect.consequence.ends_with('.') && !effect.what.is_empty(), "{expected} met {came}: {effect:?}");
        }
    }
}
