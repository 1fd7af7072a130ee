//! Recordings: not speech, but sound where speech is, so that players and waveforms have
//! something true to show.

use super::talk::{Turn, Voice};
use crate::chance::Chance;

/// Samples a second on each channel: the rate of telephones.
pub(crate) const RATE: u32 = 8000;
/// The caller is on the left, which is channel 0; the agent on the right.
pub(crate) const CALLER_CHANNEL: usize = 0;
const AGENT_CHANNEL: usize = 1;
/// How many amplitudes a waveform has.
const BARS: usize = 400;
const HEADER: usize = 44;

fn channel(voice: &Voice) -> Option<usize> {
    match voice {
        Voice::Caller => Some(CALLER_CHANNEL),
        Voice::Agent => Some(AGENT_CHANNEL),
        Voice::ToolCall(_) | Voice::ToolResult(_) => None,
    }
}

/// A stereo WAV of 16-bit samples, `rate` a second: a voice-like hum with a syllable's rhythm where
/// a turn is, faint noise elsewhere.
pub(crate) fn wav(seed: u64, run: i64, turns: &[Turn], seconds: f64, rate: u32) -> Vec<u8> {
    let frames = (seconds.max(0.1) * f64::from(rate)) as usize;
    let mut bytes = header(frames, rate);
    bytes.resize(HEADER + frames * 4, 0);
    let mut noise = Chance::of(seed, &[85, run as u64]);
    for frame in bytes[HEADER..].chunks_exact_mut(4) {
        let hiss = noise.next();
        frame[..2].copy_from_slice(&((hiss & 0x1f) as i16 - 16).to_le_bytes());
        frame[2..].copy_from_slice(&(((hiss >> 8) & 0x1f) as i16 - 16).to_le_bytes());
    }
    for turn in turns {
        let Some(channel) = channel(&turn.voice) else { continue };
        let pitch = if channel == AGENT_CHANNEL { 190.0 } else { 120.0 };
        speak(&mut bytes[HEADER..], channel, turn, pitch, f64::from(rate));
    }
    bytes
}

fn speak(samples: &mut [u8], channel: usize, turn: &Turn, pitch: f64, rate: f64) {
    let from = (turn.start_s * rate) as usize;
    let to = ((turn.end_s * rate) as usize).min(samples.len() / 4);
    for at in from..to {
        let time = at as f64 / rate;
        let into = (at - from) as f64 / rate;
        // About four syllables a second, and an edge of 20 ms so that nothing clicks.
        let rhythm = 0.55 + 0.45 * (into * 4.3 * std::f64::consts::TAU).sin();
        let edge = (into / 0.02).min((to - at) as f64 / rate / 0.02).min(1.0);
        let melody = pitch * (1.0 + 0.06 * (into * 1.7).sin());
        let phase = time * melody * std::f64::consts::TAU;
        let tone = 0.6 * phase.sin() + 0.25 * (2.0 * phase).sin() + 0.15 * (5.0 * phase).sin();
        let sample = (tone * rhythm * edge * 9000.0) as i16;
        let place = at * 4 + channel * 2;
        samples[place..place + 2].copy_from_slice(&sample.to_le_bytes());
    }
}

/// RIFF header of a PCM file with two channels of 16 bits.
fn header(frames: usize, rate: u32) -> Vec<u8> {
    let data = (frames * 4) as u32;
    let mut bytes = Vec::with_capacity(HEADER);
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(36 + data).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    bytes.extend_from_slice(&16_u32.to_le_bytes());
    bytes.extend_from_slice(&1_u16.to_le_bytes());
    bytes.extend_from_slice(&2_u16.to_le_bytes());
    bytes.extend_from_slice(&rate.to_le_bytes());
    bytes.extend_from_slice(&(rate * 4).to_le_bytes());
    bytes.extend_from_slice(&4_u16.to_le_bytes());
    bytes.extend_from_slice(&16_u16.to_le_bytes());
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&data.to_le_bytes());
    bytes
}

/// Amplitudes from 0 to 1, caller and agent.
pub(crate) fn waveform(turns: &[Turn], seconds: f64) -> [Vec<f64>; 2] {
    let mut lanes = [vec![0.01; BARS], vec![0.01; BARS]];
    if seconds <= 0.0 {
        return lanes;
    }
    for turn in turns {
        let Some(channel) = channel(&turn.voice) else { continue };
        let from = (turn.start_s / seconds * BARS as f64) as usize;
        let to = ((turn.end_s / seconds * BARS as f64).ceil() as usize).min(BARS);
        for (at, bar) in lanes[channel].iter_mut().enumerate().take(to).skip(from) {
            let mut chance = Chance::of(at as u64, &[86, channel as u64]);
            *bar = (chance.between(0.3, 0.9) * 1000.0).round() / 1000.0;
        }
    }
    lanes
}
