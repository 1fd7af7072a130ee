//! How long calls usually are.

/// The usual length of some calls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    /// The median, seconds.
    pub median_s: f64,
    /// One in ten is shorter, seconds.
    pub low_s: f64,
    /// One in ten is longer, seconds.
    pub high_s: f64,
    /// How many calls this is learnt from.
    pub n: usize,
}

/// The usual length; `None` without a single usable duration.
pub fn usual_length(seconds: &[f64]) -> Option<Usual> {
    let _ = seconds;
    None
}
