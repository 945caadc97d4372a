import type { ConfigProblem } from '../errors/index.js';
import { ownProperty } from './own-properties.js';
import { closestMatch } from './suggest-similar.js';

/** The environment of the process. In `staging` and `production` a server is required; otherwise the embedded engine is the default. */
export type Environment = 'development' | 'test' | 'staging' | 'production';

/** The result of `detectEnvironment`. */
export interface DetectedEnvironment {
  /** The detected environment. `production` if the variable has an unknown value. */
  readonly environment: Environment;
  /** The reason, such as `NODE_ENV=production`. */
  readonly evidence: string;
  /** Present if the variable has an unknown value. */
  readonly problem?: ConfigProblem;
}

/** `process.env`, or an object in its place. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Variables that other software reads as well. */
const sharedVariables = ['APP_ENV', 'NODE_ENV'];
const variables = ['CLICKHOUSE_ENV', ...sharedVariables];

const environments = ['development', 'test', 'staging', 'production'] as const;
const aliases = { development: ['dev', 'local'], test: ['testing'], staging: ['stage'], production: ['prod'] };

/**
 * Returns the environment of the process: from the first of CLICKHOUSE_ENV, APP_ENV and NODE_ENV that is set; else `test` if a test runner's
 * variable is set; else `development`. Case is ignored.
 */
export function detectEnvironment(env: EnvironmentVariables): DetectedEnvironment {
  for (const variable of variables) {
    const value = ownProperty(env, variable)?.trim();
    if (!value) continue;
    const name = value.toLowerCase();
    const environment = environments.find((candidate) => candidate === name || aliases[candidate].includes(name));
    if (environment) return { environment, evidence: `${variable}=${value}` };
    const suggestion = closestMatch(value, environments);
    const expected = `one of ${environments.join(', ')}${suggestion === undefined ? '' : ` (nearest: ${suggestion})`}; set CLICKHOUSE_ENV if ${variable} has another purpose`;
    // Production has the strictest checks.
    return {
      environment: 'production',
      evidence: `${variable}=${value}`,
      problem: { key: variable, found: JSON.stringify(value), expected },
    };
  }
  const runner = ['VITEST', 'JEST_WORKER_ID', 'NODE_TEST_CONTEXT'].find((variable) => ownProperty(env, variable) !== undefined);
  if (runner !== undefined) return { environment: 'test', evidence: `${runner} is set` };
  return { environment: 'development', evidence: `none of ${variables.join(', ')} is set` };
}

/**
 * Returns the environment that code names, else that of the variables.
 * @param env `false`: no variable is read, and the environment is `development`
 */
export function environmentOf(named: Environment | undefined, env: EnvironmentVariables | false): DetectedEnvironment {
  if (named === undefined)
    return env === false ? { environment: 'development', evidence: 'no environment is read' } : detectEnvironment(env);
  if (environments.includes(named)) return { environment: named, evidence: 'code' };
  const problem = { key: 'environment', found: JSON.stringify(named), expected: `one of ${environments.join(', ')}` };
  return { environment: 'production', evidence: 'code', problem };
}

/**
 * Returns the problem of the environment, if it counts. With a server, `NODE_ENV` and `APP_ENV` decide nothing that an unknown name could
 * get wrong: services have names of their own there, such as `qa`.
 */
export function environmentProblems({ problem }: DetectedEnvironment, hasServer: boolean): ConfigProblem[] {
  if (problem === undefined || (hasServer && sharedVariables.includes(problem.key))) return [];
  return [problem];
}
