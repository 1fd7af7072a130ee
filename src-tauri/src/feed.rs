//! What changed, told to the page in batches: at most ten notices a second, however much happens.
//! And the little that the shell asks of the page.
//!
//! The page asks for each notice and is answered when there is one. Nothing is sent to it unasked:
//! Tauri does that by having scripts evaluated, for which WebKitGTK keeps a script engine of about
//! 3 MiB in this process.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use engine::view::{Closing, FeedNotice, FeedTopic};
use tokio::sync::Notify;
use tokio::time::Instant;

/// The shortest time between two notices.
const PACE: Duration = Duration::from_millis(100);

/// Collects changes and tells them to the one page there is.
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
    /// The page has asked since it began: it listens. From then on either one of its asks waits, or
    /// it was answered and will ask again. If it does not, because it hangs, it does not answer
    /// about closing either, and is asked that only once.
    listens: bool,
    /// The next ask is answered at once, whether anything changed or not.
    greet: bool,
    /// The number of the notice this page was told last; 0 before the first.
    seq: u64,
    /// When any page was told a notice last.
    told: Option<Instant>,
    /// Which ask may take a notice: the last one, until another page begins.
    turn: u64,
    /// To be told with the next notice.
    closing: Option<Closing>,
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

/// What an ask finds.
enum Look {
    Notice(FeedNotice),
    /// There is one, but the last was told just now.
    NotBefore(Instant),
    Nothing,
}

impl State {
    fn look(&mut self, turn: u64, now: Instant) -> Look {
        if self.turn != turn {
            return Look::Notice(notice(0));
        }
        let changed = !self.pending.0.is_empty() || self.closing.is_some() || self.go.is_some();
        if !changed && !self.greet {
            return Look::Nothing;
        }
        match self.told.map(|told| told + PACE) {
            Some(due) if due > now => return Look::NotBefore(due),
            _ => self.told = Some(now),
        }
        self.greet = false;
        self.seq = self.seq.saturating_add(1);
        Look::Notice(FeedNotice {
            changes: self.pending.take(),
            closing: self.closing.take(),
            go: self.go.take(),
            ..notice(self.seq)
        })
    }
}

/// A notice of nothing.
fn notice(seq: u64) -> FeedNotice {
    FeedNotice { seq, changes: BTreeMap::new(), closing: None, go: None }
}

impl Feed {
    /// Remembers a change. Returns at once: it is called from inside the ledger.
    pub(crate) fn tell(&self, topic: FeedTopic, ids: &[i64]) {
        self.state().pending.add(topic, ids);
        self.inner.nudge.notify_waiters();
    }

    /// A page is loaded, in place of an earlier one, which hears nothing more. The new one may read
    /// before it asks, and the first one has data that was read before it began: what has not been told
    /// waits for it.
    pub(crate) fn page_begins(&self) {
        let mut state = self.state();
        state.listens = false;
        state.greet = false;
        state.seq = 0;
        state.turn += 1;
        // It knows of no question.
        state.closing = None;
        state.asked = false;
        drop(state);
        self.inner.nudge.notify_waiters();
    }

    /// Waits for the next notice. `heard` is the number of the last one that the page has, 0 for
    /// none.
    ///
    /// The first time a page asks it is answered at once, so that it knows that it is heard. So it
    /// is when it has not heard what was told last, because the answer was lost or another page
    /// took it: then the number leaves a gap, and it reads everything anew.
    ///
    /// One ask waits at a time. When another takes its place, or its page is gone, it ends with an
    /// empty notice numbered 0, and takes nothing.
    pub(crate) async fn next(&self, heard: u64) -> FeedNotice {
        let turn = self.ask(heard);
        loop {
            // Made before the look, so that nothing is missed between the two.
            let nudged = self.inner.nudge.notified();
            let look = self.state().look(turn, Instant::now());
            match look {
                Look::Notice(notice) => return notice,
                Look::NotBefore(due) => tokio::time::sleep_until(due).await,
                Look::Nothing => nudged.await,
            }
        }
    }

    /// Notes an ask; gives its turn.
    fn ask(&self, heard: u64) -> u64 {
        let mut state = self.state();
        if heard != state.seq {
            state.seq = state.seq.max(heard).saturating_add(1);
            state.greet = true;
        }
        state.greet |= !state.listens;
        state.listens = true;
        state.turn += 1;
        let turn = state.turn;
        drop(state);
        self.inner.nudge.notify_waiters();
        turn
    }

    /// Has the page tell what is under way and ask whether to close. `false` when it cannot be relied on: nobody listens, or
    /// it was asked before and has not answered.
    pub(crate) fn ask_to_close(&self, closing: Closing) -> bool {
        let mut state = self.state();
        if !state.listens || state.asked {
            return false;
        }
        state.asked = true;
        state.closing = Some(closing);
        drop(state);
        self.inner.nudge.notify_waiters();
        true
    }

