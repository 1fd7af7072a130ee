//! Recordings made lighter, for windows that cannot play large ones. Pure.

/// Samples a second that speech is made lighter to, the better first: what wideband telephony
/// (G.722) and ordinary telephony (G.711) have.
const RATES: [u32; 2] = [16_000, 8_000];
/// The formats of a WAV: whole numbers, floating point, and "told in the extension".
const PCM: u16 = 1;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xfffe;
const HEADER: usize = 44;
/// A call has two sides; a file of more channels than this is no recording of one.
const MOST_CHANNELS: u16 = 8;

/// The same sound as a WAV of 16-bit samples with at most `most` bytes: all of its channels, all of
/// its length, at the better of two rates that fits. `None` where neither does, and for what is not
/// a WAV of plain samples.
///
/// Each sample is the mean of those it stands for, a part of one counting as that part: that keeps
/// what lies above the new rate from being heard as something else, and needs no filter.
pub(crate) fn lighter(wav: &[u8], most: usize) -> Option<Vec<u8>> {
    let sound = Sound::of(wav)?;
    let rates = RATES.into_iter().map(|rate| rate.min(sound.rate));
    let rate = rates.into_iter().find(|rate| sound.size_at(*rate) <= most)?;
    Some(sound.at(rate))
}

/// A WAV, taken apart.
struct Sound<'a> {
    format: u16,
    channels: u16,
    rate: u32,
    /// Bytes of one sample.
    width: usize,
    samples: &'a [u8],
}

impl<'a> Sound<'a> {
    fn of(wav: &'a [u8]) -> Option<Self> {
        let mut rest = wav.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WAVE")?;
        let mut form = None;
        while let Some((head, body)) = rest.split_at_checked(8) {
            let length = number(head.get(4..)?)? as usize;
            if let (b"data", Some(form)) = (&head[..4], form) {
                // One that was written as it came tells no length, or too large a one.
                let length = if length == 0 { body.len() } else { length.min(body.len()) };
                return Self::with(form, &body[..length]);
            }
            if &head[..4] == b"fmt " {
                form = Some(body.get(..length)?);
            }
            // Chunks begin at even places.
            rest = body.get(length.checked_next_multiple_of(2)?..)?;
        }
        None
    }

    fn with(form: &[u8], samples: &'a [u8]) -> Option<Self> {
        let short = |at: usize| Some(u16::from_le_bytes(form.get(at..at + 2)?.try_into().ok()?));
        let format = match short(0)? {
            EXTENSIBLE => short(24)?,
            plain => plain,
        };
        let (channels, rate, bits) = (short(2)?, number(form.get(4..8)?)?, short(14)?);
        let is_read = matches!((format, bits), (PCM, 8 | 16 | 24 | 32) | (FLOAT, 32));
        let width = usize::from(bits / 8);
        (is_read && (1..=MOST_CHANNELS).contains(&channels) && rate > 0).then_some(Self {
            format,
            channels,
            rate,
            width,
            samples,
        })
    }

    /// Bytes of all channels at one moment.
    fn frame(&self) -> usize {
        self.width * usize::from(self.channels)
    }

    fn frames(&self) -> usize {
        self.samples.len() / self.frame()
    }

    fn frames_at(&self, rate: u32) -> usize {
        (self.frames() as u128 * u128::from(rate) / u128::from(self.rate)) as usize
    }

    fn size_at(&self, rate: u32) -> usize {
        HEADER + self.frames_at(rate) * usize::from(self.channels) * 2
    }

    /// A sample, from -1 to 1.
    fn level(&self, sample: &[u8]) -> f32 {
        match *sample {
            [a] => (f32::from(a) - 128.0) / 128.0,
            [a, b] => f32::from(i16::from_le_bytes([a, b])) / 32_768.0,
            [a, b, c] => i32::from_le_bytes([0, a, b, c]) as f32 / 2_147_483_648.0,
            [a, b, c, d] if self.format == FLOAT => f32::from_le_bytes([a, b, c, d]),
            [a, b, c, d] => i32::from_le_bytes([a, b, c, d]) as f32 / 2_147_483_648.0,
            _ => 0.0,
        }
    }

