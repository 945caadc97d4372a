import { type ClickHouseConfig, type ClickHouseConfigInput, loadClickHouseConfig } from '../config/config.js';
import type { EnvironmentVariables } from '../config/environment.js';
import { Secret } from '../config/secret.js';
import { ConfigError, type ConfigProblem } from '../errors/index.js';
import { reasonOf } from './reason.js';
import { asCredentials, type Credentials, type SecretSource } from './source.js';

/**
 * `loadClickHouseConfig`, with a source for the password where neither code nor the environment nor a URL says one.
 * @throws ConfigError with every problem at once, that of the source as well, and no secret in it.
 */
export async function loadClickHouseConfigWithSecrets(
  input: ClickHouseConfigInput & { readonly passwordFrom: SecretSource },
  env: EnvironmentVariables = process.env,
): Promise<ClickHouseConfig> {
  const { passwordFrom, ...rest } = input;
  const problems: ConfigProblem[] = [];
  const config = attempt(() => loadClickHouseConfig(rest, env), problems);
  if (config && (config.engine.kind === 'embedded' || config.provenance['password'] !== 'default')) return config;
  const found = await ask(passwordFrom, problems);
  if (config && found && config.engine.kind === 'server' && isOfAnother(found, config))
    problems.push({
      key: 'passwordFrom',
      found: `the password of another user in ${passwordFrom.describe()}`,
      expected: `that of ${JSON.stringify(config.engine.username)}, whom ${config.provenance['username'] ?? 'default'} names`,
    });
  if (!config || !found || problems.length > 0) throw new ConfigError(problems);
  return withCredentials(config, found, `secret: ${passwordFrom.describe()}`);
}

/** The same configuration with other credentials. */
export function withCredentials(config: ClickHouseConfig, { username, password }: Credentials, source: string): ClickHouseConfig {
  const { engine, provenance } = config;
  if (engine.kind === 'embedded') return config;
  return Object.freeze({
    ...config,
    engine: Object.freeze({ ...engine, ...(username !== undefined && { username }), password: new Secret(password) }),
    provenance: Object.freeze({ ...provenance, ...(username !== undefined && { username: source }), password: source }),
  });
}

/** A password goes with its user: of two that differ, one was not meant. */
function isOfAnother({ username }: Credentials, { engine, provenance }: ClickHouseConfig): boolean {
  return username !== undefined && engine.kind === 'server' && provenance['username'] !== 'default' && username !== engine.username;
}

function attempt(load: () => ClickHouseConfig, problems: ConfigProblem[]): ClickHouseConfig | undefined {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

async function ask(source: SecretSource, problems: ConfigProblem[]): Promise<Credentials | undefined> {
  try {
    return asCredentials(await source.get(), source.describe());
  } catch (failure) {
    const found = `no secret in ${source.describe()}: ${reasonOf(failure)}`;
    problems.push(
      ...(failure instanceof ConfigError ? failure.problems : [{ key: 'passwordFrom', found, expected: 'one that this process may read' }]),
    );
    return undefined;
  }
}
