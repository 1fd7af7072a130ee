/**
 * The order of the modules in the bundle. gzip looks back 32 kB and no further, so it matters which
 * modules stand near each other; this order was found by trying (`npm run order`), and makes the zipped
 * page 1 % smaller than one by folders. It need not be kept up: a module that is not in it stands
 * behind the last one of its folder, and one that is gone is passed over.
 */
const measured = [
  'words/format.js', 'words/checks.js', 'words/connection.js', 'words/settings.js', 'words/notices.js', 'words/plans.js', 'words/welcome.js',
  'words/new-run.js', 'words/call.js', 'words/result.js', 'data/results-list.js', 'data/waits.js', 'data/told.js', 'words/common.js',
  'data/connection.js', 'data/keys.js', 'data/launches.js', 'data/plans.js', 'data/settings.js', 'data/notes.js', 'panels/result/model.js',
  'data/mistakes.js', 'parts/slice.js', 'data/app.js', 'data/catalogue.js', 'data/window.js', 'words/text.js', 'data/notices.js',
  'parts/task.js', 'panels/call/find.js', 'panels/call/wave.js', 'data/narrow.js', 'parts/rows.js', 'parts/json-field.js', 'parts/menu.js',
  'data/feed.js', 'parts/states.js', 'data/all.js', 'parts/text.js', 'parts/announce.js', 'panels/result/callouts.js', 'panels/call/player.js',
  'data/results.js', 'panels/call/transcript.js', 'parts/glyph.js', 'data/live.js', 'panels/result/ask.js', 'panels/call/human.js',
  'panels/replacing.js', 'panels/result/keys.js', 'panels/result.js', 'parts/mark.js', 'panels/closing.js',
  'panels/new-run/evaluator-dialog.js', 'panels/new-run/review.js', 'panels/new-run/evaluator-list.js', 'parts/light.js', 'words/results.js',
  'panels/new-run/messages.js', 'panels/results.js', 'panels/result/overview.js', 'panels/new-run/keep-plan.js', 'parts/question.js',
  'panels/result/tables.js', 'host/host.js', 'panels/new-run.js', 'panels/settings.js', 'words/errors.js', 'panels/result/filters.js',
  'data/drafts.js', 'panels/plans.js', 'words/why.js', 'panels/call/judgement.js', 'panels/new-run/open-plan.js', 'panels/launch-card.js',
  'parts/banner.js', 'parts/copy.js', 'words/launches.js', 'panels/call.js', 'panels/welcome.js', 'parts/bar.js',
  'panels/new-run/plan-column.js', 'parts/screen.js', 'parts/dialog.js', 'data/calls.js', 'words/outcomes.js', 'words/table.js',
  'parts/set-style.js',
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
