import { ConfigError } from '../errors/index.js';
import { isObject, withoutContent } from './validate-options.js';

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
