//! Builds modules byte by byte: those that no text format can say, or not in reasonable time.
//!
//! Nothing is checked here. That is the point.

/// Numbers of sections.
pub mod section {
    pub const CUSTOM: u8 = 0;
    pub const TYPE: u8 = 1;
    pub const FUNCTION: u8 = 3;
    pub const TABLE: u8 = 4;
    pub const MEMORY: u8 = 5;
    pub const EXPORT: u8 = 7;
    pub const ELEMENT: u8 = 9;
    pub const CODE: u8 = 10;
    pub const DATA: u8 = 11;
}

/// Bytes of a module in the making.
#[derive(Clone, Debug)]
pub struct Binary(Vec<u8>);

impl Default for Binary {
    fn default() -> Self {
        Binary(b"\0asm\x01\0\0\0".to_vec())
    }
}

impl Binary {
    /// A section as it is: its number, the length of `body`, `body`.
    pub fn section(mut self, number: u8, body: &[u8]) -> Self {
        self.0.push(number);
        self.0.extend(unsigned(body.len() as u64));
        self.0.extend_from_slice(body);
        self
    }

    /// A section that is a vector: `count` items, one after the other in `items`.
    pub fn vector(self, number: u8, count: usize, items: &[u8]) -> Self {
        let mut body = unsigned(count as u64);
        body.extend_from_slice(items);
        self.section(number, &body)
    }

    /// A module of one exported function `run` of type `[i32] -> [i32]` with these locals and this body, to which
    /// the last `end` is added.
    pub fn function(locals: &[u8], body: &[u8]) -> Vec<u8> {
        Binary::default()
            .vector(section::TYPE, 1, b"\x60\x01\x7f\x01\x7f")
            .vector(section::FUNCTION, 1, b"\0")
            .vector(section::EXPORT, 1, b"\x03run\0\0")
            .vector(section::CODE, 1, &code(locals, body))
            .finish()
    }

    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// One entry of the code section. `locals` is the whole vector of locals, its count included.
pub fn code(locals: &[u8], body: &[u8]) -> Vec<u8> {
    let mut out = unsigned((locals.len() + body.len() + 1) as u64);
    out.extend_from_slice(locals);
    out.extend_from_slice(body);
    out.push(0x0b);
    out
}

/// LEB128, unsigned.
pub fn unsigned(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            out.push(low);
            return out;
        }
        out.push(low | 0x80);
    }
}

/// LEB128, signed.
pub fn signed(mut number: i64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if (number == 0 && low & 0x40 == 0) || (number == -1 && low & 0x40 != 0) {
            out.push(low);
            return out;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(unsigned(624_485), [0xe5, 0x8e, 0x26]);
        assert_eq!(signed(-123_456), [0xc0, 0xbb, 0x78]);
        assert_eq!(signed(64), [0xc0, 0x00]);
    }

    #[test]
    fn a_module_is_one() {
        let wasm = Binary::function(b"\0", b"\x20\0");
        assert!(wasmparser::validate(&wasm).is_ok());
    }
}
