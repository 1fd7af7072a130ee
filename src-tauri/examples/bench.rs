//! Measures Linecheck beside a bare window, in one run on one machine. `cargo xtask bench` builds
//! both as released and calls it.

#[cfg(target_os = "linux")]
#[path = "../../tests/support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> support::Shown {
    bench::run().await
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod bench {
    use std::collections::BTreeMap;
    use std::fs;
    use std::io::Write;
    use std::time::{Duration, Instant};

    use crate::support::{Desktop, Keyring, Shown, Start, Window, amiss};

    /// Runs of each; the median counts.
    const RUNS: usize = 7;

    pub(crate) async fn run() -> Shown {
        let here = std::env::current_exe()?;
        let folder = here.parent().ok_or("an example lies in a folder")?;
        let bare = Start {
            program: Some(folder.join("bare-window")),
            data: "bare".to_owned(),
            ..Start::default()
        };
        let app = Start::default();
        let desktop = Desktop::start("bench", Keyring::Absent)?;
        // Both in turn, so that whatever else the machine does falls on both.
        let (mut starts, mut weights) = (BTreeMap::new(), BTreeMap::new());
        for _ in 0..=RUNS {
            for (name, start, ready) in [
                (
                    "bare window",
                    &bare,
                    "return document.body !== null && document.body.innerText.length > 0;",
                ),
                (
                    "Linecheck",
                    &app,
                    "return document.querySelector('[data-test=connect-practice]') !== null;",
                ),
            ] {
                let (took, weight) = once(&desktop, start, ready).await?;
                starts.entry(name).or_insert_with(Vec::new).push(took);
                weights.entry(name).or_insert_with(Vec::new).push(weight);
            }
        }
        let started = |name: &str| median(&starts[name][1..]);
        let weighed = |name: &str| median(&weights[name][1..]);
        report("start to first screen, ms", started("Linecheck"), started("bare window"), 1.3)?;
        report("memory of all processes, MiB", weighed("Linecheck"), weighed("bare window"), 1.25)
    }

    /// Milliseconds from the driver's start of the program to the screen being there, and MiB.
    async fn once(desktop: &Desktop, start: &Start, ready: &str) -> Shown<(f64, f64)> {
        let began = Instant::now();
        let window = desktop.open(start).await?;
        window.until("the first screen", ready).await?;
        let took = began.elapsed().as_secs_f64() * 1e3;
        // Web views give back memory for a while after they start.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let weight = weight(&window)?;
        window.close().await?;
        Ok((took, weight))
    }

    /// The proportional share of memory of the program and everything it started.
    fn weight(window: &Window) -> Shown<f64> {
        let Some(pid) = window.pid() else { return amiss("the program does not run") };
        let mut parents = BTreeMap::new();
        for entry in fs::read_dir("/proc")?.flatten() {
            let Some(child) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok())
            else {
                continue;
            };
            let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            // The name before it may hold spaces and brackets.
            let after = stat.rsplit(") ").next().unwrap_or_default();
            if let Some(parent) = after.split(' ').nth(1).and_then(|text| text.parse::<u32>().ok())
            {
                parents.insert(child, parent);
            }
        }
        let is_below = |mut child: u32| {
            while let Some(parent) = parents.get(&child) {
                if child == pid {
                    return true;
                }
                child = *parent;
            }
            false
        };
        let kib: u64 = parents
            .keys()
            .filter(|child| is_below(**child))
            .filter_map(|child| fs::read_to_string(format!("/proc/{child}/smaps_rollup")).ok())
            .filter_map(|text| {
                let line = text.lines().find(|line| line.starts_with("Pss:"))?.to_owned();
                line.split_whitespace().nth(1)?.parse::<u64>().ok()
            })
            .sum();
        Ok(kib as f64 / 1024.0)
    }

    fn median(values: &[f64]) -> f64 {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    fn report(what: &str, ours: f64, bare: f64, limit: f64) -> Shown {
        let ratio = ours / bare;
        writeln!(
            std::io::stdout(),
            "{what}: Linecheck {ours:.0}, bare window {bare:.0}, ratio {ratio:.2} (at most {limit})"
        )?;
        Ok(())
    }
}
