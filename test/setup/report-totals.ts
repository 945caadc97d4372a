import type { Reporter, TestModule } from 'vitest/node';

/** Prints `N passed, N failed, N skipped` at the end of a run, for build servers. A module that cannot be loaded counts as failed. */
export default class ReportTotals implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    const failedModules = modules.filter((module) => module.errors().length > 0).length;
    console.log(`${count('passed')} passed, ${count('failed') + failedModules} failed, ${count('skipped')} skipped`);
  }
}