    fn at(&self, rate: u32) -> Vec<u8> {
        let (from, to) = (u64::from(self.rate), u64::from(rate));
        let mut out = Vec::with_capacity(self.size_at(rate));
        self.head(&mut out, rate);
        let mut sums = vec![0.0_f32; usize::from(self.channels)];
        // In parts of a second that are whole for both rates, old frame `k` is `k * to..(k + 1) * to`.
        for frame in 0..self.frames_at(rate) as u64 {
            let (begin, end) = (frame * from, (frame + 1) * from);
            sums.fill(0.0);
            for old in begin / to..=(end - 1) / to {
                let share = ((old + 1) * to).min(end) - (old * to).max(begin);
                let place = old as usize * self.frame();
                let samples = self.samples[place..place + self.frame()].chunks_exact(self.width);
                for (sum, sample) in sums.iter_mut().zip(samples) {
                    *sum += self.level(sample) * share as f32;
                }
            }
            for sum in &sums {
                // A cast of floating point stays within the range of what it is cast to.
                let sample = (sum / from as f32 * 32_767.0).round() as i16;
                out.extend_from_slice(&sample.to_le_bytes());
            }
        }
        out
    }

    fn head(&self, out: &mut Vec<u8>, rate: u32) {
        let frame = self.channels * 2;
        let data = (self.size_at(rate) - HEADER) as u32;
        out.extend_from_slice(b"RIFF");
        out.extend_from_slice(&(data + 36).to_le_bytes());
        out.extend_from_slice(b"WAVEfmt ");
        out.extend_from_slice(&16_u32.to_le_bytes());
        out.extend_from_slice(&PCM.to_le_bytes());
        out.extend_from_slice(&self.channels.to_le_bytes());
        out.extend_from_slice(&rate.to_le_bytes());
        out.extend_from_slice(&(rate * u32::from(frame)).to_le_bytes());
        out.extend_from_slice(&frame.to_le_bytes());
        out.extend_from_slice(&16_u16.to_le_bytes());
        out.extend_from_slice(b"data");
        out.extend_from_slice(&data.to_le_bytes());
    }
}

fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]
mod tests {
    use proptest::prelude::*;

    use super::{EXTENSIBLE, FLOAT, HEADER, PCM, lighter};

    /// A WAV of two channels: a low tone on the left for the first half, on the right for the
    /// second.
    fn wav(format: u16, bits: u16, rate: u32, seconds: u32) -> Vec<u8> {
        let frames = rate * seconds;
        let frame = 2 * bits / 8;
        let mut form = Vec::new();
        let told = if format == EXTENSIBLE { PCM } else { format };
        for part in [format, 2] {
            form.extend_from_slice(&part.to_le_bytes());
        }
        form.extend_from_slice(&rate.to_le_bytes());
        form.extend_from_slice(&(rate * u32::from(frame)).to_le_bytes());
        form.extend_from_slice(&frame.to_le_bytes());
        form.extend_from_slice(&bits.to_le_bytes());
        if format == EXTENSIBLE {
            form.extend_from_slice(&[22, 0, bits as u8, 0, 3, 0, 0, 0]);
            form.extend_from_slice(&PCM.to_le_bytes());
            form.extend_from_slice(&[0; 14]);
        }
        let mut out = b"RIFF\0\0\0\0WAVEfmt ".to_vec();
        out.extend_from_slice(&(form.len() as u32).to_le_bytes());
        out.extend_from_slice(&form);
        // A chunk of an odd length before the samples.
        out.extend_from_slice(b"LIST\x03\0\0\0abc\0data");
        out.extend_from_slice(&(frames * u32::from(frame)).to_le_bytes());
        for at in 0..frames {
            let tone = level(f64::from(at) / f64::from(rate));
            let pair = if at < frames / 2 { [tone, 0.0] } else { [0.0, tone] };
            for level in pair {
                match (told, bits) {
                    (FLOAT, _) => out.extend_from_slice(&(level as f32).to_le_bytes()),
                    (_, 8) => out.push((level * 127.0 + 128.0) as u8),
                    (_, 16) => out.extend_from_slice(&((level * 32_767.0) as i16).to_le_bytes()),
                    (_, 24) => {
                        let whole = ((level * 8_388_607.0) as i32).to_le_bytes();
                        out.extend_from_slice(&whole[..3]);
                    }
                    _ => {
                        out.extend_from_slice(&((level * 2_147_483_647.0) as i32).to_le_bytes());
                    }
                }
            }
        }
        out
    }

    fn level(seconds: f64) -> f64 {
        0.5 * (seconds * 200.0 * std::f64::consts::TAU).sin()
    }

    /// Both channels, from -1 to 1.
    fn heard(wav: &[u8]) -> Vec<[f64; 2]> {
        let level = |bytes: &[u8]| f64::from(i16::from_le_bytes([bytes[0], bytes[1]])) / 32_767.0;
        wav[HEADER..].chunks_exact(4).map(|frame| [level(frame), level(&frame[2..])]).collect()
    }

