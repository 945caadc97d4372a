import type { Reporter, TestModule } from 'vitest/node';
import { onRealServer, serverBinary } from '../runtime/harness/server-binary.js';

/** Prints at the end how many tests were skipped without a ClickHouse server, and how to install one. */
export default class ReportMissingServer implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules
      .flatMap((module) => [...module.children.allTests('skipped')])
      .filter((test) => test.fullName.includes(onRealServer)).length;
    if (skipped > 0 && serverBinary() === undefined)
      console.error(
        `NOT TESTED: ${skipped} tests need a ClickHouse server. Install it with: apt-get install --no-install-recommends clickhouse-server`,
      );
  }
}
