//! What the page was given of long lists, so that it is told only what it does not have: first the
//! rows that fit on a screen, then the rest, and from then on what changed.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::view::{
    EvaluatorGroup, EvaluatorView, EvaluatorsTold, GroupTold, Piece, ResultTold, ResultView,
};

/// Lists of one kind kept for the page. It shows one at a time, and people go back and forth.
const KEPT: usize = 2;
/// Evaluators of a result told at first, and how many calls of them.
const FIRST_GROUPS: usize = 60;
const FIRST_CALLS: usize = 400;

/// A workspace, and an agent in it; none for all.
type AgentOf = (i64, Option<i64>);
/// A workspace, and a result in it.
type ResultOf = (i64, i64);

/// The last readings given to the page. Bounded: the older of them are forgotten, and told whole when
/// they are asked for again.
#[derive(Default)]
pub(crate) struct Told {
    last: AtomicU64,
    evaluators: Mutex<Shelf<AgentOf, Vec<EvaluatorView>>>,
    results: Mutex<Shelf<ResultOf, Vec<EvaluatorGroup>>>,
}

/// Readings by what they are of, the newest last.
struct Shelf<K, V>(VecDeque<(K, u64, Arc<V>)>);

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<K: PartialEq, V> Shelf<K, V> {
    fn find(&self, key: &K, reading: Option<u64>) -> Option<Arc<V>> {
        let reading = reading?;
        let held = self.0.iter().find(|(of, number, _)| of == key && *number == reading);
        held.map(|(_, _, value)| Arc::clone(value))
    }

    fn put(&mut self, key: K, reading: u64, value: Arc<V>) {
        self.0.retain(|(of, ..)| *of != key);
        self.0.push_back((key, reading, value));
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }
}

fn open<T>(shelf: &Mutex<T>) -> MutexGuard<'_, T> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Told {
    fn next(&self) -> u64 {
        self.last.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The evaluators `now`, to a page that has reading `have`. With `more`, they are the beginning of
    /// a longer list.
    pub(crate) fn evaluators(
        &self,
        key: AgentOf,
        have: Option<u64>,
        now: Vec<EvaluatorView>,
        more: bool,
    ) -> EvaluatorsTold {
        let mut readings = open(&self.evaluators);
        let known = readings.find(&key, have);
        let had = known.as_deref().map_or(&[][..], Vec::as_slice);
        let rows = pieces(had, &now, |row| row.id, |row, _| row.clone());
        let reading = match have {
            Some(have) if known.is_some() && is_all(&rows, had.len()) => have,
            _ => {
                let reading = self.next();
                readings.put(key, reading, Arc::new(now));
                reading
            }
        };
        EvaluatorsTold { reading, more, rows }
    }

    /// The result `now`, to a page that has reading `have`. With `more`, its evaluators are the
    /// beginning of a longer list.
    pub(crate) fn result(
        &self,
        key: ResultOf,
        have: Option<u64>,
        mut now: ResultView,
        more: bool,
    ) -> ResultTold {
        let mut readings = open(&self.results);
        let known = readings.find(&key, have);
        let had = known.as_deref().map_or(&[][..], Vec::as_slice);
        let list = std::mem::take(&mut now.groups);
        let groups = pieces(
            had,
            &list,
            |group| (group.evaluator, group.name.clone()),
            |group, was| {
                let calls = was.and_then(|at| had.get(at)).map_or(&[][..], |had| &had.calls[..]);
                GroupTold {
                    was: was.map(narrow),
                    calls: pieces(calls, &group.calls, |call| call.id, |call, _| call.clone()),
                    head: without_calls(group),
                }
            },
        );
        let reading = match have {
            Some(have) if known.is_some() && is_all(&groups, had.len()) => have,
            _ => {
                let reading = self.next();
                readings.put(key, reading, Arc::new(list));
                reading
            }
        };
        ResultTold { reading, more, head: now, groups }
    }
}

/// An evaluator's line in a result.
fn without_calls(group: &EvaluatorGroup) -> EvaluatorGroup {
    EvaluatorGroup {
        evaluator: group.evaluator,
        name: group.name.clone(),
        flaky: group.flaky,
        fixed_on: group.fixed_on,
        tags: group.tags.clone(),
        wrong: group.wrong.clone(),
        usual_seconds: group.usual_seconds,
        calls: Vec::new(),
    }
}

/// Whether pieces are just what the page has, of so many rows.
fn is_all<T>(pieces: &[Piece<T>], had: usize) -> bool {
    match pieces {
        [] => had == 0,
        [Piece::Kept(_, count)] => *count as usize == had,
        _ => false,
    }
}

