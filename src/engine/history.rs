//! Piecewise-constant values over time.

use super::time::Second;

/// What something held at each second: a value from the first second on, replaced at later moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<T> {
    since: Vec<Second>,
    values: Vec<T>,
}

impl<T: Clone + PartialEq> History<T> {
    /// A history that holds `value` from the first second on.
    #[must_use]
    pub fn starting_with(value: T) -> Self {
        History {
            since: vec![Second::ZERO],
            values: vec![value],
        }
    }

    /// Records that the value is `value` from `at` on. A second change at the same moment replaces the first;
    /// a change to the value already held is no change.
    ///
    /// # Panics
    /// If `at` lies before the latest change: histories are written in time order.
    pub fn set(&mut self, at: Second, value: T) {
        let latest = self.since.len() - 1;
        assert!(
            at >= self.since[latest],
            "a history is written in time order"
        );
        if self.values[latest] == value {
            return;
        }
        if at == self.since[latest] {
            self.values[latest] = value;
            let repeats = latest > 0 && self.values[latest - 1] == self.values[latest];
            if repeats {
                self.since.pop();
                self.values.pop();
            }
        } else {
            self.since.push(at);
            self.values.push(value);
        }
    }

    /// The history of something that follows from this value.
    #[must_use]
    pub fn map<U: Clone + PartialEq>(&self, of: impl Fn(&T) -> U) -> History<U> {
        let mut mapped = History::starting_with(of(&self.values[0]));
        for (since, value) in self.iter() {
            mapped.set(since, of(value));
        }
        mapped
    }

    /// The value held at `moment`.
    #[inline]
    #[must_use]
    pub fn at(&self, moment: Second) -> &T {
        &self.values[self.position(moment)]
    }

    /// The value held last.
    #[must_use]
    pub fn latest(&self) -> &T {
        &self.values[self.values.len() - 1]
    }

    /// The first moment after `moment` at which the value changes; `NEVER` if it does not.
    #[must_use]
    pub fn next_change(&self, moment: Second) -> Second {
        let next = self.position(moment) + 1;
        self.since.get(next).copied().unwrap_or(Second::NEVER)
    }

    /// Every value with the moment from which it held, in time order.
    pub fn iter(&self) -> impl Iterator<Item = (Second, &T)> {
        self.since.iter().copied().zip(&self.values)
    }

    #[inline]
    fn position(&self, moment: Second) -> usize {
        // The first entry holds from the first second on, so there is always one at or before `moment`.
        self.since.partition_point(|since| *since <= moment).max(1) - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_holds_from_its_change_on() {
        let mut history = History::starting_with('a');
        history.set(Second(10), 'b');
        history.set(Second(20), 'c');
        assert_eq!(*history.at(Second(9)), 'a');
        assert_eq!(*history.at(Second(10)), 'b');
        assert_eq!(*history.at(Second(4_000)), 'c');
        assert_eq!(history.next_change(Second(10)), Second(20));
        assert_eq!(history.next_change(Second(20)), Second::NEVER);
    }

    #[test]
    fn a_change_to_the_same_value_leaves_no_trace() {
        let mut history = History::starting_with(1);
        history.set(Second(5), 1);
        history.set(Second(6), 2);
        history.set(Second(6), 1);
        assert_eq!(history.iter().count(), 1);
    }

    #[test]
    #[should_panic(expected = "time order")]
    fn the_past_is_not_rewritten() {
        let mut history = History::starting_with(1);
        history.set(Second(5), 2);
        history.set(Second(4), 3);
    }
}
