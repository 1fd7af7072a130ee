/**
 * The frame of a screen: head with title, line and buttons, and the body below.
 *
 *     screen({ title: 'Results', sub: '…', actions: html`<a class="btn" href="#/new">New run</a>`, body: html`…` })
 *
 * The title holds the focus after a change of screen (app.js), so it is read out.
 */
import { html, nothing } from 'lit/html.js';

/** @param {{ title: unknown, sub?: unknown, actions?: unknown, body: unknown, plain?: boolean }} parts */
export const screen = ({ title, sub = nothing, actions = nothing, body, plain = false }) => html`
  <header class="screen-head">
    <div class="screen-title"><h1 tabindex="-1">${title}</h1>${sub === nothing ? nothing : html`<div class="sub">${sub}</div>`}</div>
    ${actions === nothing ? nothing : html`<div class="screen-actions">${actions}</div>`}
  </header>
  <div class=${plain ? 'screen-body plain' : 'screen-body'}>${body}</div>`;
