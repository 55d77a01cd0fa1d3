//! Series of counts as they are stored: most counts are 0, so only the others are written, with the gaps between them.
//!
//! Used by `#[serde(with = "...")]` on the series of a record. Rows of several counts are taken column by column, which
//! brings like next to like.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Most entries of a series: more than any record has, and few enough to be made room for.
const MOST: usize = 1 << 28;

/// One entry of a series: a count, or a row of counts.
pub trait Entry: Copy {
    /// What is counted with.
    type Count: Copy + Default + PartialEq + Serialize + DeserializeOwned;
    /// Nothing counted.
    const ZERO: Self;
    /// Its counts.
    fn counts(&self) -> &[Self::Count];
    /// Its counts, to be filled in.
    fn counts_mut(&mut self) -> &mut [Self::Count];
}

macro_rules! entries {
    ($($count:ty),+) => { $(
        impl Entry for $count {
            type Count = $count;
            const ZERO: Self = 0;

            fn counts(&self) -> &[$count] {
                std::slice::from_ref(self)
            }

            fn counts_mut(&mut self) -> &mut [$count] {
                std::slice::from_mut(self)
            }
        }

        impl<const WIDTH: usize> Entry for [$count; WIDTH] {
            type Count = $count;
            const ZERO: Self = [0; WIDTH];

            fn counts(&self) -> &[$count] {
                self
            }

            fn counts_mut(&mut self) -> &mut [$count] {
                self
            }
        }
    )+ };
}

entries!(i32, u32, u64);

#[derive(Serialize, Deserialize)]
struct Sparse<Count> {
    length: u32,
    gaps: Vec<u32>,
    counts: Vec<Count>,
}

impl<Count: Copy + Default + PartialEq> Sparse<Count> {
    fn of<T: Entry<Count = Count>>(series: &[T]) -> Self {
        let mut sparse = Sparse {
            length: series.len() as u32,
            gaps: Vec::new(),
            counts: Vec::new(),
        };
        let mut gap = 0;
        for column in 0..T::ZERO.counts().len() {
            for entry in series {
                let count = entry.counts()[column];
                if count == Count::default() {
                    gap += 1;
                } else {
                    sparse.gaps.push(std::mem::take(&mut gap));
                    sparse.counts.push(count);
                }
            }
        }
        sparse
    }

    /// The series again, or what is wrong with it.
    fn series<T: Entry<Count = Count>>(self) -> Result<Vec<T>, &'static str> {
        let length = self.length as usize;
        if length > MOST || self.gaps.len() != self.counts.len() {
            return Err("a series of no known length");
        }
        let mut series = vec![T::ZERO; length];
        let mut at = 0_usize;
        for (gap, count) in self.gaps.into_iter().zip(self.counts) {
            at += gap as usize;
            let column = at.checked_div(length).unwrap_or(usize::MAX);
            let entry = series.get_mut(at.checked_rem(length).unwrap_or(0));
            let cell = entry.and_then(|entry| entry.counts_mut().get_mut(column));
            *cell.ok_or("a count behind the end of its series")? = count;
            at += 1;
        }
        Ok(series)
    }
}

/// Writes a series.
///
/// # Errors
/// If the serializer fails.
pub fn serialize<T: Entry, S: Serializer>(series: &[T], to: S) -> Result<S::Ok, S::Error> {
    Sparse::of(series).serialize(to)
}

/// Reads a series.
///
/// # Errors
/// If what is read is no series.
pub fn deserialize<'de, T: Entry, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    let sparse: Sparse<T::Count> = Sparse::deserialize(from)?;
    sparse.series().map_err(D::Error::custom)
}

/// The same for several series.
pub mod each {
    use super::{Deserialize, Deserializer, Entry, Error, Serialize, Serializer, Sparse};

    /// Writes several series.
    ///
    /// # Errors
    /// If the serializer fails.
    pub fn serialize<T: Entry, S: Serializer>(all: &[Vec<T>], to: S) -> Result<S::Ok, S::Error> {
        let sparse = all.iter().map(|series| Sparse::of(series));
        sparse.collect::<Vec<_>>().serialize(to)
    }

    /// Reads several series.
    ///
    /// # Errors
    /// If what is read is not that.
    pub fn deserialize<'de, T: Entry, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Vec<T>>, D::Error> {
        let all: Vec<Sparse<T::Count>> = Vec::deserialize(from)?;
        let series = all.into_iter().map(Sparse::series);
        series.collect::<Result<_, _>>().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Record {
        #[serde(with = "super")]
        rows: Vec<[i32; 3]>,
        #[serde(with = "super")]
        counts: Vec<u64>,
    }

    fn there_and_back(record: &Record) -> usize {
        let bytes = postcard::to_allocvec(record).unwrap();
        assert_eq!(&postcard::from_bytes::<Record>(&bytes).unwrap(), record);
        bytes.len()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut record = Record {
            rows: vec![[0; 3]; 1_000],
            counts: Vec::new(),
        };
        assert!(there_and_back(&record) < 12);
        record.rows[0] = [1, 0, -5];
        record.rows[999] = [0, i32::MIN, i32::MAX];
        record.counts = vec![0, 0, u64::MAX];
        there_and_back(&record);
    }

    #[test]
    fn what_is_no_series_is_refused() {
        let bad = |length, gaps: &[u32], counts: &[i32]| {
            let rows = (length, gaps, counts);
            let bytes = {
                let none: (u32, &[u32], &[u64]) = (0, &[], &[]);
                postcard::to_allocvec(&(rows, none)).unwrap()
            };
            postcard::from_bytes::<Record>(&bytes).is_err()
        };
        assert!(bad(u32::MAX, &[], &[]));
        assert!(bad(2, &[6], &[1]));
        assert!(bad(0, &[0], &[1]));
        assert!(bad(2, &[0, 0], &[1]));
        assert!(bad(2, &[u32::MAX, u32::MAX], &[1, 1]));
        assert!(!bad(2, &[5], &[1]));
    }
}
