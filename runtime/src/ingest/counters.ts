import type { IngestStats } from '../telemetry/ingest.js';

type Counted = 'acceptedRows' | 'recoveredRows' | 'deliveredRows' | 'deliveredBatches' | 'rejectedRows' | 'possiblyDuplicatedRows';

/** The numbers of an ingest since it exists. */
export class Counters implements Pick<IngestStats, Counted> {
  acceptedRows = 0;
  recoveredRows = 0;
  deliveredRows = 0;
  deliveredBatches = 0;
  rejectedRows = 0;
  possiblyDuplicatedRows = 0;
  /** Batches that were closed, and those whose rows were all inserted or set aside. Both grow in the order of the batches. */
  sealedBatches = 0;
  endedBatches = 0;
}
