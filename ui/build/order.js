/**
 * The order of the modules in the bundle. gzip looks back 32 kB and no further, so it matters which
 * modules stand near each other; this order was found by trying (`npm run order`), and makes the zipped
 * page 1 % smaller than one by folders. It need not be kept up: a module that is not in it stands
 * behind the last one of its folder, and one that is gone is passed over.
 */
const measured = [
  'words/checks.js', 'words/connection.js', 'words/new-run.js', 'words/plans.js', 'words/welcome.js', 'words/settings.js', 'words/notices.js',
  'words/call.js', 'words/errors.js', 'words/result.js', 'words/table.js', 'data/results-list.js', 'data/waits.js', 'data/keys.js',
  'data/settings.js', 'data/connection.js', 'data/launches.js', 'data/told.js', 'data/catalogue.js', 'data/plans.js', 'data/notices.js',
  'words/launches.js', 'data/notes.js', 'panels/result/model.js', 'data/drafts.js', 'data/narrow.js', 'words/outcomes.js', 'data/live.js',
  'parts/task.js', 'panels/call/find.js', 'data/mistakes.js', 'panels/call/wave.js', 'parts/announce.js', 'data/app.js', 'parts/rows.js',
  'data/window.js', 'parts/json-field.js', 'parts/menu.js', 'panels/result/callouts.js', 'panels/call/player.js', 'data/results.js',
  'panels/call/transcript.js', 'parts/mark.js', 'panels/result/ask.js', 'parts/slice.js', 'panels/result/keys.js', 'panels/result.js',
  'panels/call/human.js', 'parts/banner.js', 'panels/closing.js', 'words/results.js', 'panels/new-run/evaluator-dialog.js', 'words/text.js',
  'words/why.js', 'panels/new-run/review.js', 'words/common.js', 'panels/call/judgement.js', 'panels/new-run/evaluator-list.js',
  'panels/result/overview.js', 'parts/states.js', 'words/format.js', 'panels/new-run/messages.js', 'data/feed.js', 'parts/question.js',
  'panels/launch-card.js', 'parts/set-style.js', 'parts/copy.js', 'panels/replacing.js', 'parts/bar.js', 'parts/glyph.js', 'host/host.js',
  'panels/result/tables.js', 'panels/results.js', 'panels/call.js', 'data/calls.js', 'panels/new-run.js', 'panels/result/filters.js',
  'panels/settings.js', 'parts/screen.js', 'panels/welcome.js', 'parts/text.js', 'parts/dialog.js', 'panels/new-run/keep-plan.js',
  'panels/new-run/open-plan.js', 'panels/plans.js', 'panels/new-run/plan-column.js', 'parts/light.js', 'data/all.js',
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
