import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Toxic } from '../harness/toxic-proxy.js';
import type { Round } from './round.js';

/** A fault of one round. It leaves the round with a server, a disk and a producer that work. */
export type Fault = (round: Round) => Promise<void>;

/** Kills the producer and starts the next one on the same directories. */
async function producerKilled(round: Round): Promise<void> {
  for (let kills = round.random.between(1, 3); kills > 0; kills--) {
    await round.statements(round.random.between(0, 12));
    await round.pause();
    await round.killProducer();
    await round.startProducer();
  }
}

async function serverKilled(round: Round): Promise<void> {
  await round.pause();
  await round.server.kill();
  await round.pause();
  await round.server.start();
}

async function bothKilled(round: Round): Promise<void> {
  await round.pause();
  await Promise.all([round.server.kill(), round.killProducer()]);
  if (round.random.percent(50)) {
    await round.startProducer();
    await round.pause();
    await round.server.start();
  } else {
    await round.server.start();
    await round.startProducer();
  }
}

/** The server inserts, and its answers do not arrive. */
async function answersLost(round: Round): Promise<void> {
  // The first statements ask what the tables are.
  await round.statements(8);
  await round.network.setToxic(lostAnswers(round));
  await round.statements(round.random.between(2, 8));
  await round.pause();
  await round.network.setToxic(undefined);
}

async function answersLostAndProducerKilled(round: Round): Promise<void> {
  // The first statements ask what the tables are.
  await round.statements(8);
  await round.network.setToxic(lostAnswers(round));
  await round.statements(round.random.between(2, 8));
  await round.pause();
  await round.killProducer();
  await round.startProducer();
  await round.pause();
  await round.network.setToxic(undefined);
}

function lostAnswers({ random }: Round): Toxic {
  return { kind: 'cut', afterBytes: random.between(0, 300), by: random.pick(['reset', 'end']) };
}

/** The producer is killed while it waits for an answer. */
async function killedInRequest(round: Round): Promise<void> {
  await round.statements(8);
  await round.server.freeze();
  await round.statements(2);
  await round.pause();
  await round.killProducer();
  round.server.thaw();
  await round.startProducer();
}

/** Nothing can be delivered: the buffers and directories grow to their bounds. */
async function serverAway(round: Round): Promise<void> {
  await round.network.setToxic({ kind: 'refuse' });
  for (let pauses = 0; pauses < 3; pauses++) await round.pause();
  await round.network.setToxic(undefined);
}

async function fullDisk(round: Round): Promise<void> {
  await round.pause();
  if (round.random.percent(70)) await round.network.setToxic({ kind: 'refuse' });
  round.disk.fill();
  await round.pause();
  if (round.random.percent(50)) {
    await round.killProducer();
    round.disk.fill();
    if (!(await round.tryStartProducer())) {
      round.disk.free();
      await round.startProducer();
    }
    await round.pause();
  }
  round.disk.free();
  await round.network.setToxic(undefined);
}

async function fileSizeLimit(round: Round): Promise<void> {
  await round.pause();
  round.producer.limitFileSize(round.random.between(0, 20_000));
  await round.pause();
  if (round.random.percent(30)) {
    await round.killProducer();
    await round.startProducer();
  } else round.producer.limitFileSize('unlimited');
}

async function readOnlyAtStart(round: Round): Promise<void> {
  await round.pause();
  await round.killProducer();
  round.disk.mountReadOnly();
  const isOpen = await round.tryStartProducer();
  if (isOpen) throw new Error('Expected an error for a directory on a read-only disk, the producer has opened it.');
  round.disk.mountAgain();
  await round.startProducer();
}

/** An I/O error makes the disk read-only. What was not synced is lost, as in a power failure. */
async function diskFailed(round: Round): Promise<void> {
  await round.pause();
  round.disk.fail();
  await round.pause();
  await round.killProducer();
  round.disk.mountAgain();
  await round.startProducer();
}

async function powerLost(round: Round): Promise<void> {
  await round.pause();
  round.disk.fail();
  await round.killProducer();
  round.disk.mountAgain();
  await round.startProducer();
}

/** The end of the file that was written last is damaged, after its last complete group. */
async function tornTail(round: Round): Promise<void> {
  await round.pause();
  if (round.random.percent(70)) await round.network.setToxic({ kind: 'refuse' });
  await round.pause();
  await round.killProducer();
  for (const directory of round.directories) appendTornTail(round, directory);
  await round.startProducer();
  await round.network.setToxic(undefined);
}

function appendTornTail(round: Round, directory: string): void {
  const open = readdirSync(directory)
    .filter((name) => name.endsWith('.open'))
    .sort()
    .at(-1);
  if (open === undefined) return;
  const file = join(directory, open);
  const content = readFileSync(file);
  const lastGroup = content.subarray(Math.max(0, content.lastIndexOf('\n#') + 1));
  const tails = [lastGroup.subarray(0, round.random.between(0, lastGroup.length - 1)), Buffer.alloc(round.random.between(1, 5_000))];
  appendFileSync(file, round.random.pick([Buffer.concat(tails.slice(0, 1)), Buffer.concat(tails.slice(1))]));
}

/** A second producer is refused while the first one lives, also if that one is frozen. After its death, one of two is accepted. */
async function secondProducer(round: Round): Promise<void> {
  await round.pause();
  if (round.random.percent(50)) await round.producer.freeze();
  const pid = round.producer.pid;
  const failure = await round.failureOfSecondProducer();
  round.producer.thaw();
  if (!failure?.includes(String(pid))) throw new Error(`Expected an error with the pid ${pid}, found: ${failure ?? 'an open directory'}`);
  await round.killProducer();
  await round.startTwoProducers();
}

/** A fault with what the round needs to know of it. */
export interface NamedFault {
  readonly name: string;
  readonly inject: Fault;
  /** What is lost at the fault: of a directory, what was not synced; of an ingest in memory, all. Default: nothing. */
  readonly loses?: 'memory' | 'unsynced';
  /** Whether it needs a disk that can be mounted. Default: no. */
  readonly needsDisk?: true;
}

export const faults: readonly NamedFault[] = [
  { name: 'producer killed', inject: producerKilled, loses: 'memory' },
  { name: 'server killed', inject: serverKilled },
  { name: 'both killed', inject: bothKilled, loses: 'memory' },
  { name: 'answers lost', inject: answersLost },
  { name: 'answers lost and producer killed', inject: answersLostAndProducerKilled, loses: 'memory' },
  { name: 'producer killed in a request', inject: killedInRequest, loses: 'memory' },
  { name: 'server away', inject: serverAway },
  { name: 'file size limit', inject: fileSizeLimit, loses: 'memory' },
  { name: 'torn tail', inject: tornTail, loses: 'memory' },
  { name: 'second producer', inject: secondProducer, loses: 'memory' },
  { name: 'full disk', inject: fullDisk, loses: 'memory', needsDisk: true },
  { name: 'read-only directory', inject: readOnlyAtStart, loses: 'memory', needsDisk: true },
  { name: 'disk failed', inject: diskFailed, loses: 'unsynced', needsDisk: true },
  { name: 'power lost', inject: powerLost, loses: 'unsynced', needsDisk: true },
];
