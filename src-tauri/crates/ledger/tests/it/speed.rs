//! Speed, measured against itself: what grows with the data must not grow faster than it.

use std::time::Duration;

use ledger::{CallPut, ResultQuery};
use serde_json::json;

use crate::given::{House, call_put, result_put};

/// How long this thread has had the processor: what others on the machine do meanwhile is not the
/// ledger's.
#[cfg(unix)]
fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.try_into().unwrap()
}

/// Where a thread's own time is not to be had, the time that passes.
#[cfg(not(unix))]
fn worked() -> Duration {
    static BEGAN: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    BEGAN.elapsed()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = worked();
    let done = work();
    (done, worked().saturating_sub(start))
}

/// The fastest of a few.
fn fastest<T>(times: u32, mut work: impl FnMut() -> T) -> (T, Duration) {
    let mut best = timed(&mut work);
    for _ in 1..times {
        let again = timed(&mut work);
        if again.1 < best.1 {
            best = again;
        }
    }
    best
}

fn calls(count: i64) -> Vec<CallPut> {
    (0..count)
        .map(|id| CallPut {
            raw: json!({ "id": id, "text": "word ".repeat(40) }),
            ..call_put(id, if id % 5 == 0 { "agent_failed" } else { "passed" })
        })
        .collect()
}

#[test]
fn ten_thousand_calls_cost_about_ten_times_a_thousand() {
    let per_call = |count: i64| {
        let house = House::new();
        house.ledger.result_put(house.workspace, &result_put(1)).unwrap();
        let puts = calls(count);
        let (changed, writing) =
            timed(|| house.ledger.calls_put(house.workspace, 1, &puts).unwrap());
        assert_eq!(i64::from(changed), count);
        let (again, nothing_new) =
            timed(|| house.ledger.calls_put(house.workspace, 1, &puts).unwrap());
        assert_eq!(again, 0);
        let (rows, reading) = fastest(3, || house.ledger.calls(house.workspace, 1).unwrap());
        assert_eq!(rows.len() as i64, count);
        [writing, nothing_new, reading].map(|took| took.as_secs_f64() / count as f64)
    };
    // The better of two: what happened to be cold is not the ledger's.
    let better = |count| {
        let (one, other) = (per_call(count), per_call(count));
        [0, 1, 2].map(|place| f64::min(one[place], other[place]))
    };
    let few = better(1_000);
    let many = better(10_000);
    for (what, (few, many)) in
        ["writing", "nothing new", "reading"].iter().zip(few.iter().zip(many))
    {
        // Generous, because machines are shared; quadratic growth would make it ten.
        assert!(many < few * 5.0, "{what}: {few:e} s a call became {many:e} s");
    }
}

#[test]
fn a_small_result_costs_the_same_beside_a_large_one() {
    let house = House::new();
    let keep = |result, calls: &[CallPut]| {
        house.ledger.result_put(house.workspace, &result_put(result)).unwrap();
        house.ledger.calls_put(house.workspace, result, calls).unwrap();
    };
    keep(1, &[call_put(20_000, "passed")]);
    let reading = || {
        let fastest = |read: &dyn Fn() -> usize| fastest(20, || assert_eq!(read(), 1)).1;
        let (ledger, at) = (&house.ledger, house.workspace);
        [
            fastest(&|| ledger.calls(at, 1).unwrap().len()),
            fastest(&|| ledger.call_lines(at, 1, |line| line.id).unwrap().len()),
            fastest(&|| ledger.repetitions(at, 20_000).unwrap().len()),
        ]
    };
    let alone = reading();
    keep(2, &calls(10_000));
    let beside = reading();
    for (alone, beside) in alone.into_iter().zip(beside) {
        // Looking through the other's calls would take fifty times as long.
        assert!(beside < alone * 10, "{alone:?} became {beside:?}");
    }
}

#[test]
fn a_page_of_results_costs_less_than_all_of_them() {
    let house = House::new();
    for id in 1..=1_000 {
        house.ledger.result_put(house.workspace, &result_put(id)).unwrap();
    }
    let list = |limit| {
        let query = ResultQuery { limit, ..Default::default() };
        let page = house.ledger.results(house.workspace, &query).unwrap();
        assert_eq!(page.total, 1_000);
        page.rows.len()
    };
    list(1_000);
    assert_eq!(list(1_000), 1_000);
    let (page, all) = (fastest(5, || list(50)).1, fastest(5, || list(1_000)).1);
    assert!(page < all, "fifty took {page:?}, a thousand {all:?}");
    // Both commands of one screen, on any machine this runs on.
    assert!(all < Duration::from_secs(1), "a thousand took {all:?}");
}
