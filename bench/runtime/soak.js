// node soak.js [--seconds 600]: the soak of the tests, for as long as somebody likes. It is TypeScript, and so is the server that it kills.
import { parseArgs } from 'node:util';
import { tsImport } from 'tsx/esm/api';

// Whoever ends this ends the server as well, which goes with the exit of its parent.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '600' } } });
const { soak, tell } = await tsImport('../../test/soak/soak.ts', import.meta.url);
console.log(`\n${tell(await soak({ seconds: Number(values.seconds), log: console.log }))}`);
