// Runs the soak test. Its sources are TypeScript. Usage: node soak.js [--seconds 600]
import { parseArgs } from 'node:util';
import { tsImport } from 'tsx/esm/api';

// An interrupt exits this process, and the server exits with its parent.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '600' } } });
const { soak, formatReport } = await tsImport('../../test/soak/soak.ts', import.meta.url);
console.log(`\n${formatReport(await soak({ seconds: Number(values.seconds), log: console.log }))}`);
