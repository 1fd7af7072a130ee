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

/// The usual length; `None` without a single usable duration. Zero, negative and non-finite
/// durations are no calls and are left out.
///
/// Quantiles are linear between order statistics (type 7 of Hyndman and Fan, 1996).
pub fn usual_length(seconds: &[f64]) -> Option<Usual> {
    let mut usable = usable(seconds);
    if usable.is_empty() {
        return None;
    }
    usable.sort_by(f64::total_cmp);
    Some(Usual {
        median_s: quantile(&usable, 0.5),
        low_s: quantile(&usable, 0.1),
        high_s: quantile(&usable, 0.9),
        n: usable.len(),
    })
}

/// The durations that can have been calls.
pub(crate) fn usable(seconds: &[f64]) -> Vec<f64> {
    seconds.iter().copied().filter(|one| one.is_finite() && *one > 0.0).collect()
}

/// Of sorted values, at least one.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = q * (sorted.len() - 1) as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (at - at.floor())
}

#[cfg(test)]
mod tests {
    use super::usual_length;

    #[test]
    fn a_usual_length_is_the_median_and_the_outer_tenths() {
        let seconds: Vec<f64> = (1..=11).rev().map(|n| f64::from(n) * 10.0).collect();
        let usual = usual_length(&seconds)
            .map(|usual| (usual.median_s, usual.low_s, usual.high_s, usual.n));
        assert_eq!(usual, Some((60.0, 20.0, 100.0, 11)));
    }

    #[test]
    fn a_single_call_is_its_own_usual_length() {
        let usual = usual_length(&[42.0]).map(|one| (one.median_s, one.low_s, one.high_s, one.n));
        assert_eq!(usual, Some((42.0, 42.0, 42.0, 1)));
    }

    #[test]
    fn what_cannot_be_a_length_is_left_out() {
        assert_eq!(usual_length(&[]), None);
        assert_eq!(usual_length(&[0.0, -3.0, f64::NAN, f64::INFINITY]), None);
        assert_eq!(usual_length(&[0.0, 30.0, f64::NAN]).map(|usual| usual.n), Some(1));
    }
}
