//! Where things are and what the environment asks for.

use std::path::{Path, PathBuf};

/// Where the ledger lives, for tests and for people who keep several set-ups apart.
pub(crate) const DATA_DIR: &str = "LINECHECK_DATA_DIR";
/// How many times faster than life practice calls go.
pub(crate) const PRACTICE_SPEED: &str = "LINECHECK_PRACTICE_SPEED";

/// Thirty times faster than life unless told otherwise: a call of two minutes takes four seconds.
const USUAL_SPEED: f64 = 30.0;

/// The data folder asked for in the environment.
pub(crate) fn data_dir_asked() -> Option<PathBuf> {
    std::env::var_os(DATA_DIR).filter(|dir| !dir.is_empty()).map(PathBuf::from)
}

/// How fast practice calls go.
pub(crate) fn practice_speed() -> f64 {
    speed_of(std::env::var(PRACTICE_SPEED).ok().as_deref())
}

fn speed_of(text: Option<&str>) -> f64 {
    text.and_then(|text| text.trim().parse().ok())
        .filter(|speed: &f64| speed.is_finite() && *speed > 0.0)
        .unwrap_or(USUAL_SPEED)
}

/// A name for the data folder that can be part of a D-Bus name: it may neither hold a path nor
/// begin with a digit.
pub(crate) fn instance_id(identifier: &str, data_dir: Option<&Path>) -> String {
    match data_dir {
        None => identifier.to_owned(),
        Some(dir) => {
            let whole = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
            let folder = fingerprint(whole.as_os_str().as_encoded_bytes()).simple().to_string();
            format!("{identifier}.d{folder}")
        }
    }
}

/// FNV-1a, 128 bits: told apart, not kept secret (G. Fowler, L. C. Noll, K.-P. Vo, RFC 9923).
pub(crate) fn fingerprint(bytes: &[u8]) -> uuid::Uuid {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash =
        bytes.iter().fold(OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME));
    uuid::Uuid::from_u128(hash)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{instance_id, speed_of};

    #[test]
    fn a_speed_that_is_none_is_the_usual_one() {
        assert!((speed_of(Some("600")) - 600.0).abs() < f64::EPSILON);
        for text in [None, Some(""), Some("fast"), Some("-1"), Some("0"), Some("inf")] {
            assert!((speed_of(text) - 30.0).abs() < f64::EPSILON, "{text:?}");
        }
    }

    #[test]
    fn each_data_folder_is_an_instance_of_its_own() {
        let usual = instance_id("dev.linecheck.desktop", None);
        let one = instance_id("dev.linecheck.desktop", Some(Path::new("/tmp/one")));
        let other = instance_id("dev.linecheck.desktop", Some(Path::new("/tmp/other")));
        assert_eq!(usual, "dev.linecheck.desktop");
        assert_ne!(one, other);
        assert!(one.starts_with("dev.linecheck.desktop.d"));
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.'));
    }
}
