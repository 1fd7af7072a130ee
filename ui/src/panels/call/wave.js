/**
 * Loudness of the two sides of a call over time: from the file, thinned to what a screen can show,
 * and where both are silent. Pure.
 */

/** @typedef {{ agent: ReadonlyArray<number>, caller: ReadonlyArray<number> }} Lanes loudness, 0 to 1 */

/** A place quieter than this is silence. Speech over a line is well above it. */
const QUIET = 0.025;
/** Seconds of silence worth skipping. */
const WORTH = 1.2;
/** Seconds of it that are kept before somebody speaks again, so that no beginning is cut. */
const LEAD = 0.25;

/** @param {unknown} value */
const loudness = (value) => (typeof value === 'number' && Number.isFinite(value) ? Math.min(1, Math.abs(value)) : 0);

/**
 * The loudest of each stretch, so that a lane of any length fits its width.
 * @param {ArrayLike<number>} values @param {number} count
 * @returns {Array<number>}
 */
export function peaks(values, count) {
  const out = new Array(Math.max(0, Math.min(count, values.length))).fill(0);
  for (let at = 0; at < out.length; at += 1) {
    const from = Math.floor((at * values.length) / out.length);
    const to = Math.max(from + 1, Math.floor(((at + 1) * values.length) / out.length));
    // Of a long stretch a few hundred samples tell enough.
    const step = Math.max(1, Math.floor((to - from) / 400));
    let top = 0;
    for (let index = from; index < to; index += step) top = Math.max(top, loudness(values[index]));
    out[at] = top;
  }
  return out;
}

/**
 * Lanes of a decoded recording. With one channel both sides are on it, and it is drawn as the agent's.
 * @param {{ numberOfChannels: number, getChannelData(channel: number): Float32Array }} sound
 * @param {number | null} callerChannel
 * @param {number} [count]
 * @returns {Lanes}
 */
export function lanesOf(sound, callerChannel, count = 1200) {
  if (sound.numberOfChannels < 2) return { agent: peaks(sound.getChannelData(0), count), caller: [] };
  // Where nobody says which is which, the first is taken for the caller's.
  const caller = callerChannel === 1 ? 1 : 0;
  return { agent: peaks(sound.getChannelData(caller === 1 ? 0 : 1), count), caller: peaks(sound.getChannelData(caller), count) };
}

/**
 * Stretches in which nobody speaks and that are worth skipping, in seconds; each ends a little
 * before somebody speaks again.
 * @param {Lanes} lanes @param {number} seconds
 * @returns {Array<[number, number]>}
 */
export function silences(lanes, seconds) {
  const count = Math.max(lanes.agent.length, lanes.caller.length);
  if (count === 0 || !(seconds > 0)) return [];
  const unit = seconds / count;
  const at = (/** @type {ReadonlyArray<number>} */ lane, /** @type {number} */ index) => loudness(lane[Math.floor((index * lane.length) / count)]);
  /** @type {Array<[number, number]>} */
  const found = [];
  let from = -1;
  for (let index = 0; index <= count; index += 1) {
    const quiet = index < count && at(lanes.agent, index) < QUIET && at(lanes.caller, index) < QUIET;
    if (quiet && from < 0) from = index;
    if (!quiet && from >= 0) {
      const end = index === count ? seconds : index * unit - LEAD;
      if (end - from * unit >= WORTH) found.push([from * unit, end]);
      from = -1;
    }
  }
  return found;
}

/** Where to go on from here, when this is within a silence. @param {ReadonlyArray<[number, number]>} ranges @param {number} now */
export function skipTo(ranges, now) {
  // A moment of it is heard, so that a jump is not taken for a fault.
  const hit = ranges.find(([from, to]) => now >= from + 0.35 && now < to - 0.05);
  return hit ? hit[1] : null;
}

/**
 * Draws both lanes: the agent above, the caller below.
 * @param {CanvasRenderingContext2D} on
 * @param {Lanes} lanes
 * @param {{ width: number, height: number, share: number, played: string, rest: string, now: string }} look `share` of the call that has been heard, 0 to 1
 */
export function draw(on, lanes, { width, height, share, played, rest, now }) {
  on.clearRect(0, 0, width, height);
  const count = Math.max(1, Math.floor(width / 3));
  const middle = height / 2;
  const room = middle - 4;
  const lane = (/** @type {ReadonlyArray<number>} */ values, /** @type {boolean} */ up) => {
    if (values.length === 0) return;
    const shown = peaks(values, count);
    const top = Math.max(0.05, ...shown);
    const step = width / shown.length;
    shown.forEach((value, at) => {
      const tall = Math.max(1, (value / top) * room);
      on.fillStyle = at / shown.length < share ? played : rest;
      on.fillRect(at * step, up ? middle - 1 - tall : middle + 1, Math.max(1, step - 1), tall);
    });
  };
  lane(lanes.agent, true);
  lane(lanes.caller, false);
  if (share > 0) {
    on.fillStyle = now;
    on.fillRect(Math.min(width - 1.5, share * width), 0, 1.5, height);
  }
}

/** The kind of sound a file holds, by its first bytes; empty when it is none that is known. @param {ArrayBuffer} bytes */
export function soundKind(bytes) {
  const head = new Uint8Array(bytes, 0, Math.min(12, bytes.byteLength));
  const text = String.fromCharCode(...head);
  if (text.startsWith('RIFF')) return 'audio/wav';
  if (text.startsWith('OggS')) return 'audio/ogg';
  if (text.startsWith('fLaC')) return 'audio/flac';
  if (text.startsWith('ID3') || (head[0] === 0xff && (head[1] & 0xe0) === 0xe0)) return 'audio/mpeg';
  if (text.slice(4, 8) === 'ftyp') return 'audio/mp4';
  if (head[0] === 0x1a && head[1] === 0x45 && head[2] === 0xdf && head[3] === 0xa3) return 'audio/webm';
  return '';
}
