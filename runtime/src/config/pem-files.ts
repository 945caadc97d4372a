import { readFileSync } from 'node:fs';
import type { ConfigProblem } from '../errors/index.js';
import { isError } from '../errors/is-error.js';
import type { LoadedValues } from './load-sources.js';
import { withoutPrototype } from './own-properties.js';
import type { TextFault } from './text-shape.js';

const pem = { certificate: /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/, 'private-key': /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/ };

const kinds = { caFile: 'certificate', certFile: 'certificate', keyFile: 'private-key' } as const;

/** Returns the values without the paths of files that are no PEM files of the right kind, with a problem for each. */
export function checkPemFiles(loaded: LoadedValues): LoadedValues {
  const values = withoutPrototype({ ...loaded.values });
  const problems: ConfigProblem[] = [...loaded.problems];
  for (const key of ['caFile', 'certFile', 'keyFile'] as const) {
    const path = values[key];
    const fault = path === undefined ? undefined : findFileFault(path, kinds[key]);
    if (fault === undefined) continue;
    problems.push({ key: loaded.sources[key] ?? key, ...fault });
    delete values[key];
  }
  return { ...loaded, values, problems };
}

/** A file with a certificate and a key is valid for either. */
function findFileFault(path: string, kind: keyof typeof pem): TextFault | undefined {
  const otherKind = kind === 'certificate' ? 'private-key' : 'certificate';
  const [name, otherName] = [kind.replace('-', ' '), otherKind.replace('-', ' ')];
  const fault = (description: string): TextFault => ({
    found: `${JSON.stringify(path)}, which ${description}`,
    expected: `the path of a PEM file with a ${name}, which this process can read`,
  });
  try {
    const content = readFileSync(path, 'latin1');
    if (pem[kind].test(content)) return undefined;
    return fault(pem[otherKind].test(content) ? `holds a ${otherName} and no ${name}` : 'holds no PEM');
  } catch (error) {
    return fault(isError(error) && 'code' in error ? `cannot be read (${String(error.code)})` : 'cannot be read');
  }
}
