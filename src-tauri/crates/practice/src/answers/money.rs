//! Pretend credits: a balance that falls with the minutes and checks of the calls made.

use serde_json::{Value, json};

use super::{View, stamp};
use crate::calls::judge;
use crate::calls::schedule::Stage;
use crate::world::ORGANISATION;

/// Credits for a minute of voice: the vendor's published rate.
const PER_MINUTE: f64 = 5.0;
/// Credits at the beginning.
const INITIAL: f64 = 50_000.0;
const DAY_MS: i64 = 86_400_000;

impl View<'_> {
    /// Credits used by everything up to a moment.
    pub(crate) fn used(&self, until: i64) -> f64 {
        let mut used = 0.0;
        for call in self.plan.results.iter().flat_map(|planned| &planned.calls) {
            if !call.times.has_ended(until) {
                continue;
            }
            used += PER_MINUTE * call.times.talked_s(&call.fate, until) / 60.0;
            if call.times.stage(until) == Stage::Over {
                used += judge::credits(self.scenario_of(call).0, &call.fate);
            }
        }
        used
    }

    /// What the organisation started with. A large world gets more to spend.
    fn initial(&self) -> f64 {
        if self.world.scenarios.len() > 1000 { INITIAL * 20.0 } else { INITIAL }
    }

    /// Credits left.
    pub(crate) fn remaining(&self) -> f64 {
        match self.book.balance {
            Some((at, credits)) => credits - (self.used(self.now) - self.used(at.as_millisecond())),
            None => self.initial() - self.used(self.now),
        }
    }

    /// `GET /test_framework/billing/info/`: decimals are texts.
    pub(crate) fn billing(&self, parallel: u32) -> Value {
        let began = self.book.began().as_millisecond();
        let (created, expires) = (began - 200 * DAY_MS, began + 165 * DAY_MS);
        let decimal = |credits: f64| format!("{credits:.2}");
        json!({
            "organization": ORGANISATION,
            "credits_remaining": decimal(self.remaining()),
            "credits_used": decimal(self.used(self.now)),
            "initial_balance": decimal(self.initial()),
            "balance_expiry": stamp(expires),
            "subscription_status": {
                "status": "active",
                "is_active": true,
                "is_trial": false,
                "pack_name": "Practice",
                "expire_at": stamp(expires),
                "last_payment_at": stamp(created),
                "days_until_expiry": (expires - self.now) / DAY_MS,
                "created_at": stamp(created),
                "pack": {
                    "name": "Practice",
                    "max_concurrent_runs_limit": parallel,
                    "max_concurrent_chat_runs_limit": parallel,
                    "max_agents_limit": -1,
                    "max_members_limit": 5,
                    "max_projects_limit": 5,
                    "billing_type": "subscription",
                    "subscription_overage": "-1.00",
                },
            },
            "created_at": stamp(created),
            "updated_at": stamp(self.now),
        })
    }

    /// Credits a launch needs at the least: one minute a call. The vendor does not say how it
    /// decides that a balance is too low.
    pub(crate) fn least(calls: usize) -> f64 {
        calls as f64 * PER_MINUTE
    }
}
