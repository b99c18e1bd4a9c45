//! Values as an example writes them, and a PackStream of its own for them: slow and plain, so that what the generated code does can be
//! held against it.

use serde_yaml::Value as Yaml;

/// A value, or a message, without names.
#[derive(Clone, Debug)]
pub(crate) enum Literal {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Bytes(Vec<u8>),
    String(String),
    List(Vec<Self>),
    Dictionary(Vec<(String, Self)>),
    Uuid([u8; 16]),
    Structure(u8, Vec<Self>),
}

impl Literal {
    /// Whether two literals are the same, floats by their bits.
    pub(crate) fn same(&self, other: &Self) -> bool {
        encode(self) == encode(other)
    }
}

/// Knows the structures.
pub(crate) trait Names {
    /// The tag of a structure, and the names of its fields in order.
    fn structure(&self, name: &str) -> Result<(u8, Vec<String>), String>;
}

/// Reads a literal: YAML's own values, and `{$Type: …}` for what YAML lacks.
pub(crate) fn from_yaml(yaml: &Yaml, names: &dyn Names) -> Result<Literal, String> {
    Ok(match yaml {
        Yaml::Null => Literal::Null,
        Yaml::Bool(value) => Literal::Boolean(*value),
        Yaml::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => Literal::Integer(value),
            (None, Some(value)) if number.is_f64() => Literal::Float(value),
            _ => return Err(format!("expected an integer of 64 bits, got {number}")),
        },
        Yaml::String(text) => Literal::String(text.clone()),
        Yaml::Sequence(items) => Literal::List(items.iter().map(|item| from_yaml(item, names)).collect::<Result<_, _>>()?),
        Yaml::Mapping(mapping) => match mapping.iter().next() {
            Some((Yaml::String(key), value)) if mapping.len() == 1 && key.starts_with('$') => typed(&key[1..], value, names)?,
            _ => {
                let entry = |(key, value): (&Yaml, &Yaml)| match key {
                    Yaml::String(key) => Ok((key.clone(), from_yaml(value, names)?)),
                    other => Err(format!("expected a string as a key, got {other:?}")),
                };
                Literal::Dictionary(mapping.iter().map(entry).collect::<Result<_, _>>()?)
            }
        },
        Yaml::Tagged(tagged) => return Err(format!("expected a value without a tag, got {}", tagged.tag)),
    })
}

fn typed(name: &str, value: &Yaml, names: &dyn Names) -> Result<Literal, String> {
    match (name, value) {
        ("Bytes", Yaml::String(text)) => Ok(Literal::Bytes(text.parse::<crate::scalar::Hex>()?.0)),
        ("Float", Yaml::String(text)) => match text.as_str() {
            "-0.0" => Ok(Literal::Float(-0.0)),
            "NaN" => Ok(Literal::Float(f64::NAN)),
            "Infinity" => Ok(Literal::Float(f64::INFINITY)),
            "-Infinity" => Ok(Literal::Float(f64::NEG_INFINITY)),
            other => Err(format!("expected -0.0, NaN, Infinity or -Infinity, got '{other}'")),
        },
        ("Uuid", Yaml::String(text)) => {
            let digits = text.replace('-', "");
            match (digits.len(), u128::from_str_radix(&digits, 16)) {
                (32, Ok(number)) => Ok(Literal::Uuid(number.to_be_bytes())),
                _ => Err(format!("expected a UUID of 32 hexadecimal digits, got '{text}'")),
            }
        }
        (_, Yaml::Mapping(mapping)) => {
            let (tag, fields) = names.structure(name)?;
            if let Some(Yaml::String(wrong)) = mapping.keys().find(|key| !matches!(key, Yaml::String(key) if fields.contains(key))) {
                return Err(format!("'{name}' has no field '{wrong}'; its fields are {}", fields.join(", ")));
            }
            let field = |field: &String| match mapping.get(field.as_str()) {
                Some(value) => from_yaml(value, names),
                None => Err(format!("'{name}' needs its field '{field}'")),
            };
            Ok(Literal::Structure(tag, fields.iter().map(field).collect::<Result<_, _>>()?))
        }
        _ => Err(format!("expected ${name} with its fields by name")),
    }
}

/// The bytes of a literal, in the narrowest form.
pub(crate) fn encode(literal: &Literal) -> Vec<u8> {
    let mut out = Vec::new();
    write(literal, &mut out);
    out
}

fn write(literal: &Literal, out: &mut Vec<u8>) {
    match literal {
        Literal::Null => out.push(0xC0),
        Literal::Boolean(value) => out.push(if *value { 0xC3 } else { 0xC2 }),
        Literal::Integer(value) => write_integer(*value, out),
        Literal::Float(value) => {
            out.push(0xC1);
            out.extend(value.to_be_bytes());
        }
        Literal::Bytes(bytes) => {
            header(bytes.len(), None, [0xCC, 0xCD, 0xCE], out);
            out.extend(bytes);
        }
        Literal::String(text) => {
            header(text.len(), Some(0x80), [0xD0, 0xD1, 0xD2], out);
            out.extend(text.as_bytes());
        }
        Literal::List(items) => {
            header(items.len(), Some(0x90), [0xD4, 0xD5, 0xD6], out);
            items.iter().for_each(|item| write(item, out));
        }
        Literal::Dictionary(entries) => {
            header(entries.len(), Some(0xA0), [0xD8, 0xD9, 0xDA], out);
            for (key, value) in entries {
                write(&Literal::String(key.clone()), out);
                write(value, out);
            }
        }
        Literal::Uuid(bytes) => {
            out.push(0xE0);
            out.extend(bytes);
        }
        Literal::Structure(tag, fields) => {
            out.extend([0xB0 | fields.len() as u8, *tag]);
            fields.iter().for_each(|field| write(field, out));
        }
    }
}

