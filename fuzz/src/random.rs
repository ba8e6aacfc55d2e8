//! Numbers that follow from a seed, the same on every machine and in every version: SplitMix64.

#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Bits of a value: as often small or near an end as anything.
    pub fn bits(&mut self) -> u64 {
        let number = self.next();
        match number % 8 {
            0 => 0,
            1 => 1,
            2 => u64::MAX,
            3 => 0x7fff_ffff_7fff_ffff,
            4 => 0x8000_0000_8000_0000,
            5 => (number >> 8) % 256,
            6 => (number >> 8) % 65_536,
            _ => self.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_never_change() {
        let mut random = Random::new(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }
}
