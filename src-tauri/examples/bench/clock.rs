//! Figures out of repeated measurements.

/// The middle one.
pub(crate) fn median(values: &[f64]) -> f64 {
    at(values, 0.5)
}

/// The largest.
pub(crate) fn worst(values: &[f64]) -> f64 {
    at(values, 1.0)
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The value below which a share of all lies; not a number when there is none.
pub(crate) fn at(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((last * share).round() as usize).copied().unwrap_or(f64::NAN)
}
