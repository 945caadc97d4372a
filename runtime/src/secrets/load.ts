import { type ClickHouseConfig, loadClickHouseConfig } from '../config/config.js';
import type { ClickHouseConfigInput } from '../config/config-input.js';
import type { EnvironmentVariables } from '../config/environment.js';
import { Secret } from '../config/secret.js';
import { ConfigError, type ConfigProblem } from '../errors/index.js';
import { reasonOf } from './reason.js';
import { type Credentials, type SecretSource, toCredentials } from './source.js';

/**
 * Loads the configuration like `loadClickHouseConfig`, with the password or access token from a secret source. The source is not read if
 * code, the environment or a URL has a password or token for this server and user, or if the engine is embedded.
 * @param input the configuration in code; `passwordFrom` is the source
 * @param env the variables, or `false` to read none. Default: `process.env`.
 * @throws ConfigError with every problem, those of the source included, and without secrets
 */
export async function loadClickHouseConfigWithSecrets(
  input: ClickHouseConfigInput & { readonly passwordFrom: SecretSource },
  env: EnvironmentVariables | false = process.env,
): Promise<ClickHouseConfig> {
  const { passwordFrom, ...configInput } = input;
  const problems: ConfigProblem[] = [];
  const config = loadConfig(configInput, env, problems);
  if (config && (config.engine.kind === 'embedded' || isSet(config, 'password') || isSet(config, 'accessToken'))) return config;
  const credentials = await loadCredentials(passwordFrom, problems);
  if (config && credentials && config.engine.kind === 'server' && isOfOtherUser(credentials, config))
    problems.push({
      key: 'passwordFrom',
      found: `${credentials.accessToken === undefined ? 'the password of another user' : 'an access token'} in ${passwordFrom.describe()}`,
      expected: `the password of ${JSON.stringify(config.engine.username)} (username from ${config.provenance['username'] ?? 'default'})`,
    });
  if (!config || !credentials || problems.length > 0) throw new ConfigError(problems);
  return withCredentials(config, credentials, `secret: ${passwordFrom.describe()}`);
}

/** Returns the configuration with other credentials. A password without a username is for the user that stays. `source` is their provenance. */
export function withCredentials(config: ClickHouseConfig, credentials: Credentials, source: string): ClickHouseConfig {
  const { engine, provenance } = config;
  if (engine.kind === 'embedded') return config;
  const { username, password = '', accessToken } = credentials;
  const changes = {
    ...(username !== undefined && { username }),
    password: new Secret(password),
    accessToken: accessToken === undefined ? undefined : new Secret(accessToken),
  };
  const isKept = (key: string) => key !== 'password' && key !== 'accessToken';
  const others = Object.fromEntries(Object.entries(provenance).filter(([key]) => isKept(key)));
  return Object.freeze({
    ...config,
    engine: Object.freeze({ ...engine, ...changes }),
    provenance: Object.freeze({
      ...others,
      ...(username !== undefined && { username: source }),
      [accessToken === undefined ? 'password' : 'accessToken']: source,
    }),
  });
}

/** Whether a source has a value for this key that applies. */
function isSet({ provenance }: ClickHouseConfig, key: string): boolean {
  return provenance[key]?.startsWith('default') === false;
}

/** Whether the secret is for another user than the configuration names. One of both is a mistake. */
function isOfOtherUser({ username, accessToken }: Credentials, config: ClickHouseConfig): boolean {
  const { engine } = config;
  if (engine.kind === 'embedded' || !isSet(config, 'username')) return false;
  return accessToken !== undefined || (username !== undefined && username !== engine.username);
}

/** Returns undefined and adds the problems if the configuration is invalid. */
function loadConfig(
  input: ClickHouseConfigInput,
  env: EnvironmentVariables | false,
  problems: ConfigProblem[],
): ClickHouseConfig | undefined {
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
