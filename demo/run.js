/** Runs the outage of the post-mortem, finds it, fixes it and prevents it. Exits with 0 only if every claim holds. */
import { playFixtures } from './fixtures.js';
import { Stage } from './stage.js';
import recursionAtRunTime from './acts/1-recursion-at-run-time.js';
import findings from './acts/2-findings.js';
import fix from './acts/3-fix.js';
import cleanCodeBase from './acts/4-clean-code-base.js';
import realEngine from './acts/5-real-engine.js';
import recursionGuard from './acts/6-recursion-guard.js';

const acts = [recursionAtRunTime, findings, fix, cleanCodeBase, realEngine, recursionGuard];
const stage = new Stage(process.stdout);

await playFixtures(async (fixtures) => {
  for (const [index, { title, play }] of acts.entries()) {
    stage.open(`${index + 1}/${acts.length}  ${title}`);
    try {
      await play(stage, fixtures);
    } catch (error) {
      stage.claim(`the act ran to its end (${error instanceof Error ? (error.stack ?? error.message) : String(error)})`, false);
    }
  }
});

process.exitCode = stage.close() ? 0 : 1;
