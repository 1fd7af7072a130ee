/** The last steps of the build, on what the bundler wrote. */

import { transform } from 'esbuild';
import { minify } from 'terser';

/**
 * A script in as few zipped bytes as there are. Terser knows more ways to say a thing with less, esbuild
 * gives the names at the top by how often they are used, and terser those within functions in an order
 * that repeats itself: each is worth a part of a percent, in this order of steps. Functions stay where
 * they are: put in place of their calls they are fewer bytes, but compress worse. What comes of it is ASCII:
 * a web view keeps any other script at two bytes a letter.
 * @param {string} code a module @param {import('esbuild').TransformOptions['target']} target
 */
export async function small(code, target) {
  const said = await minify(code, { module: true, ecma: 2020, mangle: false, compress: { passes: 2, inline: 0, reduce_funcs: false, lhs_constants: false } });
  const named = await transform(said.code ?? '', { minify: true, format: 'esm', target, legalComments: 'none' });
  // What Lit keeps to itself is named `_$AB`. All of Lit is in the one bundle, so these names may go.
  const done = await minify(named.code, { parse: { module: true }, compress: false, mangle: { toplevel: false, properties: { regex: /^_\$[A-Z]/, keep_quoted: true } } });
  // Terser would leave what stands in templates.
  return (done.code ?? '').replace(/[^\x00-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Gives the page's own properties of CSS, such as `--line-strong`, short names, in its stylesheet and in
 * the sheets within its script. One that is named otherwise than as `var(--name)` keeps its name.
 * @param {{ css: string, script: string, page: string }} texts
 * @returns {{ css: string, script: string }}
 */
export function shortProperties({ css, script, page }) {
  const elsewhere = new Set(`${script.replace(/var\(--[\w-]+\)/g, '')} ${page}`.match(/--[\w-]+/g));
  const names = [...new Set(css.match(/--[\w-]+(?=:)/g))].filter((name) => !elsewhere.has(name));
  const taken = new Set([...elsewhere, ...(css.match(/--[\w-]+/g) ?? [])]);
  let next = 10; // `a` in base 36
  const short = new Map(names.map((name) => {
    let made = '';
    do made = `--${(next++).toString(36)}`;
    while (taken.has(made));
    return [name, made];
  }));
  return {
    css: css.replace(/--[\w-]+/g, (name) => short.get(name) ?? name),
    script: script.replace(/(?<=var\()--[\w-]+(?=\))/g, (name) => short.get(name) ?? name),
  };
}
