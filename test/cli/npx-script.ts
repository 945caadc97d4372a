import { join } from 'node:path';
import { repository } from '../places.js';

/** The text of a command `npx` that runs this build. In a clean clone, npm links no program that is not yet built. */
export const npxScript = `#!/bin/sh
test "$1" = --no-install && shift
test "$1" = clickhouse-ssot || exit 64
shift
exec "${process.execPath}" "${join(repository, 'dist/src/cli/main.js')}" "$@"
`;
