//! Estimates against synthetic histories with a known truth.

use verdict::{
    CREDITS_PER_METRIC, CREDITS_PER_MINUTE, EstimateEvaluator, EstimateInput, TimeLeftInput,
    estimate, time_left,
};

/// A small seeded generator (SplitMix64), so that a failure happens again.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn below(&mut self, end: u32) -> u32 {
        (self.uniform() * f64::from(end)) as u32
    }
}

/// A workspace: evaluators with lengths of their own, log-normal calls, some that never connect.
struct World {
    /// Mean length, seconds, and spread on the logarithmic scale.
    evaluators: Vec<(f64, f64)>,
    lost: f64,
}

impl World {
    fn new(chance: &mut Chance, count: usize, lost: f64) -> Self {
        let evaluators = (0..count)
            .map(|_| (60.0 + 240.0 * chance.uniform(), 0.1 + 0.4 * chance.uniform()))
            .collect();
        Self { evaluators, lost }
    }

    fn call(&self, chance: &mut Chance, evaluator: usize) -> f64 {
        if chance.uniform() < self.lost {
            return 0.0;
        }
        let (mean, spread) = self.evaluators[evaluator];
        mean * (spread * chance.normal() - spread * spread / 2.0).exp()
    }
}

struct Coverage {
    plans: u32,
    credits: u32,
    minutes: u32,
    width: f64,
}

/// How often the truth of a plan falls inside the range learnt from `history` calls.
fn coverage(seed: u64, history: u32, lost: f64, keeps_lost: bool) -> Coverage {
    let mut chance = Chance(seed);
    let mut found = Coverage { plans: 0, credits: 0, minutes: 0, width: 0.0 };
    for _ in 0..400 {
        let world = World::new(&mut chance, 24, lost);
        let mut known: Vec<Vec<f64>> = vec![Vec::new(); 24];
        for _ in 0..history {
            let evaluator = chance.below(24) as usize;
            let seconds = world.call(&mut chance, evaluator);
            if keeps_lost || seconds > 0.0 {
                known[evaluator].push(seconds);
            }
        }
        let times = 1 + chance.below(5);
        let at_once = 1 + chance.below(10);
        let chosen: Vec<usize> = (0..24).filter(|_| chance.uniform() < 0.4).collect();
        if chosen.is_empty() {
            continue;
        }
        let range = estimate(&EstimateInput {
            evaluators: chosen
                .iter()
                .map(|one| EstimateEvaluator {
                    seconds: known[*one].clone(),
                    metrics: 4,
                    calls: times,
                })
                .collect(),
            all_seconds: known.iter().flatten().copied().collect(),
            at_once,
            clock_per_second: 1.0,
        });

        // What then happens: calls go out in order, each to the place that is free first.
        let mut places = vec![0.0_f64; at_once as usize];
        let mut credits = 0.0;
        for _ in 0..times {
            for evaluator in &chosen {
                let seconds = world.call(&mut chance, *evaluator);
                credits += seconds / 60.0 * CREDITS_PER_MINUTE;
                if seconds > 0.0 {
                    credits += 4.0 * CREDITS_PER_METRIC;
                }
                places.sort_by(f64::total_cmp);
                places[0] += seconds;
            }
        }
        let around = 30.0 + 90.0 * chance.uniform();
        let minutes = (places.iter().copied().fold(0.0, f64::max) + around) / 60.0;
        found.plans += 1;
        found.credits += u32::from(range.credits_low <= credits && credits <= range.credits_high);
        found.minutes += u32::from(range.minutes_low <= minutes && minutes <= range.minutes_high);
        found.width += (range.credits_high - range.credits_low) / credits.max(1.0);
    }
    found
}

#[test]
fn the_truth_falls_inside_the_range_in_at_least_four_of_five_plans() {
    for (name, history, lost, keeps_lost) in [
        ("fifty calls", 50, 0.0, true),
        ("five calls", 5, 0.0, true),
        ("a thousand calls", 1000, 0.0, true),
        ("fifty calls, one in ten lost", 50, 0.1, true),
        ("fifty calls, one in ten lost and not kept", 50, 0.1, false),
    ] {
        let found = coverage(20_261_124, history, lost, keeps_lost);
        let plans = f64::from(found.plans);
        let credits = f64::from(found.credits) / plans;
        let minutes = f64::from(found.minutes) / plans;
        let width = found.width / plans;
        assert!(found.plans > 350);
        assert!(credits >= 0.8, "{name}: credits inside in {credits:.3} of plans");
        assert!(minutes >= 0.8, "{name}: minutes inside in {minutes:.3} of plans");
        // A range that holds everything says nothing.
        assert!(history < 50 || width < 0.75, "{name}: the range is {width:.2} of the truth wide");
    }
}