/// How many evaluators of a result are told at first, by the numbers of their calls.
pub(crate) fn first_of(calls: impl Iterator<Item = usize>) -> usize {
    let mut room = FIRST_CALLS;
    calls
        .take(FIRST_GROUPS)
        .take_while(|calls| {
            let fits = room > 0;
            room = room.saturating_sub(*calls);
            fits
        })
        .count()
}

/// `now` in pieces, for somebody who has `had`: rows that are the same by their key and in all else
/// are named by their place there.
fn pieces<T: PartialEq, K: Eq + Hash, U>(
    had: &[T],
    now: &[T],
    key: impl Fn(&T) -> K,
    told: impl Fn(&T, Option<usize>) -> U,
) -> Vec<Piece<U>> {
    let places: HashMap<K, usize> =
        had.iter().enumerate().map(|(place, row)| (key(row), place)).collect();
    let mut pieces: Vec<Piece<U>> = Vec::new();
    for row in now {
        let was = places.get(&key(row)).copied();
        match was.filter(|place| had[*place] == *row) {
            Some(place) => match pieces.last_mut() {
                Some(Piece::Kept(from, count)) if *from + *count == narrow(place) => *count += 1,
                _ => pieces.push(Piece::Kept(narrow(place), 1)),
            },
            None => pieces.push(Piece::New(told(row, was))),
        }
    }
    pieces
}

fn narrow(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]
mod tests {
    use proptest::prelude::*;

    use super::{Told, pieces};
    use crate::view::{EvaluatorView, Piece};

    /// What the page makes of it.
    fn put_together<T: Clone>(pieces: &[Piece<T>], had: &[T]) -> Vec<T> {
        let mut rows = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Kept(from, count) => {
                    rows.extend_from_slice(&had[*from as usize..(*from + *count) as usize]);
                }
                Piece::New(row) => rows.push(row.clone()),
            }
        }
        rows
    }

    proptest! {
        #[test]
        fn a_page_that_puts_the_pieces_together_has_the_list(
            had in prop::collection::vec((0_i64..20, 0_u8..3), 0..30),
            now in prop::collection::vec((0_i64..20, 0_u8..3), 0..30),
        ) {
            let told = pieces(&had, &now, |row| row.0, |row, _| *row);
            prop_assert_eq!(put_together(&told, &had), now);
        }

        #[test]
        fn only_what_changed_is_told(
            had in prop::collection::btree_map(0_i64..500, 0_u8..3, 1..60),
            changed in any::<prop::sample::Index>(),
        ) {
            let had: Vec<(i64, u8)> = had.into_iter().collect();
            let mut now = had.clone();
            let at = changed.index(now.len());
            now[at].1 += 1;
            let told = pieces(&had, &now, |row| row.0, |row, was| (*row, was));
            let new: Vec<_> =
                told.iter().filter(|piece| matches!(piece, Piece::New(_))).collect();
            prop_assert_eq!(new, [&Piece::New((now[at], Some(at)))]);
            prop_assert!(told.len() <= 3, "{:?}", told);
        }
    }

    fn evaluator(id: i64, name: &str) -> EvaluatorView {
        EvaluatorView {
            id,
            name: name.to_owned(),
            folder: None,
            tags: Vec::new(),
            caller_name: None,
            language: None,
            has_expected_outcome: true,
            last: Vec::new(),
            usual_seconds: None,
            flaky: false,
        }
    }

    #[test]
    fn a_reading_that_is_forgotten_or_of_something_else_is_told_whole() {
        let told = Told::default();
        let both = || vec![evaluator(1, "Refund"), evaluator(2, "Booking")];
        let first = told.evaluators((1, None), None, both(), false);
        assert_eq!(first.rows.len(), 2);
        let again = told.evaluators((1, None), Some(first.reading), both(), false);
        assert_eq!(again.rows, [Piece::Kept(0, 2)]);
        assert_eq!(again.reading, first.reading, "nothing changed");
        let mut longer = both();
        longer.push(evaluator(3, "Closing time"));
        let more = told.evaluators((1, None), Some(first.reading), longer, false);
        assert_eq!(more.rows[0], Piece::Kept(0, 2));
        assert_ne!(more.reading, first.reading);
        // The page has the one before the last: an answer was lost.
        let lost = told.evaluators((1, None), Some(first.reading), both(), false);
        assert_eq!(lost.rows.len(), 2);
        assert!(lost.rows.iter().all(|piece| matches!(piece, Piece::New(_))));
        // The same reading of another workspace is none.
        let elsewhere = told.evaluators((2, None), Some(lost.reading), both(), false);
        assert!(elsewhere.rows.iter().all(|piece| matches!(piece, Piece::New(_))));
        for agent in 0..3 {
            told.evaluators((3, Some(agent)), None, both(), false);
        }
        let forgotten = told.evaluators((1, None), Some(lost.reading), both(), false);
        assert!(forgotten.rows.iter().all(|piece| matches!(piece, Piece::New(_))));
    }
}
