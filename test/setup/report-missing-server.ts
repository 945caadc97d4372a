import type { Reporter, TestModule } from 'vitest/node';
import { onRealServer, serverBinary } from '../runtime/harness/server-binary.js';

/** Says once, at the end, what was not tested for want of a ClickHouse server, and how to get one. */
export default class MissingServer implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules
      .flatMap((module) => [...module.children.allTests('skipped')])
      .filter((test) => test.fullName.includes(onRealServer)).length;
    if (skipped > 0 && serverBinary() === undefined)
      console.error(
        `NOT TESTED: ${skipped} tests need a ClickHouse server. Get it with: apt-get install --no-install-recommends clickhouse-server`,
      );
  }
}
