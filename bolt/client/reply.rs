//! What a server answers, borrowed from the bytes that came.

use crate::generated::response::{Failure, Record};
use crate::generated::{Dialect, FailureMetadata, ResponseKind, SuccessMetadata};
use crate::wire::packstream::{DecodeError, DecodeErrorKind, Origin, Reader};

/// An answer to a request. A request has as many rows as it has, and then one of the others.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply<'a> {
    /// A row of a result.
    Row(Row<'a>),
    /// The request was carried out.
    Success(SuccessMetadata<'a>),
    /// The request failed.
    Failure(Box<FailureMetadata<'a>>),
    /// The request was not looked at.
    Ignored,
}

impl<'a> Reply<'a> {
    /// Reads the answer to a request out of its message.
    pub(super) fn decode(
        kind: ResponseKind,
        message: &'a [u8],
        dialect: Dialect,
        metadata: impl FnOnce(&mut Reader<'a>) -> Result<SuccessMetadata<'a>, DecodeError>,
    ) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(message, dialect, Origin::Server);
        let (size, _) = reader.structure_header()?;
        let reply = match kind {
            ResponseKind::Record => return Ok(Self::Row(Row { message, dialect })),
            ResponseKind::Ignored => Self::Ignored,
            ResponseKind::Failure => Self::Failure(Box::new(Failure::decode_fields(&mut reader, size, 0)?.metadata)),
            ResponseKind::Success if size == 1 => Self::Success(metadata(&mut reader)?),
            ResponseKind::Success => {
                return Err(DecodeError::new(0, DecodeErrorKind::FieldCount { structure: kind.name(), expected: 1, got: size }));
            }
        };
        reader.finish()?;
        Ok(reply)
    }

    /// Its name.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Row(_) => ResponseKind::Record.name(),
            Self::Success(_) => ResponseKind::Success.name(),
            Self::Failure(_) => ResponseKind::Failure.name(),
            Self::Ignored => ResponseKind::Ignored.name(),
        }
    }
}

/// A row, not read yet: whoever only counts or forwards rows does not pay for their values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Row<'a> {
    message: &'a [u8],
    dialect: Dialect,
}

impl<'a> Row<'a> {
    /// The RECORD as it came, without its chunks.
    #[must_use]
    pub const fn bytes(self) -> &'a [u8] {
        self.message
    }

    /// How its values are encoded.
    #[must_use]
    pub const fn dialect(self) -> Dialect {
        self.dialect
    }

    /// A reader that stands before the first value, and the number of values.
    ///
    /// # Errors
    /// When it is no list of values.
    pub fn reader(self) -> Result<(usize, Reader<'a>), DecodeError> {
        let mut reader = Reader::new(self.message, self.dialect, Origin::Server);
        match reader.structure_header()? {
            (1, _) => Ok((reader.list_header()?, reader)),
            (got, _) => {
                let structure = ResponseKind::Record.name();
                Err(DecodeError::new(0, DecodeErrorKind::FieldCount { structure, expected: 1, got }))
            }
        }
    }

    /// The row with its values.
    ///
    /// # Errors
    /// When it is no list of values.
    pub fn read(self) -> Result<Record<'a>, DecodeError> {
        let mut reader = Reader::new(self.message, self.dialect, Origin::Server);
        let (size, _) = reader.structure_header()?;
        let record = Record::decode_fields(&mut reader, size, 0)?;
        reader.finish()?;
        Ok(record)
    }
}
