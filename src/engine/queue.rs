//! The ordered event queue.

use super::time::Second;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A key that says when.
pub trait Timed {
    /// The moment of the event, by which keys are ordered first.
    fn moment(&self) -> Second;
}

impl<A> Timed for (Second, A) {
    fn moment(&self) -> Second {
        self.0
    }
}

impl<A, B> Timed for (Second, A, B) {
    fn moment(&self) -> Second {
        self.0
    }
}

/// Seconds that share a bucket, as a power of two: a little more than an hour.
const BUCKET_BITS: u32 = 12;
/// Buckets at most; whatever lies beyond, half a year and more, shares the last one.
const BUCKETS: usize = 4_096;

/// Events in the order of their keys.
///
/// A key says when, in which turn within that second, and to whom, for example `(Second, Turn, ClientNumber)`. Two
/// events never share a key, so the order is total and no insertion number is needed: it does not depend on who
/// scheduled first.
///
/// Only the events of the present hour or so are kept in order; later ones lie in buckets and are ordered when their
/// time comes. So the heap stays small, and in the nearest cache, however many events are waiting.
#[derive(Clone, Debug)]
pub struct EventQueue<Key> {
    now: BinaryHeap<Reverse<Key>>,
    /// The bucket whose events are in `now`, together with earlier ones.
    bucket: usize,
    later: Vec<Vec<Key>>,
}

impl<Key: Ord> Default for EventQueue<Key> {
    fn default() -> Self {
        EventQueue {
            now: BinaryHeap::new(),
            bucket: 0,
            later: Vec::new(),
        }
    }
}

impl<Key: Ord + Timed> EventQueue<Key> {
    /// Adds an event.
    pub fn push(&mut self, key: Key) {
        let bucket = bucket_of(&key);
        if bucket <= self.bucket {
            self.now.push(Reverse(key));
            return;
        }
        if bucket >= self.later.len() {
            self.later.resize_with(bucket + 1, Vec::new);
        }
        self.later[bucket].push(key);
    }

    /// Takes the first event out.
    pub fn pop(&mut self) -> Option<Key> {
        while self.now.is_empty() {
            let next = self.bucket + 1;
            let events = self.later.get_mut(next)?;
            self.now = std::mem::take(events).into_iter().map(Reverse).collect();
            self.bucket = next;
        }
        self.now.pop().map(|Reverse(key)| key)
    }
}

fn bucket_of<Key: Timed>(key: &Key) -> usize {
    ((key.moment().0 >> BUCKET_BITS) as usize).min(BUCKETS - 1)
}

impl<Key: Ord + Timed> Extend<Key> for EventQueue<Key> {
    fn extend<I: IntoIterator<Item = Key>>(&mut self, keys: I) {
        keys.into_iter().for_each(|key| self.push(key));
    }
}

impl<Key: Ord + Timed> FromIterator<Key> for EventQueue<Key> {
    fn from_iter<I: IntoIterator<Item = Key>>(keys: I) -> Self {
        let mut queue = EventQueue::default();
        queue.extend(keys);
        queue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all<Key: Ord + Timed>(mut queue: EventQueue<Key>) -> Vec<Key> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    #[test]
    fn events_come_in_key_order_however_they_were_added() {
        let keys = [(Second(5), 'b'), (Second(5), 'a'), (Second(1), 'z')];
        let mut queue: EventQueue<_> = keys.into_iter().collect();
        queue.push((Second(3), 'm'));
        let order = [
            (Second(1), 'z'),
            (Second(3), 'm'),
            (Second(5), 'a'),
            (Second(5), 'b'),
        ];
        assert_eq!(all(queue), order);
    }

    #[test]
    fn the_far_future_keeps_its_order() {
        let keys = [Second::NEVER, Second(1 << 30), Second(1 << 31), Second(0)];
        let queue: EventQueue<_> = keys.into_iter().map(|at| (at, ())).collect();
        let order = [Second(0), Second(1 << 30), Second(1 << 31), Second::NEVER];
        assert_eq!(all(queue), order.map(|at| (at, ())));
    }

    proptest! {
        /// Like a sorted list, also when events are added while others are taken out.
        #[test]
        fn it_is_a_sorted_list(times in proptest::collection::vec(0..100_000_u32, 1..200)) {
            let mut queue = EventQueue::default();
            let mut taken = Vec::new();
            let mut clock = 0;
            for (number, delay) in times.iter().enumerate() {
                queue.push((Second(clock + delay), number));
                if number % 3 == 2 {
                    let (at, number) = queue.pop().unwrap();
                    prop_assert!(at.0 >= clock);
                    clock = at.0;
                    taken.push((at, number));
                }
            }
            taken.extend(all(queue));
            prop_assert!(taken.windows(2).all(|pair| pair[0].0 <= pair[1].0));
            prop_assert_eq!(taken.len(), times.len());
        }
    }
}