    #[test]
    fn the_same_is_heard_at_the_same_time_on_the_same_side() {
        for (format, bits, rate) in [
            (PCM, 16, 48_000),
            (PCM, 24, 44_100),
            (PCM, 32, 48_000),
            (PCM, 8, 22_050),
            (FLOAT, 32, 96_000),
            (EXTENSIBLE, 16, 48_000),
        ] {
            let file = wav(format, bits, rate, 4);
            let light = lighter(&file, 16_000 * 4 * 4 + HEADER).unwrap();
            assert_eq!(light.len(), 16_000 * 4 * 4 + HEADER, "{bits} bits at {rate}");
            assert_eq!(light[24..28], 16_000_u32.to_le_bytes());
            assert_eq!(light[40..44], (16_000_u32 * 16).to_le_bytes());
            for (at, [left, right]) in heard(&light).into_iter().enumerate() {
                // The mean of what a sample stands for is the tone in its middle, and each of the old
                // ones was the tone at its beginning.
                let tone = level((at as f64 + 0.5) / 16_000.0 - 0.5 / f64::from(rate));
                let (on, off) = if at < 32_000 { (left, right) } else { (right, left) };
                let step = if bits == 8 { 0.02 } else { 0.01 };
                assert!((on - tone).abs() < step, "{bits} bits at {rate}: {at}: {on} {tone}");
                assert!(off.abs() < 0.01);
            }
        }
    }

    #[test]
    fn the_better_rate_that_fits_is_taken_and_none_where_none_does() {
        let file = wav(PCM, 16, 48_000, 2);
        let rate = |most: usize| {
            let light = lighter(&file, most)?;
            assert!(light.len() <= most);
            Some(u32::from_le_bytes(light[24..28].try_into().unwrap()))
        };
        assert_eq!(rate(16_000 * 8 + HEADER), Some(16_000));
        assert_eq!(rate(16_000 * 8 + HEADER - 1), Some(8_000));
        assert_eq!(rate(8_000 * 8 + HEADER), Some(8_000));
        assert_eq!(rate(8_000 * 8 + HEADER - 1), None);
        // A lower rate is kept; only the samples get smaller.
        let low = wav(PCM, 24, 11_025, 2);
        let light = lighter(&low, 11_025 * 8 + HEADER).unwrap();
        assert_eq!(light[24..28], 11_025_u32.to_le_bytes());
    }

    #[test]
    fn what_lies_above_the_new_rate_is_not_heard_as_something_else() {
        let mut file = wav(PCM, 16, 48_000, 1);
        let begins = file.len() - 48_000 * 4;
        for (at, frame) in file[begins..].chunks_exact_mut(4).enumerate() {
            // 16,000 Hz would be heard as a constant.
            let tone = (at as f64 / 3.0 * std::f64::consts::TAU).cos() * 20_000.0;
            frame[..2].copy_from_slice(&(tone as i16).to_le_bytes());
            frame[2..].copy_from_slice(&(tone as i16).to_le_bytes());
        }
        let light = lighter(&file, 80_000).unwrap();
        assert!(heard(&light).into_iter().flatten().all(|level| level.abs() < 0.01));
    }

    #[test]
    fn what_is_no_wav_of_plain_samples_is_left_alone() {
        for other in [&b"ID3\x03"[..], b"", b"RIFF", b"RIFF\0\0\0\0WAVEdata\x04\0\0\0abcd"] {
            assert_eq!(lighter(other, 1_000_000), None);
        }
        // The law of telephones: one byte a sample already.
        let mut law = wav(PCM, 8, 8_000, 1);
        law[20] = 7;
        assert_eq!(lighter(&law, 1_000_000), None);
        // A length that was never written in: the rest is the sound.
        let mut streamed = wav(PCM, 16, 48_000, 1);
        let place = streamed.windows(4).position(|name| name == b"data").unwrap() + 4;
        streamed[place..place + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(lighter(&streamed, 64_044).unwrap().len(), 64_044);
    }

    proptest! {
        #[test]
        fn broken_files_break_nothing(
            cut in 0_usize..400, at in 0_usize..60, with in any::<u8>(), most in 0_usize..2_000
        ) {
            let mut file = wav(PCM, 16, 48_000, 1);
            file.truncate(cut);
            if let Some(byte) = file.get_mut(at) {
                *byte = with;
            }
            if let Some(light) = lighter(&file, most) {
                prop_assert!(light.len() <= most);
            }
        }
    }
}
