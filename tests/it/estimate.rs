//! What is said before a launch, against what it then cost by the studio's own account.

use std::fmt::Write as _;

use engine::view::DraftBody;
use secrecy::SecretString;

use crate::support::{Ahead, KEY, Server, World, WorldOptions, chance};

/// Long enough for every call of a launch here, whatever waits for a place.
const LONGER_THAN_ANY: i64 = 3600;

#[tokio::test(flavor = "multi_thread")]
async fn the_true_credits_lie_in_the_range_that_was_shown() {
    let ahead = Ahead::default();
    let server = Server::ahead(&ahead, |config| {
        config.speed = 1.0;
        config.history = false;
    })
    .await;
    let options = WorldOptions { ahead: ahead.clone(), ..WorldOptions::default() };
    let world = World::connected_with(&server, options).await;
    // The account is read by a client of its own, not through the engine.
    let account = cekura::Client::new(cekura::ClientConfig {
        base_url: server.base_url.parse().unwrap(),
        key: SecretString::from(KEY),
        limits: cekura::Limits::default(),
        retry: cekura::RetryPolicy::never(),
        random: chance(1),
        user_agent: "account".to_owned(),
    })
    .unwrap();
    let balance =
        async || account.billing_info().await.unwrap().credits_remaining.expect("a balance");

    let random = chance(20_261_124);
    let draw = |below: usize| ((random() * below as f64) as usize).min(below - 1);
    let all = world.plan_of(20).await;
    let evaluators = world.engine.evaluators_list(all.agent).unwrap();
    let plan = || {
        let mut ids: Vec<i64> = evaluators.iter().map(|row| row.id).collect();
        let wanted = 2 + draw(4);
        while ids.len() > wanted {
            ids.swap_remove(draw(ids.len()));
        }
        let times = (1 + draw(2)).to_string();
        DraftBody { evaluators: ids, times, ..all.clone() }
    };

    let mut first = Vec::new();
    for _ in 0..50 {
        // Two plans may be the same by chance; not within ten minutes of each other.
        ahead.forward(660);
        let launch = world.place(&plan()).await;
        first.push(launch.result_id.expect("launched"));
    }
    ahead.forward(LONGER_THAN_ANY);
    world.engine.connection_retry().unwrap();
    for result in first {
        world.finished(result).await;
    }
    let mut inside = 0;
    let mut story = String::new();
    for at in 0..50 {
        let body = plan();
        let estimate = world.engine.plan_check(&body).unwrap().estimate.expect("an estimate");
        assert!(!estimate.assumed && estimate.learnt_from >= 100, "{estimate:?}");
        let before = balance().await;
        let launch = world.place(&body).await;
        ahead.forward(LONGER_THAN_ANY);
        world.engine.connection_retry().unwrap();
        let done = world.finished(launch.result_id.expect("launched")).await;
        assert_eq!(done.row.counts.in_progress, 0);
        let cost = before - balance().await;
        assert!(cost >= 0.0);
        let range = estimate.credits_low..=estimate.credits_high;
        let hit = range.contains(&cost);
        inside += u32::from(hit);
        // A range that holds everything would say nothing.
        assert!(estimate.credits_high <= 4.0 * estimate.credits_low.max(5.0), "{estimate:?}");
        writeln!(story, "{at}: {cost:.1} in {range:.1?}: {hit}").unwrap();
    }
    assert!(inside >= 40, "{inside} of 50 inside\n{story}");
    crate::support::figure(&format!("true credits inside the range: {inside} of 50"));
    server.stop().await;
}
