//! How much memory a program and all it started take, and how much it reads.

use std::collections::BTreeMap;
use std::fs;

use crate::support::Shown;

/// Proportional shares (PSS), in MiB: pages that processes share are counted once between them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weight {
    /// Of all processes.
    pub(crate) all: f64,
    /// Of the program itself.
    pub(crate) own: f64,
    /// Of those that draw the page.
    pub(crate) web: f64,
}

/// The weight of the process `pid` and of everything below it.
pub(crate) fn weigh(pid: u32) -> Shown<Weight> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(child) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok())
        else {
            continue;
        };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name before it may hold spaces and brackets.
        let after = stat.rsplit(") ").next().unwrap_or_default();
        if let Some(parent) = after.split(' ').nth(1).and_then(|text| text.parse::<u32>().ok()) {
            parents.insert(child, parent);
        }
    }
    let is_below = |mut child: u32| {
        loop {
            if child == pid {
                return true;
            }
            match parents.get(&child) {
                Some(parent) => child = *parent,
                None => return false,
            }
        }
    };
    let mut weight = Weight { all: 0.0, own: 0.0, web: 0.0 };
    for child in parents.keys().filter(|child| is_below(**child)) {
        let mib = share(*child).unwrap_or_default();
        weight.all += mib;
        if *child == pid {
            weight.own = mib;
        }
        let name = fs::read_to_string(format!("/proc/{child}/comm")).unwrap_or_default();
        if name.starts_with("WebKitWebProces") {
            weight.web += mib;
        }
    }
    Ok(weight)
}

fn share(pid: u32) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find(|line| line.starts_with("Pss:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}

/// What a program has read so far, in MiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read {
    /// It asked for.
    pub(crate) asked: f64,
    /// Came from the disk. Less than was asked for where the system still had it.
    pub(crate) disk: f64,
}

/// What the process `pid` has read.
pub(crate) fn read_by(pid: u32) -> Shown<Read> {
    let told = fs::read_to_string(format!("/proc/{pid}/io"))?;
    let mib = |name: &str| -> Shown<f64> {
        let line = told.lines().find_map(|line| line.strip_prefix(name));
        let bytes: u64 = line.ok_or_else(|| format!("no {name} of {pid}"))?.trim().parse()?;
        Ok(bytes as f64 / 1024.0 / 1024.0)
    };
    Ok(Read { asked: mib("rchar:")?, disk: mib("read_bytes:")? })
}
