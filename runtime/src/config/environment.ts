import type { ConfigProblem } from '../errors/index.js';
import { closestMatch } from './suggest-similar.js';

export type Environment = 'development' | 'test' | 'staging' | 'production';

export interface DetectedEnvironment {
  readonly environment: Environment;
  /** What it was concluded from: `NODE_ENV=production`. */
  readonly evidence: string;
  readonly problem?: ConfigProblem;
}

/** `process.env`, or what stands in for it. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

const variables = ['CLICKHOUSE_ENV', 'APP_ENV', 'NODE_ENV'];

const environments = ['development', 'test', 'staging', 'production'] as const;
const otherwise = { development: ['dev', 'local'], test: ['testing'], staging: ['stage'], production: ['prod'] };

/** Where this process runs: the first of CLICKHOUSE_ENV, APP_ENV and NODE_ENV that is set; else a test runner's mark; else development. */
export function detectEnvironment(env: EnvironmentVariables): DetectedEnvironment {
  for (const variable of variables) {
    const value = env[variable]?.trim();
    if (!value) continue;
    const name = value.toLowerCase();
    const environment = environments.find((known) => known === name || otherwise[known].includes(name));
    if (environment) return { environment, evidence: `${variable}=${value}` };
    const meant = closestMatch(value, environments);
    const expected = `one of ${environments.join(', ')}${meant === undefined ? '' : ` (nearest: ${meant})`}; set CLICKHOUSE_ENV where ${variable} means something else`;
    // What cannot be read is taken for production, where the least is assumed.
    return {
      environment: 'production',
      evidence: `${variable}=${value}`,
      problem: { key: variable, found: JSON.stringify(value), expected },
    };
  }
  const runner = ['VITEST', 'JEST_WORKER_ID', 'NODE_TEST_CONTEXT'].find((variable) => env[variable] !== undefined);
  if (runner !== undefined) return { environment: 'test', evidence: `${runner} is set` };
  return { environment: 'development', evidence: `none of ${variables.join(', ')} is set` };
}
