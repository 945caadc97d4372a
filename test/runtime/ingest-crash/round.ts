import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../random.js';
import type { HttpFront } from '../harness/http-front/front.js';
import type { ToxicProxy } from '../harness/toxic-proxy.js';
import type { Disk } from './disk.js';
import type { IngestUnderTest } from './producer-options.js';
import { type ProducerProcess, startProducer } from './producer-process.js';
import { RoundLedger } from './round-ledger.js';

/** What all rounds use. */
export interface Surroundings {
  /** The bundled producer. */
  readonly program: string;
  readonly server: HttpFront;
  /** The network between the producer and the server. */
  readonly network: ToxicProxy;
  /** Undefined if this process may not mount disks. */
  readonly disk: Disk | undefined;
}

/** One round: the producers of the same directories, one after the other, with the faults between them. */
export class Round {
  readonly ledger = new RoundLedger();
  readonly server: HttpFront;
  readonly network: ToxicProxy;
  #producer: ProducerProcess | undefined;
  #lives = 0;
  #maxDirectoryBytes = 0;

  constructor(
    readonly random: Random,
    private readonly surroundings: Surroundings,
    private readonly ingests: readonly IngestUnderTest[],
    private readonly hasInvalidRows: boolean,
  ) {
    this.server = surroundings.server;
    this.network = surroundings.network;
    for (const directory of this.directories) mkdirSync(directory, { recursive: true });
  }

  get disk(): Disk {
    if (this.surroundings.disk === undefined) throw new Error('This fault needs a disk that can be mounted.');
    return this.surroundings.disk;
  }

  get producer(): ProducerProcess {
    if (this.#producer === undefined) throw new Error('No producer runs.');
    return this.#producer;
  }

  /** Number of producers so far. */
  get lives(): number {
    return this.#lives;
  }

  get directories(): string[] {
    return this.ingests.flatMap(({ directory }) => directory ?? []);
  }

  /** Most bytes of the batches in one directory, as seen after the pauses. */
  get maxDirectoryBytes(): number {
    return this.#maxDirectoryBytes;
  }

  /** Waits for a random part of the time in which a producer works. */
  async pause(): Promise<void> {
    await sleep(this.random.between(0, 400));
    this.#maxDirectoryBytes = Math.max(this.#maxDirectoryBytes, ...this.directories.map(batchBytesIn));
  }

  /** Waits until the producer has started so many further statements, for five seconds at most. */
  async statements(count: number): Promise<void> {
    const { producer } = this;
    const until = producer.statements + count;
    for (let waits = 0; waits < 500 && producer.statements < until; waits++) await sleep(10);
  }

  /** Ends the producer, and makes server, network and disk usable for the next round. */
  async repair(): Promise<void> {
    this.#producer?.thaw();
    await this.killProducer();
    this.server.thaw();
    this.surroundings.disk?.mountAgain();
    this.surroundings.disk?.free();
    await this.network.setToxic(undefined);
    if (!(await isResponding(this.server.url))) {
      await this.server.kill();
      await this.server.start();
    }
  }

  /** @throws Error if a directory cannot be opened */
  async startProducer(): Promise<void> {
    const producer = this.#spawn();
    this.#producer = producer;
    const { failure } = await producer.opened;
    if (failure !== undefined) throw new Error(`The producer could not open its directories: ${failure}`);
  }

  /** Returns whether the directories could be opened. */
  async tryStartProducer(): Promise<boolean> {
    const producer = this.#spawn();
    const isOpen = (await producer.opened).failure === undefined;
    if (isOpen) this.#producer = producer;
    // It may be reading the other directory, which would keep the disk busy.
    else await producer.kill();
    return isOpen;
  }

  /** Starts a producer beside the first one. Returns the message of its error, and undefined if it could open a directory. */
  async failureOfSecondProducer(): Promise<string | undefined> {
    const second = this.#spawn();
    const { failure } = await second.opened;
    await second.kill();
    return failure;
  }

  /** Starts two producers at once. @throws Error unless exactly one of them opens its directories */
  async startTwoProducers(): Promise<void> {
    const both = [this.#spawn(), this.#spawn()];
    const results = await Promise.all(both.map(async (producer) => ({ producer, ...(await producer.opened) })));
    const [open, ...others] = results.filter(({ failure }) => failure === undefined);
    this.#producer = open?.producer;
    if (open !== undefined && others.length === 0) return;
    await Promise.all(both.map((producer) => producer.kill()));
    throw new Error(
      `Expected one of two producers to open the directories, found ${open === undefined ? `none: ${results.map(({ failure }) => failure).join(' ')}` : 'both'}.`,
    );
  }

  async killProducer(): Promise<void> {
    await this.#producer?.kill();
    this.#producer = undefined;
  }

  /** Removes the directories. */
  removeDirectories(): void {
    for (const directory of this.directories) rmSync(directory, { recursive: true, force: true });
  }

  #spawn(): ProducerProcess {
    const options = {
      url: this.network.url,
      life: ++this.#lives,
      seed: this.random.between(1, 2 ** 31),
      ingests: this.ingests,
      hasInvalidRows: this.hasInvalidRows,
    };
    return startProducer(this.surroundings.program, options, this.ledger.ofProcess());
  }
}

function batchBytesIn(directory: string): number {
  const batches = readdirSync(directory).filter((name) => /\.(?:open|batch)$/.test(name));
  return batches.reduce((sum, name) => sum + (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

async function isResponding(url: string): Promise<boolean> {
  return fetch(`${url}/ping`).then(
    ({ ok }) => ok,
    () => false,
  );
}
