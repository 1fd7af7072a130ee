//! What changed, told to the page in batches: at most ten notices a second, however much happens.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use engine::view::{FeedNotice, FeedTopic};
use tokio::sync::Notify;

/// The shortest time between two notices.
const PACE: Duration = Duration::from_millis(100);

/// Takes a notice; `false` when nobody listens any more.
pub(crate) type Sink = Box<dyn Fn(FeedNotice) -> bool + Send>;

/// Collects changes and tells them to the one listener there is.
#[derive(Clone, Default)]
pub(crate) struct Feed {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    nudge: Notify,
}

#[derive(Default)]
struct State {
    pending: Pending,
    sink: Option<Sink>,
    seq: u64,
}

/// Changes not told yet. `None` stands for all of a topic.
#[derive(Default)]
struct Pending(BTreeMap<FeedTopic, Option<BTreeSet<i64>>>);

impl Pending {
    fn add(&mut self, topic: FeedTopic, ids: &[i64]) {
        let known = self.0.entry(topic).or_insert_with(|| Some(BTreeSet::new()));
        match known {
            Some(known) if !ids.is_empty() => known.extend(ids),
            _ => *known = None,
        }
    }

    fn take(&mut self) -> BTreeMap<FeedTopic, Vec<i64>> {
        std::mem::take(&mut self.0)
            .into_iter()
            .map(|(topic, ids)| (topic, ids.into_iter().flatten().collect()))
            .collect()
    }
}

impl Feed {
    /// Remembers a change. Returns at once: it is called from inside the ledger.
    pub(crate) fn tell(&self, topic: FeedTopic, ids: &[i64]) {
        self.state().pending.add(topic, ids);
        self.inner.nudge.notify_one();
    }

    /// From now on `sink` hears of changes, in place of an earlier one. What is pending is dropped:
    /// a page that subscribes has not read anything yet.
    pub(crate) fn subscribe(&self, sink: Sink) {
        let mut state = self.state();
        state.pending.take();
        state.sink = Some(sink);
    }

    /// Passes notices on; never ends.
    pub(crate) async fn run(self) {
        loop {
            self.inner.nudge.notified().await;
            self.pass_on();
            tokio::time::sleep(PACE).await;
        }
    }

    fn pass_on(&self) {
        let mut state = self.state();
        let changes = state.pending.take();
        if changes.is_empty() {
            return;
        }
        state.seq += 1;
        let notice = FeedNotice { seq: state.seq, changes };
        if state.sink.as_ref().is_some_and(|sink| !sink(notice)) {
            state.sink = None;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use engine::view::{FeedNotice, FeedTopic};

    use super::{Feed, Pending};

    #[test]
    fn ids_of_a_topic_are_joined_and_all_swallows_them() {
        let mut pending = Pending::default();
        pending.add(FeedTopic::Calls, &[3, 1]);
        pending.add(FeedTopic::Calls, &[2, 3]);
        pending.add(FeedTopic::Results, &[7]);
        pending.add(FeedTopic::Results, &[]);
        pending.add(FeedTopic::Results, &[8]);
        let told = pending.take();
        assert_eq!(told.get(&FeedTopic::Calls), Some(&vec![1, 2, 3]));
        assert_eq!(told.get(&FeedTopic::Results), Some(&Vec::new()));
        assert!(pending.take().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_storm_of_changes_makes_ten_notices_a_second_and_loses_none() {
        let feed = Feed::default();
        let heard: Arc<Mutex<Vec<FeedNotice>>> = Arc::default();
        let ear = Arc::clone(&heard);
        feed.subscribe(Box::new(move |notice| {
            ear.lock().expect("one thread").push(notice);
            true
        }));
        let running = tokio::spawn(feed.clone().run());
        for id in 0..1000 {
            feed.tell(FeedTopic::Calls, &[id]);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        running.abort();
        let heard = heard.lock().expect("one thread");
        assert!((9..=12).contains(&heard.len()), "{} notices", heard.len());
        let ids: Vec<i64> =
            heard.iter().flat_map(|notice| notice.changes[&FeedTopic::Calls].clone()).collect();
        assert_eq!(ids, (0..1000).collect::<Vec<_>>());
        assert!(heard.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1));
    }
}
