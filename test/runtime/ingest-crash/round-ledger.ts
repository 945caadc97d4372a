import type { ObservedStats, ProducerRecord } from './records.js';

/** What the processes of a round have said about one table. */
export interface TableLedger {
  /** Ids whose `add` has resolved. */
  readonly acknowledged: Set<number>;
  /** Ids whose `add` has rejected. */
  readonly refused: Set<number>;
  /** Ids that were reported as set aside. */
  readonly setAside: Set<number>;
  /** Rows that were reported as possibly duplicated, over all processes. */
  possiblyDuplicated: number;
  maxBufferedRows: number;
  maxBufferedBytes: number;
}

/** Collects the records of all processes of a round. */
export class RoundLedger {
  readonly #tables = new Map<string, TableLedger>();
  /** Messages of rejected `add` calls and of directories that could not be opened, each once. */
  readonly messages = new Set<string>();
  /** Highest resident memory of a process, in bytes. */
  maxResidentBytes = 0;

  /** Returns the part of one table. */
  table(name: string): TableLedger {
    const known = this.#tables.get(name) ?? {
      acknowledged: new Set(),
      refused: new Set(),
      setAside: new Set(),
      possiblyDuplicated: 0,
      maxBufferedRows: 0,
      maxBufferedBytes: 0,
    };
    this.#tables.set(name, known);
    return known;
  }

  /** Returns the function that receives the records of one process. */
  ofProcess(): (record: ProducerRecord) => void {
    const duplicated = new Map<string, number>();
    return (record) => {
      switch (record.kind) {
        case 'added':
          for (const id of record.ids) this.table(record.table).acknowledged.add(id);
          break;
        case 'refused':
          this.messages.add(record.message);
          for (const id of record.ids) this.table(record.table).refused.add(id);
          break;
        case 'not-open':
          this.messages.add(record.message);
          break;
        case 'rejected':
          for (const id of record.ids) this.table(record.table).setAside.add(id);
          break;
        case 'stats':
          this.#add(this.table(record.table), record.stats, duplicated.get(record.table) ?? 0);
          duplicated.set(record.table, record.stats.possiblyDuplicatedRows);
          break;
        case 'memory':
          this.maxResidentBytes = Math.max(this.maxResidentBytes, record.bytes);
          break;
        case 'open':
        case 'closed':
      }
    };
  }

  #add(table: TableLedger, stats: ObservedStats, earlierDuplicated: number): void {
    table.possiblyDuplicated += stats.possiblyDuplicatedRows - earlierDuplicated;
    table.maxBufferedRows = Math.max(table.maxBufferedRows, stats.bufferedRows);
    table.maxBufferedBytes = Math.max(table.maxBufferedBytes, stats.bufferedBytes);
  }
}
