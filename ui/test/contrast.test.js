// Every text colour against every surface it may stand on: 4.5:1 (WCAG 2.2, 1.4.3), and 3:1 for
// the edges of controls and the segments of bars (1.4.11).
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const css = await readFile(new URL('../src/style/tokens.css', import.meta.url), 'utf8');
const [lightText, darkText] = css.split('@media (prefers-color-scheme: dark)');

/** @param {string} text */
const colours = (text) => Object.fromEntries([...text.matchAll(/--([\w-]+):(#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
const light = colours(lightText);
const themes = { light, dark: { ...light, ...colours(darkText) } };

/** Relative luminance, WCAG 2.2. @param {string} hex */
function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
/** @param {string} a @param {string} b */
function ratio(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const surfaces = ['bg', 'panel', 'rail', 'hover', 'accent-soft'];
const outcomes = ['pass', 'fail', 'lost', 'look', 'wait'];
const text = [
  ...['ink', 'ink-2', 'ink-3', 'accent'].flatMap((ink) => surfaces.map((on) => [ink, on])),
  ...['ink', 'ink-2'].flatMap((ink) => outcomes.map((one) => [ink, `${one}-soft`])),
  ...outcomes.flatMap((one) => [`${one}-soft`, 'panel', 'bg', 'hover', 'accent-soft'].map((on) => [one, on])),
  ['accent-ink', 'accent'],
];
const shapes = [['edge', 'panel'], ['edge', 'bg'], ...outcomes.map((one) => [`${one}-bar`, 'panel'])];

for (const [theme, tokens] of Object.entries(themes)) {
  test(`text is readable in the ${theme} theme`, () => {
    for (const [ink, on] of text) {
      assert.ok(ratio(tokens[ink], tokens[on]) >= 4.5, `${ink} on ${on}: ${ratio(tokens[ink], tokens[on]).toFixed(2)}`);
    }
  });
  test(`edges and bars can be seen in the ${theme} theme`, () => {
    for (const [ink, on] of shapes) {
      assert.ok(ratio(tokens[ink], tokens[on]) >= 3, `${ink} on ${on}: ${ratio(tokens[ink], tokens[on]).toFixed(2)}`);
    }
  });
}
