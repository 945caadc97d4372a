import { ConfigError } from '../errors/index.js';
import { isObject, type OptionRule, withoutContent } from './validate-options.js';

/** A configuration. The input of `loadClickHouseConfig()` looks similar, and has no engine. */
export const loadedConfig: OptionRule = {
  expected: 'the result of loadClickHouseConfig()',
  accepts: (value) => isObject(value) && isObject(Reflect.get(value, 'engine')),
};

/**
 * Rejects what a caller without types passes in place of an object with keys, such as a URL. A `URL` has no properties of its own, so it
 * would count as no configuration.
 * @throws ConfigError, without the content of the input
 */
export function assertConfigInput(input: unknown): void {
  if (isObject(input) && !(input instanceof URL)) return;
  const found = input instanceof URL ? 'a URL' : withoutContent(input);
  throw new ConfigError([{ key: 'options', found, expected: "an object with keys, as in { url: 'https://host:8443' }" }]);
}
