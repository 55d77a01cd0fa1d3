//! Rows of numbers as short texts, two letters a number: a page with hundreds of sites stays small.

use serde::Serialize;

/// Steps from 0 to the scale; one more code says that a number is missing.
const STEPS: f64 = 4_094.0;
const MISSING: u16 = 4_095;
/// Letters by value, six bits each; `charts.js` knows the same.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Numbers of 0 or more, to a four-thousandth of the largest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Packed {
    /// What the highest code stands for.
    pub scale: f64,
    /// Two letters a number.
    pub codes: String,
}

impl Packed {
    /// Packs numbers against a scale of their own, their largest.
    #[must_use]
    pub fn of(numbers: &[f64]) -> Self {
        let largest = numbers.iter().copied().filter(|it| it.is_finite());
        Packed::against(largest.fold(0.0, f64::max), numbers)
    }

    /// Packs numbers from 0 to `scale`.
    #[must_use]
    pub fn against(scale: f64, numbers: &[f64]) -> Self {
        let mut codes = String::with_capacity(numbers.len() * 2);
        for number in numbers {
            let code = match number {
                _ if !number.is_finite() => MISSING,
                _ if scale <= 0.0 => 0,
                number => (number / scale * STEPS).clamp(0.0, STEPS).round() as u16,
            };
            codes.push(char::from(LETTERS[usize::from(code >> 6)]));
            codes.push(char::from(LETTERS[usize::from(code & 63)]));
        }
        Packed { scale, codes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_steps_of_the_scale() {
        let packed = Packed::of(&[0.0, 2_047.0, 4_094.0, f64::NAN]);
        assert_eq!((packed.scale, &*packed.codes), (4_094.0, "AAf__-__"));
        assert_eq!(Packed::of(&[0.0, 0.0]).codes, "AAAA");
        assert_eq!(Packed::against(1.0, &[1.5, -1.0]).codes, "_-AA");
    }
}