#[test]
fn before_any_history_two_to_five_minutes_are_assumed() {
    let range = estimate(&EstimateInput {
        evaluators: vec![EstimateEvaluator { seconds: Vec::new(), metrics: 5, calls: 3 }; 4],
        all_seconds: Vec::new(),
        at_once: 3,
        clock_per_second: 1.0,
    });
    assert!(range.assumed);
    assert_eq!((range.calls, range.without_history, range.learnt_from), (12, 4, 0));
    // 12 calls of 2 and of 5 minutes at 5 credits; 60 metrics at 0.2, the low end at half.
    assert!((range.credits_low - (12.0 * 2.0 * 5.0 + 6.0)).abs() < 1e-9, "{range:?}");
    assert!((range.credits_high - (12.0 * 5.0 * 5.0 + 12.0)).abs() < 1e-9, "{range:?}");
    // Four rounds of 2 minutes at least, of 5 and one more call's rest at most.
    assert!(range.minutes_low >= 8.0 && range.minutes_high <= 4.0 * 5.0 + 5.0 + 2.1, "{range:?}");
}

#[test]
fn a_published_example_of_the_price_lies_inside_its_range() {
    // A call of two minutes with five metrics costs 11 credits.
    let range = estimate(&EstimateInput {
        evaluators: vec![EstimateEvaluator { seconds: vec![120.0; 8], metrics: 5, calls: 1 }],
        all_seconds: vec![120.0; 8],
        at_once: 1,
        clock_per_second: 1.0,
    });
    assert!(range.credits_low < 11.0 && 11.0 < range.credits_high, "{range:?}");
    assert!(!range.assumed);
}

#[test]
fn more_places_take_less_time_and_the_same_credits() {
    let plan = |at_once| {
        estimate(&EstimateInput {
            evaluators: vec![
                EstimateEvaluator {
                    seconds: vec![170.0, 180.0, 190.0],
                    metrics: 1,
                    calls: 5
                };
                6
            ],
            all_seconds: Vec::new(),
            at_once,
            clock_per_second: 1.0,
        })
    };
    let (one, ten, all) = (plan(1), plan(10), plan(1_000));
    assert!(one.minutes_low > ten.minutes_high);
    assert!(ten.minutes_low > all.minutes_low && ten.minutes_high > all.minutes_high);
    assert!(all.minutes_low >= 170.0 / 60.0, "no result is shorter than its longest call: {all:?}");
    assert!((one.credits_high - all.credits_high).abs() < 1e-9);
    assert_eq!(plan(0), one);
}

#[test]
fn practice_waits_less_and_pays_as_much() {
    let plan = |clock| {
        estimate(&EstimateInput {
            evaluators: vec![
                EstimateEvaluator { seconds: vec![180.0; 5], metrics: 2, calls: 4 };
                3
            ],
            all_seconds: vec![180.0; 15],
            at_once: 3,
            clock_per_second: clock,
        })
    };
    let (life, practice) = (plan(1.0), plan(1.0 / 30.0));
    assert!((life.minutes_high / practice.minutes_high - 30.0).abs() < 1e-9);
    assert!((life.credits_low - practice.credits_low).abs() < 1e-9);
}

#[test]
fn an_evaluator_without_history_goes_by_the_others() {
    let plan = |all_seconds: Vec<f64>| {
        estimate(&EstimateInput {
            evaluators: vec![EstimateEvaluator { seconds: Vec::new(), metrics: 0, calls: 10 }],
            all_seconds,
            at_once: 1,
            clock_per_second: 1.0,
        })
    };
    let short = plan((0..40).map(|n| 50.0 + f64::from(n % 5)).collect());
    let long = plan((0..40).map(|n| 500.0 + f64::from(n % 5)).collect());
    assert!(short.credits_high < long.credits_low);
    assert_eq!((short.without_history, short.learnt_from, short.assumed), (1, 40, false));
}

#[test]
fn nothing_to_place_takes_nothing() {
    let range = estimate(&EstimateInput::default());
    assert_eq!(range.calls, 0);
    assert!(range.minutes_high.abs() < 1e-9 && range.credits_high.abs() < 1e-9);
}

#[test]
fn time_left_shrinks_as_calls_go_on_and_a_long_call_may_go_on() {
    let left = |waiting, going: &[f64]| {
        time_left(&TimeLeftInput {
            waiting,
            going: going.to_vec(),
            at_once: 2,
            seconds: vec![100.0, 110.0, 120.0, 130.0, 140.0],
            clock_per_second: 1.0,
        })
    };
    assert!(left(2, &[10.0, 10.0]).low_s > left(0, &[10.0, 10.0]).low_s);
    assert!(left(0, &[10.0]).high_s > left(0, &[90.0]).high_s);
    let overdue = left(0, &[600.0]);
    assert!(overdue.low_s.abs() < 1e-9 && overdue.high_s > 100.0);
    assert!(!overdue.assumed);
    assert!(time_left(&TimeLeftInput { waiting: 1, ..Default::default() }).assumed);
}
