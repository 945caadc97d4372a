// Plays rounds of faults against the ingest. Its sources are TypeScript. Usage: node ingest-crash.js [--rounds 300] [--seed 0]
import { parseArgs } from 'node:util';
import { tsImport } from 'tsx/esm/api';

// An interrupt exits this process: servers and producers exit with their parent, and the disk is unmounted.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '300' }, seed: { type: 'string', default: '0' } } });
const { playRounds } = await tsImport('../../test/runtime/ingest-crash/play-rounds.ts', import.meta.url);
const { formatReport, formatRound } = await tsImport('../../test/runtime/ingest-crash/format-report.ts', import.meta.url);
/** @param {import('../../test/runtime/ingest-crash/play-rounds.js').RoundReport} report */
const onRound = (report) => console.log(formatRound(report));
const reports = await playRounds({ rounds: Number(values.rounds), seed: Number(values.seed), onRound });
console.log(`\n${formatReport(reports)}`);