fn write_integer(value: i64, out: &mut Vec<u8>) {
    if let (Ok(byte), -16..) = (i8::try_from(value), value) {
        out.extend(byte.to_be_bytes());
    } else if let Ok(value) = i8::try_from(value) {
        out.push(0xC8);
        out.extend(value.to_be_bytes());
    } else if let Ok(value) = i16::try_from(value) {
        out.push(0xC9);
        out.extend(value.to_be_bytes());
    } else if let Ok(value) = i32::try_from(value) {
        out.push(0xCA);
        out.extend(value.to_be_bytes());
    } else {
        out.push(0xCB);
        out.extend(value.to_be_bytes());
    }
}

fn header(length: usize, tiny: Option<u8>, markers: [u8; 3], out: &mut Vec<u8>) {
    match (tiny, u8::try_from(length), u16::try_from(length)) {
        (Some(tiny), Ok(length @ 0..=15), _) => out.push(tiny | length),
        (_, Ok(length), _) => out.extend([markers[0], length]),
        (_, _, Ok(length)) => {
            out.push(markers[1]);
            out.extend(length.to_be_bytes());
        }
        _ => {
            out.push(markers[2]);
            out.extend((length as u32).to_be_bytes());
        }
    }
}

/// Reads the one value that the bytes are.
pub(crate) fn decode(bytes: &[u8]) -> Result<Literal, String> {
    let mut input = Input { bytes, at: 0 };
    let literal = input.value()?;
    match bytes.len() - input.at {
        0 => Ok(literal),
        left => Err(format!("{left} bytes are left over behind the value")),
    }
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let end = self.at + count;
        let taken = self
            .bytes
            .get(self.at..end)
            .ok_or_else(|| format!("the bytes end inside a value, {count} more were expected at {}", self.at))?;
        self.at = end;
        Ok(taken)
    }

    fn number(&mut self, width: usize) -> Result<i64, String> {
        let bytes = self.take(width)?;
        let sign = if bytes[0] & 0x80 == 0 { 0 } else { -1 };
        Ok(bytes.iter().fold(sign, |number, byte| (number << 8) | i64::from(*byte)))
    }

    fn length(&mut self, marker: u8) -> Result<usize, String> {
        let width = 1 << (marker & 0x03);
        Ok(self.take(width)?.iter().fold(0, |number, byte| (number << 8) | usize::from(*byte)))
    }

    fn value(&mut self) -> Result<Literal, String> {
        let marker = self.take(1)?[0];
        let tiny = usize::from(marker & 0x0F);
        Ok(match marker {
            0x00..=0x7F | 0xF0..=0xFF => Literal::Integer(i64::from(marker as i8)),
            0x80..=0x8F => Literal::String(self.text(tiny)?),
            0x90..=0x9F => self.list(tiny)?,
            0xA0..=0xAF => self.dictionary(tiny)?,
            0xB0..=0xBF => {
                let tag = self.take(1)?[0];
                Literal::Structure(tag, (0..tiny).map(|_| self.value()).collect::<Result<_, _>>()?)
            }
            0xC0 => Literal::Null,
            0xC1 => Literal::Float(f64::from_bits(self.number(8)? as u64)),
            0xC2 | 0xC3 => Literal::Boolean(marker == 0xC3),
            0xC8..=0xCB => Literal::Integer(self.number(1 << (marker & 0x03))?),
            0xCC..=0xCE => {
                let length = self.length(marker)?;
                Literal::Bytes(self.take(length)?.to_vec())
            }
            0xD0..=0xD2 => {
                let length = self.length(marker)?;
                Literal::String(self.text(length)?)
            }
            0xD4..=0xD6 => {
                let length = self.length(marker)?;
                self.list(length)?
            }
            0xD8..=0xDA => {
                let length = self.length(marker)?;
                self.dictionary(length)?
            }
            0xE0 => {
                let mut bytes = [0; 16];
                bytes.copy_from_slice(self.take(16)?);
                Literal::Uuid(bytes)
            }
            other => return Err(format!("0x{other:02X} at {} is no marker", self.at - 1)),
        })
    }

    fn text(&mut self, length: usize) -> Result<String, String> {
        String::from_utf8(self.take(length)?.to_vec()).map_err(|_| format!("the string that ends at {} is not UTF-8", self.at))
    }

    fn list(&mut self, length: usize) -> Result<Literal, String> {
        (0..length).map(|_| self.value()).collect::<Result<_, _>>().map(Literal::List)
    }

    fn dictionary(&mut self, length: usize) -> Result<Literal, String> {
        let entry = |_| match self.value()? {
            Literal::String(key) => Ok((key, self.value()?)),
            other => Err(format!("expected a string as a key, got {other:?}")),
        };
        (0..length).map(entry).collect::<Result<_, _>>().map(Literal::Dictionary)
    }
}

/// Bytes as the specification writes them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}
