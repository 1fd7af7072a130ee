/**
 * The order of the modules in the bundle. gzip looks back 32 kB and no further, so it matters which
 * modules stand near each other; this order was found by trying (`npm run order`), and makes the zipped
 * page 1 % smaller than one by folders. It need not be kept up: a module that is not in it stands
 * behind the last one of its folder, and one that is gone is passed over.
 */
const measured = [
  'words/checks.js', 'words/text.js', 'words/connection.js', 'words/settings.js', 'words/notices.js', 'words/plans.js', 'words/new-run.js',
  'words/call.js', 'words/result.js', 'data/results-list.js', 'data/waits.js', 'data/connection.js', 'data/launches.js', 'data/settings.js',
  'words/common.js', 'data/plans.js', 'data/mistakes.js', 'data/keys.js', 'data/catalogue.js', 'data/notices.js', 'host/host.js',
  'panels/result/model.js', 'words/format.js', 'parts/task.js', 'words/why.js', 'data/narrow.js', 'data/calls.js', 'words/launches.js',
  'parts/slice.js', 'data/notes.js', 'data/window.js', 'panels/call/find.js', 'parts/rows.js', 'parts/json-field.js', 'words/outcomes.js',
  'parts/copy.js', 'data/live.js', 'data/all.js', 'parts/menu.js', 'panels/call/wave.js', 'parts/text.js', 'parts/announce.js',
  'parts/set-style.js', 'panels/call/player.js', 'panels/call/transcript.js', 'panels/result/ask.js', 'parts/question.js',
  'panels/result/keys.js', 'parts/light.js', 'panels/call/human.js', 'data/drafts.js', 'panels/result.js', 'parts/mark.js', 'parts/states.js',
  'panels/closing.js', 'panels/new-run/review.js', 'panels/new-run/evaluator-list.js', 'panels/result/callouts.js', 'parts/banner.js',
  'parts/glyph.js', 'panels/new-run/messages.js', 'panels/results.js', 'panels/call.js', 'panels/new-run.js', 'panels/replacing.js',
  'panels/settings.js', 'data/feed.js', 'words/errors.js', 'panels/launch-card.js', 'panels/plans.js', 'parts/screen.js', 'parts/bar.js',
  'data/results.js', 'panels/result/overview.js', 'words/results.js', 'parts/dialog.js', 'panels/new-run/keep-plan.js', 'data/app.js',
  'words/welcome.js', 'panels/new-run/open-plan.js', 'panels/welcome.js', 'panels/result/filters.js', 'panels/result/tables.js',
  'panels/new-run/plan-column.js', 'panels/new-run/evaluator-dialog.js', 'panels/call/judgement.js', 'data/told.js',
];

/** @param {string} name */
const folder = (name) => name.slice(0, name.lastIndexOf('/') + 1);

/** The modules in the order in which they are imported first. @param {ReadonlyArray<string>} modules @returns {Array<string>} */
export function inOrder(modules) {
  const list = measured.filter((name) => modules.includes(name));
  for (const name of modules) {
    // The entries stand at the root, and import the others.
    if (list.includes(name) || folder(name) === '') continue;
    const last = list.findLastIndex((one) => folder(one) === folder(name));
    list.splice(last < 0 ? list.length : last + 1, 0, name);
  }
  return list;
}
