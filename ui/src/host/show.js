/** Shows the window, for a page that could not load the host: stands alone and never throws. */
export const showWindow = () => {
  const door = /** @type {{ __TAURI_INTERNALS__?: { invoke(name: string): Promise<unknown> } }} */ (globalThis).__TAURI_INTERNALS__;
  door?.invoke('window_ready').catch(() => {});
};
