import { clientConflicts } from './client-conflicts.js';
import { completeConfig, type ConfigRules } from './complete-config.js';
import type { ClickHouseConfigInput } from './config-input.js';
import { conflicts } from './conflicts.js';
import type { EnvironmentVariables } from './environment.js';
import { checkPemFiles } from './pem-files.js';
import type { ClickHouseConfig, Engine, ServerEngine } from './resolved-config.js';
import { validateClientOptions } from './validate-client-options.js';

export type { ClickHouseConfig, ClickHouseConfigInput, Engine, ServerEngine };

/** What Node.js supports: files, HTTP agents, and every option of the official client for it. */
const nodeRules: ConfigRules = {
  validateClientOptions,
  checkValues: checkPemFiles,
  *findConflicts(loaded, client, environment, variable) {
    yield* conflicts(loaded, environment, variable);
    yield* clientConflicts(client, loaded);
  },
};

/**
 * Returns the complete configuration. Precedence: code, environment variables, defaults; within code and environment, the key of a part
 * overrides that part of the URL. A named connection reads its own variables, such as `CLICKHOUSE_ANALYTICS_URL`, before the common ones.
 * Credentials apply only to the servers and the user that their source and those below it name.
 * @param env the variables, or `false` to read none, `NODE_ENV` included. Default: `process.env`.
 * @throws ConfigError with every problem and without secrets
 */
export function loadClickHouseConfig(input: ClickHouseConfigInput = {}, env: EnvironmentVariables | false = process.env): ClickHouseConfig {
  return completeConfig(input, env, nodeRules);
}
