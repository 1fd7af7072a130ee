//! What changed, told to the page in batches: at most ten notices a second, however much happens.
//! And the little that the shell asks of the page.

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
    /// To be told with the next notice.
    closing: bool,
    go: Option<String>,
    /// The page was asked about closing and has not answered.
    asked: bool,
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

    /// A page is loaded, in place of an earlier one. It may read before it subscribes: what changes
    /// from now on waits for it.
    pub(crate) fn page_begins(&self) {
        let mut state = self.state();
        state.pending.take();
        state.sink = None;
    }

    /// From now on `sink` hears of changes, in place of an earlier one.
    pub(crate) fn subscribe(&self, sink: Sink) {
        let mut state = self.state();
        state.sink = Some(sink);
        state.closing = false;
        state.asked = false;
        drop(state);
        self.inner.nudge.notify_one();
    }

    /// Has the page ask whether to close. `false` when it cannot be relied on: nobody listens, or
    /// it was asked before and has not answered.
    pub(crate) fn ask_to_close(&self) -> bool {
        let mut state = self.state();
        if state.sink.is_none() || state.asked {
            return false;
        }
        state.asked = true;
        state.closing = true;
        drop(state);
        self.inner.nudge.notify_one();
        true
    }

    /// The page was answered that the window stays; the next time it asks again.
    pub(crate) fn stays(&self) {
        let mut state = self.state();
        state.asked = false;
        state.closing = false;
    }

    /// Sends the page to a screen.
    pub(crate) fn go(&self, route: String) {
        self.state().go = Some(route);
        self.inner.nudge.notify_one();
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
        if state.sink.is_none() {
            return;
        }
        let changes = state.pending.take();
        if changes.is_empty() && !state.closing && state.go.is_none() {
            return;
        }
        state.seq += 1;
        let closing = std::mem::take(&mut state.closing);
        let notice = FeedNotice { seq: state.seq, changes, closing, go: state.go.take() };
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

    #[tokio::test(start_paused = true)]
    async fn the_page_is_asked_once_until_it_answers_and_only_if_it_is_there() {
        let feed = Feed::default();
        assert!(!feed.ask_to_close(), "nobody listens");
        let heard: Arc<Mutex<Vec<FeedNotice>>> = Arc::default();
        let ear = Arc::clone(&heard);
        feed.subscribe(Box::new(move |notice| {
            ear.lock().expect("one thread").push(notice);
            true
        }));
        let running = tokio::spawn(feed.clone().run());
        assert!(feed.ask_to_close());
        assert!(!feed.ask_to_close(), "it has not answered");
        tokio::time::sleep(Duration::from_millis(200)).await;
        feed.stays();
        assert!(feed.ask_to_close());
        feed.go("#/results/7".to_owned());
        tokio::time::sleep(Duration::from_millis(200)).await;
        // A page that is loaded again knows of no question.
        feed.subscribe(Box::new(|_| false));
        assert!(feed.ask_to_close());
        tokio::time::sleep(Duration::from_millis(200)).await;
        feed.stays();
        assert!(!feed.ask_to_close(), "the page is gone");
        running.abort();
        let told: Vec<_> = heard
            .lock()
            .expect("one thread")
            .iter()
            .map(|notice| (notice.closing, notice.go.clone()))
            .collect();
        assert_eq!(told, [(true, None), (true, Some("#/results/7".to_owned()))]);
    }
}
