//! Integers of as many bytes as they need: 7 bits a byte, the least significant first, the high bit says that more follow.

use super::HandshakeError;

const MORE: u8 = 0x80;
const BITS: u32 = 7;
const BYTES_MAX: usize = 10;

/// The integer at the front of the bytes and how many bytes it took; nothing as long as its end has not come.
pub(super) fn read(bytes: &[u8]) -> Result<Option<(u64, usize)>, HandshakeError> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().take(BYTES_MAX).enumerate() {
        let group = u64::from(byte & !MORE);
        let shift = BITS * index as u32;
        if group > u64::MAX >> shift {
            return Err(HandshakeError::BadVarint);
        }
        value |= group << shift;
        if byte & MORE == 0 {
            return Ok(Some((value, index + 1)));
        }
    }
    if bytes.len() < BYTES_MAX { Ok(None) } else { Err(HandshakeError::BadVarint) }
}

pub(super) fn write(out: &mut impl Extend<u8>, mut value: u64) {
    while value >= u64::from(MORE) {
        out.extend([value.to_le_bytes()[0] | MORE]);
        value >>= BITS;
    }
    out.extend([value.to_le_bytes()[0]]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, value);
        bytes
    }

    #[test]
    fn least_significant_group_comes_first() {
        assert_eq!(written(0), [0x00]);
        assert_eq!(written(127), [0x7F]);
        assert_eq!(written(128), [0x80, 0x01]);
        assert_eq!(written(300), [0xAC, 0x02]);
        assert_eq!(written(u64::MAX), [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]);
    }

    #[test]
    fn every_width_comes_back() {
        for value in (0..64).flat_map(|bit| [(1_u64 << bit) - 1, 1 << bit]).chain([u64::MAX]) {
            let bytes = written(value);
            assert_eq!(read(&bytes), Ok(Some((value, bytes.len()))));
            assert_eq!(read(&bytes[..bytes.len() - 1]), Ok(None));
        }
    }

    #[test]
    fn surplus_zeros_are_read() {
        assert_eq!(read(&[0x80, 0x00, 0xFF]), Ok(Some((0, 2))));
    }

    #[test]
    fn more_than_64_bits_or_10_bytes_are_an_error() {
        assert_eq!(read(&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02]), Err(HandshakeError::BadVarint));
        assert_eq!(read(&[0x80; 10]), Err(HandshakeError::BadVarint));
        assert_eq!(read(&[0x80; 9]), Ok(None));
    }
}
