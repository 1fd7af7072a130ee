/** The sign of Linecheck. */
import { html } from 'lit/html.js';

export const mark = () => html`<div class="mark" aria-hidden="true"><svg width="26" height="26" viewBox="0 0 26 26" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"><path d="M3 13h3l2-6 4 13 4-16 3 9h4"></path></svg></div>`;
