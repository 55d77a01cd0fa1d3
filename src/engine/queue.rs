//! The ordered event queue.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Events in the order of their keys.
///
/// A key says when, in which turn within that second, and to whom: any `Ord` type that compares the moment first, for
/// example `(Second, Turn, ClientNumber)`. Two events never share a key, so the order is total and no insertion number
/// is needed: it does not depend on who scheduled first.
#[derive(Clone, Debug)]
pub struct EventQueue<Key> {
    heap: BinaryHeap<Reverse<Key>>,
}

impl<Key: Ord> Default for EventQueue<Key> {
    fn default() -> Self {
        EventQueue {
            heap: BinaryHeap::new(),
        }
    }
}

impl<Key: Ord> EventQueue<Key> {
    /// Adds an event.
    pub fn push(&mut self, key: Key) {
        self.heap.push(Reverse(key));
    }

    /// Takes the first event out.
    pub fn pop(&mut self) -> Option<Key> {
        self.heap.pop().map(|Reverse(key)| key)
    }

    /// The first event, left in place.
    #[must_use]
    pub fn peek(&self) -> Option<&Key> {
        self.heap.peek().map(|Reverse(key)| key)
    }

    /// Number of events waiting.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is waiting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

impl<Key: Ord> Extend<Key> for EventQueue<Key> {
    fn extend<I: IntoIterator<Item = Key>>(&mut self, keys: I) {
        self.heap.extend(keys.into_iter().map(Reverse));
    }
}

impl<Key: Ord> FromIterator<Key> for EventQueue<Key> {
    /// Builds the queue in linear time.
    fn from_iter<I: IntoIterator<Item = Key>>(keys: I) -> Self {
        EventQueue {
            heap: keys.into_iter().map(Reverse).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::time::Second;

    #[test]
    fn events_come_in_key_order_however_they_were_added() {
        let keys = [(Second(5), 'b'), (Second(5), 'a'), (Second(1), 'z')];
        let mut queue: EventQueue<_> = keys.into_iter().collect();
        queue.push((Second(3), 'm'));
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(
            order,
            [
                (Second(1), 'z'),
                (Second(3), 'm'),
                (Second(5), 'a'),
                (Second(5), 'b')
            ]
        );
    }
}
