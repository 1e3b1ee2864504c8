//! Dice that fall as their seed says, and the ways in which an input is changed.

/// What no input grows beyond: enough to reach every limit of a filter, and the depth of JSON.
const LONGEST: usize = 32 * 1024;

pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 8) % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    fn range(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        let (one, other) = (self.below(input.len() + 1), self.below(input.len() + 1));
        one.min(other)..one.max(other)
    }
}

/// An input like this one, with something of the other in it now and then.
pub fn change(dice: &mut Dice, mut input: Vec<u8>, other: &[u8], words: &[String]) -> Vec<u8> {
    for _ in 0..=dice.below(4) {
        let at = dice.below(input.len() + 1);
        match dice.below(9) {
            0 | 1 => {
                let word = words[dice.below(words.len())].bytes();
                input.splice(at..at, word);
            }
            2 => {
                let range = dice.range(&input);
                let word = words[dice.below(words.len())].bytes();
                let end = range.end.min(range.start + 24);
                input.splice(range.start..end, word);
            }
            3 => drop(input.drain(dice.range(&input))),
            4 => {
                let copy = input[dice.range(&input)].to_vec();
                input.splice(at..at, copy);
            }
            5 => {
                // Much of the same: depth and length.
                let range = dice.range(&input);
                let copy = input[range.start..range.end.min(range.start + 12)].to_vec();
                let times = 1 << dice.below(11);
                input.splice(at..at, copy.repeat(times));
            }
            6 => {
                let part = other[dice.range(other)].to_vec();
                input.splice(at..at, part);
            }
            7 => {
                let odd = ["\u{130}", "ß", "\u{200d}", "\u{fdfa}", "\u{10ffff}", "\0", "\u{feff}"];
                input.splice(at..at, odd[dice.below(odd.len())].bytes());
            }
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = u8::try_from(dice.below(256)).unwrap();
                }
            }
        }
        input.truncate(LONGEST);
    }
    input
}
