/**
 * The order of the modules in the bundle. gzip looks back 32 kB and no further, so it matters which
 * modules stand near each other; this order was found by trying (`npm run order`), and makes the zipped
 * page 1 % smaller than one by folders. It need not be kept up: a module that is not in it stands
 * behind the last one of its folder, and one that is gone is passed over.
 */
const measured = [
  'words/checks.js', 'words/connection.js', 'words/settings.js', 'words/new-run.js', 'words/outcomes.js', 'words/notices.js', 'words/plans.js',
  'words/call.js', 'words/result.js', 'data/results-list.js', 'data/waits.js', 'data/connection.js', 'data/launches.js', 'data/feed.js',
  'data/settings.js', 'panels/call/find.js', 'data/calls.js', 'data/app.js', 'data/plans.js', 'data/keys.js', 'data/catalogue.js', 'data/notices.js',
  'words/results.js', 'words/common.js', 'host/host.js', 'parts/task.js', 'parts/slice.js', 'panels/result/model.js', 'data/live.js', 'data/narrow.js',
  'data/mistakes.js', 'words/why.js', 'data/notes.js', 'parts/rows.js', 'parts/copy.js', 'panels/call/wave.js', 'parts/json-field.js',
  'panels/call/player.js', 'panels/call/transcript.js', 'panels/result/ask.js', 'parts/mark.js', 'parts/light.js', 'panels/result/keys.js',
  'parts/menu.js', 'panels/result/callouts.js', 'parts/set-style.js', 'parts/announce.js', 'panels/call/judgement.js', 'words/launches.js',
  'panels/result.js', 'panels/closing.js', 'data/drafts.js', 'data/told.js', 'panels/new-run/review.js', 'parts/glyph.js', 'panels/call.js',
  'parts/states.js', 'panels/result/overview.js', 'panels/new-run/evaluator-list.js', 'panels/new-run/messages.js', 'parts/text.js',
  'panels/launch-card.js', 'panels/new-run/evaluator-dialog.js', 'panels/results.js', 'data/window.js', 'words/format.js', 'panels/call/human.js',
  'data/results.js', 'panels/new-run.js', 'parts/banner.js', 'parts/screen.js', 'panels/replacing.js', 'words/welcome.js', 'panels/settings.js',
  'panels/new-run/open-plan.js', 'panels/new-run/plan-column.js', 'words/errors.js', 'panels/result/tables.js', 'parts/bar.js', 'parts/dialog.js',
  'panels/welcome.js', 'parts/question.js', 'panels/new-run/keep-plan.js', 'panels/result/filters.js', 'panels/plans.js', 'data/all.js',
  'words/text.js',
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
