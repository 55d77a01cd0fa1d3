//! Addressed randomness.
//!
//! No draw is ever "the next one". Each has an address: seed, replication, population, entity, day and purpose. The
//! first three and the family of purposes make the key of a ChaCha8 generator, the entity selects its stream, the day
//! and the purpose the word within it. So one client's draws cannot depend on how many others there are, on the order
//! in which they are simulated, or on the thread that does it; and because the words of successive days lie side by
//! side, reading them in order costs no more than a plain generator.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The draws of one population (all clients of a cohort, all servers) for one family of purposes.
#[derive(Clone, Debug)]
pub struct Draws {
    base: ChaCha8Rng,
}

impl Draws {
    /// Opens the draws at this part of the address.
    ///
    /// `population` is a stable number for the population, see [`address_of`]; `family` separates purposes that are
    /// read in different rhythms, for example daily habits and rare repairs.
    #[must_use]
    pub fn new(seed: u64, replication: u64, population: u64, family: u64) -> Self {
        let mut key = [0; 32];
        for (part, number) in key
            .chunks_exact_mut(8)
            .zip([seed, replication, population, family])
        {
            part.copy_from_slice(&number.to_le_bytes());
        }
        Draws {
            base: ChaCha8Rng::from_seed(key),
        }
    }

    /// The draws of one entity, positioned before its first word.
    #[inline]
    #[must_use]
    pub fn entity(&self, entity: u64) -> EntityDraws {
        let mut words = self.base.clone();
        words.set_stream(entity);
        EntityDraws { words }
    }

    /// A single draw far from any sequence: word number `word` of `entity`.
    #[must_use]
    pub fn word(&self, entity: u64, word: u64) -> u32 {
        let mut draws = self.entity(entity);
        draws.seek(word);
        draws.next_word()
    }
}

/// The draws of one entity, read in order or from a sought position.
#[derive(Clone, Debug)]
pub struct EntityDraws {
    words: ChaCha8Rng,
}

impl EntityDraws {
    /// Goes to word number `word`.
    pub fn seek(&mut self, word: u64) {
        self.words.set_word_pos(u128::from(word));
    }

    /// The next `N` words, read two at a time.
    #[inline]
    pub fn next_words<const N: usize>(&mut self) -> [u32; N] {
        let mut words = [0; N];
        let mut pairs = words.chunks_exact_mut(2);
        for pair in &mut pairs {
            let both = self.words.next_u64();
            pair[0] = both as u32;
            pair[1] = (both >> 32) as u32;
        }
        for last in pairs.into_remainder() {
            *last = self.words.next_u32();
        }
        words
    }

    /// The word here; goes on to the next.
    #[inline]
    pub fn next_word(&mut self) -> u32 {
        self.words.next_u32()
    }
}

/// A probability as the number of 32-bit words below which a draw must lie; out of range is clamped.
#[must_use]
pub fn threshold(probability: f64) -> u64 {
    const WORDS: f64 = 4_294_967_296.0;
    (probability.clamp(0.0, 1.0) * WORDS) as u64
}

/// Whether a draw falls below a [`threshold`].
#[inline]
#[must_use]
pub fn happens(word: u32, threshold: u64) -> bool {
    u64::from(word) < threshold
}

/// One of `count` choices, all equally likely to within one in 2^32.
#[inline]
#[must_use]
pub fn pick(word: u32, count: u32) -> u32 {
    ((u64::from(word) * u64::from(count)) >> 32) as u32
}

/// A number for a name that is the same on every machine and in every version (FNV-1a, 64 bits).
#[must_use]
pub fn address_of(name: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    name.bytes().fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(PRIME)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gives_the_same_word_in_order_or_sought() {
        let draws = Draws::new(7, 0, address_of("desktops"), 1);
        let mut in_order = draws.entity(42);
        let words: Vec<u32> = (0..100).map(|_| in_order.next_word()).collect();
        assert_eq!(words[63], draws.word(42, 63));
        assert_eq!(words[99], draws.word(42, 99));
    }

    #[test]
    fn words_come_alike_one_by_one_or_together() {
        let draws = Draws::new(7, 0, 1, 1);
        let (mut one_by_one, mut together) = (draws.entity(3), draws.entity(3));
        for _ in 0..50 {
            let words: [u32; 8] = together.next_words();
            assert!(words.into_iter().all(|word| word == one_by_one.next_word()));
        }
    }

    #[test]
    fn every_part_of_the_address_matters() {
        let here = Draws::new(7, 0, 1, 1).word(42, 0);
        assert_ne!(here, Draws::new(8, 0, 1, 1).word(42, 0));
        assert_ne!(here, Draws::new(7, 1, 1, 1).word(42, 0));
        assert_ne!(here, Draws::new(7, 0, 2, 1).word(42, 0));
        assert_ne!(here, Draws::new(7, 0, 1, 2).word(42, 0));
        assert_ne!(here, Draws::new(7, 0, 1, 1).word(43, 0));
        assert_ne!(here, Draws::new(7, 0, 1, 1).word(42, 1));
    }

    #[test]
    fn certain_and_impossible_are_exact() {
        assert!(happens(u32::MAX, threshold(1.0)));
        assert!(!happens(0, threshold(0.0)));
        assert_eq!(pick(u32::MAX, 3), 2);
        assert_eq!(pick(0, 3), 0);
    }
}