    /// Whether the page was asked and has not answered.
    pub(crate) fn is_asked_to_close(&self) -> bool {
        self.state().asked
    }

    /// The page was answered that the window stays; the next time it asks again.
    pub(crate) fn stays(&self) {
        let mut state = self.state();
        state.asked = false;
        state.closing = None;
    }

    /// Sends the page to a screen.
    pub(crate) fn go(&self, route: String) {
        self.state().go = Some(route);
        self.inner.nudge.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use engine::view::{Closing, FeedNotice, FeedTopic};
    use tokio::task::JoinHandle;
    use tokio::time::{Instant, sleep, timeout};

    use super::{Feed, PACE, Pending};

    /// Longer than two notices are apart.
    const SOON: Duration = Duration::from_millis(250);

    /// A page: asks again and again, and keeps what it hears. Hears no more when it is dropped.
    struct Page {
        heard: Arc<Mutex<Vec<(Instant, FeedNotice)>>>,
        asking: JoinHandle<()>,
    }

    impl Page {
        fn open(feed: &Feed) -> Self {
            let heard: Arc<Mutex<Vec<(Instant, FeedNotice)>>> = Arc::default();
            let (feed, ear) = (feed.clone(), Arc::clone(&heard));
            let asking = tokio::spawn(async move {
                let mut last = 0;
                loop {
                    let notice = feed.next(last).await;
                    last = last.max(notice.seq);
                    ear.lock().expect("no panic").push((Instant::now(), notice));
                }
            });
            Self { heard, asking }
        }

        fn heard(&self) -> Vec<FeedNotice> {
            let heard = self.heard.lock().expect("no panic");
            heard.iter().map(|(_, notice)| notice.clone()).collect()
        }

        fn calls(&self) -> Vec<i64> {
            self.heard().iter().flat_map(calls).collect()
        }
    }

    impl Drop for Page {
        fn drop(&mut self) {
            self.asking.abort();
        }
    }

    fn calls(notice: &FeedNotice) -> Vec<i64> {
        notice.changes.get(&FeedTopic::Calls).cloned().unwrap_or_default()
    }

    /// An ask that waits.
    async fn waiting(feed: &Feed, heard: u64) -> JoinHandle<FeedNotice> {
        let feed = feed.clone();
        let asking = tokio::spawn(async move { feed.next(heard).await });
        sleep(SOON).await;
        assert!(!asking.is_finished(), "it was answered");
        asking
    }

    /// What comes of an ask that ends by itself.
    async fn end(asking: JoinHandle<FeedNotice>) -> FeedNotice {
        timeout(SOON, asking).await.expect("it ends").expect("no panic")
    }

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
        let page = Page::open(&feed);
        for id in 0..1000 {
            feed.tell(FeedTopic::Calls, &[id]);
            sleep(Duration::from_millis(1)).await;
        }
        sleep(SOON).await;
        assert!((9..=12).contains(&page.heard().len()), "{} notices", page.heard().len());
        assert_eq!(page.calls(), (0..1000).collect::<Vec<_>>());
        let times = page.heard.lock().expect("no panic");
        assert!(times.windows(2).all(|pair| pair[1].0 - pair[0].0 >= PACE));
        assert!(times.iter().zip(1..).all(|((_, notice), seq)| notice.seq == seq));
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_ask_is_answered_at_once_and_the_next_when_something_changes() {
        let feed = Feed::default();
        let first = timeout(Duration::ZERO, feed.next(0)).await.expect("at once");
        assert_eq!((first.seq, first.changes.len()), (1, 0));
        let asking = waiting(&feed, 1).await;
        feed.tell(FeedTopic::Calls, &[5]);
        let before = Instant::now();
        let told = end(asking).await;
        assert_eq!((told.seq, calls(&told)), (2, vec![5]));
        assert_eq!(Instant::now(), before, "nothing was told just before: no need to wait");
    }

    #[tokio::test(start_paused = true)]
    async fn what_changes_while_nobody_asks_waits() {
        let feed = Feed::default();
        feed.tell(FeedTopic::Calls, &[1]);
        feed.page_begins();
        feed.tell(FeedTopic::Calls, &[2]);
        feed.go("#/results/7".to_owned());
        let first = end(tokio::spawn({
            let feed = feed.clone();
            async move { feed.next(0).await }
        }))
        .await;
        assert_eq!(calls(&first), [1, 2], "also what came before the page had begun");
        assert_eq!(first.go.as_deref(), Some("#/results/7"));
        feed.tell(FeedTopic::Calls, &[3]);
        sleep(SOON).await;
        feed.tell(FeedTopic::Calls, &[4]);
        assert_eq!(calls(&feed.next(first.seq).await), [3, 4]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_old_page_that_waits_ends_and_takes_nothing_from_the_new_one() {
        let feed = Feed::default();
        let heard = feed.next(0).await.seq;
        let old = waiting(&feed, heard).await;
        feed.page_begins();
        feed.tell(FeedTopic::Calls, &[1]);
        let last = end(old).await;
        assert_eq!((last.seq, last.changes.len()), (0, 0));
        let page = Page::open(&feed);
        feed.tell(FeedTopic::Calls, &[2]);
        sleep(SOON).await;
        assert_eq!(page.calls(), [1, 2]);
        assert_eq!(page.heard()[0].seq, 1, "a new page counts from one");
        assert_eq!(Arc::strong_count(&feed.inner), 2, "nothing of the old page is left");
    }

    #[tokio::test(start_paused = true)]
    async fn an_old_page_that_still_rests_between_two_notices_takes_nothing_either() {
        let feed = Feed::default();
        let heard = feed.next(0).await.seq;
        feed.tell(FeedTopic::Calls, &[1]);
        let old = {
            let feed = feed.clone();
            tokio::spawn(async move { feed.next(heard).await })
        };
        tokio::task::yield_now().await;
        feed.page_begins();
        feed.tell(FeedTopic::Calls, &[2]);
        assert_eq!(end(old).await.seq, 0);
        assert_eq!(calls(&feed.next(0).await), [1, 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn of_two_asks_the_last_one_is_told() {
        let feed = Feed::default();
        let heard = feed.next(0).await.seq;
        let one = waiting(&feed, heard).await;
        let two = waiting(&feed, heard).await;
        assert_eq!(end(one).await.seq, 0);
        feed.tell(FeedTopic::Calls, &[1]);
        assert_eq!(calls(&end(two).await), [1]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_was_lost_leaves_a_gap() {
        let feed = Feed::default();
        let first = feed.next(0).await.seq;
        feed.tell(FeedTopic::Calls, &[1]);
        let lost = feed.next(first).await;
        // The page did not get it, and asks with the number it had.
        let told = end(tokio::spawn({
            let feed = feed.clone();
            async move { feed.next(first).await }
        }))
        .await;
        assert!(told.seq > lost.seq && told.seq > first + 1, "{} after {}", told.seq, lost.seq);
        let asking = waiting(&feed, told.seq).await;
        feed.tell(FeedTopic::Calls, &[2]);
        assert_eq!(end(asking).await.seq, told.seq + 1, "and then it goes on without one");
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_late_ask_of_the_old_page_takes_is_a_gap_for_the_new_one() {
        let feed = Feed::default();
        for heard in [0, 41] {
            feed.page_begins();
            feed.tell(FeedTopic::Calls, &[1]);
            assert_eq!(calls(&feed.next(heard).await), [1]);
            let told = feed.next(0).await;
            assert!(told.seq > 1, "{} after {heard}", told.seq);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_page_is_asked_once_until_it_answers_and_only_if_it_is_there() {
        let feed = Feed::default();
        assert!(!feed.ask_to_close(Closing::Calls), "nobody listens");
        let page = Page::open(&feed);
        sleep(SOON).await;
        assert!(feed.ask_to_close(Closing::Calls));
        assert!(!feed.ask_to_close(Closing::Calls), "it has not answered");
        sleep(SOON).await;
        feed.stays();
        assert!(feed.ask_to_close(Closing::Calls));
        feed.go("#/results/7".to_owned());
        sleep(SOON).await;
        let told: Vec<_> =
            page.heard().into_iter().map(|notice| (notice.closing, notice.go)).collect();
        let to = Some("#/results/7".to_owned());
        assert_eq!(told, [(None, None), (Some(Closing::Calls), None), (Some(Closing::Calls), to)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_that_is_loaded_again_knows_of_no_question_and_listens_when_it_asks() {
        let feed = Feed::default();
        let page = Page::open(&feed);
        sleep(SOON).await;
        drop(page);
        assert!(feed.ask_to_close(Closing::Calls), "it was answered, and may ask again");
        feed.page_begins();
        assert!(
            !feed.ask_to_close(Closing::Calls),
            "the page is gone, and the new one has not asked"
        );
        let page = Page::open(&feed);
        sleep(SOON).await;
        assert!(page.heard().iter().all(|notice| notice.closing.is_none()));
        assert!(feed.ask_to_close(Closing::Calls));
        sleep(SOON).await;
        assert!(page.heard().last().is_some_and(|notice| notice.closing.is_some()));
    }
}
