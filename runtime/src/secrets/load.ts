import { type ClickHouseConfig, type ClickHouseConfigInput, loadClickHouseConfig } from '../config/config.js';
import type { EnvironmentVariables } from '../config/environment.js';
import { Secret } from '../config/secret.js';
import { ConfigError, type ConfigProblem } from '../errors/index.js';
import { reasonOf } from './reason.js';
import { type Credentials, type SecretSource, toCredentials } from './source.js';

/**
 * Loads the configuration like `loadClickHouseConfig`, with the password from a secret source. The source is not read if the password is set
 * in code, in the environment or in a URL, or if the engine is embedded.
 * @param input the configuration in code; `passwordFrom` is the source
 * @param env default: `process.env`
 * @throws ConfigError with every problem, those of the source included, and without secrets
 */
export async function loadClickHouseConfigWithSecrets(
  input: ClickHouseConfigInput & { readonly passwordFrom: SecretSource },
  env: EnvironmentVariables = process.env,
): Promise<ClickHouseConfig> {
  const { passwordFrom, ...configInput } = input;
  const problems: ConfigProblem[] = [];
  const config = loadConfig(configInput, env, problems);
  if (config && (config.engine.kind === 'embedded' || config.provenance['password'] !== 'default')) return config;
  const credentials = await loadCredentials(passwordFrom, problems);
  if (config && credentials && config.engine.kind === 'server' && isOfOtherUser(credentials, config))
    problems.push({
      key: 'passwordFrom',
      found: `the password of another user in ${passwordFrom.describe()}`,
      expected: `the password of ${JSON.stringify(config.engine.username)} (username from ${config.provenance['username'] ?? 'default'})`,
    });
  if (!config || !credentials || problems.length > 0) throw new ConfigError(problems);
  return withCredentials(config, credentials, `secret: ${passwordFrom.describe()}`);
}

/** Returns the configuration with other credentials. Without a username, the user stays. `source` is their provenance. */
export function withCredentials(config: ClickHouseConfig, { username, password }: Credentials, source: string): ClickHouseConfig {
  const { engine, provenance } = config;
  if (engine.kind === 'embedded') return config;
  return Object.freeze({
    ...config,
    engine: Object.freeze({ ...engine, ...(username !== undefined && { username }), password: new Secret(password) }),
    provenance: Object.freeze({ ...provenance, ...(username !== undefined && { username: source }), password: source }),
  });
}

/** Whether the secret names another user than the configuration. One of both names is a mistake. */
function isOfOtherUser({ username }: Credentials, { engine, provenance }: ClickHouseConfig): boolean {
  return username !== undefined && engine.kind === 'server' && provenance['username'] !== 'default' && username !== engine.username;
}

/** Returns undefined and adds the problems if the configuration is invalid. */
function loadConfig(input: ClickHouseConfigInput, env: EnvironmentVariables, problems: ConfigProblem[]): ClickHouseConfig | undefined {
  try {
    return loadClickHouseConfig(input, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/** Resolves with undefined and adds a problem if the source has no credentials. */
async function loadCredentials(source: SecretSource, problems: ConfigProblem[]): Promise<Credentials | undefined> {
  try {
    return toCredentials(await source.get(), source.describe());
  } catch (failure) {
    const found = `no secret in ${source.describe()}: ${reasonOf(failure)}`;
    problems.push(
      ...(failure instanceof ConfigError
        ? failure.problems
        : [{ key: 'passwordFrom', found, expected: 'a secret that this process can read' }]),
    );
    return undefined;
  }
}
