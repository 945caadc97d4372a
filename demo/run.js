/** The outage of the post-mortem: run, found, fixed and made impossible. Exits with 0 only when every act showed what it promises. */
import { playFixtures } from './fixtures.js';
import { Stage } from './stage.js';
import recursionAtRunTime from './acts/1-recursion-at-run-time.js';
import findings from './acts/2-findings.js';
import fix from './acts/3-fix.js';
import nothingToFind from './acts/4-nothing-to-find.js';
import realEngine from './acts/5-real-engine.js';
import askingWhileCreating from './acts/6-asking-while-creating.js';

const acts = [recursionAtRunTime, findings, fix, nothingToFind, realEngine, askingWhileCreating];
const stage = new Stage(process.stdout);

await playFixtures(async (fixtures) => {
  for (const [index, { title, play }] of acts.entries()) {
    stage.open(`${index + 1}/${acts.length}  ${title}`);
    try {
      await play(stage, fixtures);
    } catch (error) {
      stage.claim(`the act came to its end (${error instanceof Error ? (error.stack ?? error.message) : String(error)})`, false);
    }
  }
});

process.exitCode = stage.close() ? 0 : 1;
