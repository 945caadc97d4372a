import { expect, it } from 'vitest';
import { IngestClosedError, IngestFullError, IngestLockedError } from '../../../runtime/src/errors/index.js';
import { outcomeOf } from '../../../runtime/src/errors/outcome.js';

it.each([
  ['IngestClosedError', (accepted: number) => new IngestClosedError('events', accepted)],
  ['IngestFullError', (accepted: number) => new IngestFullError('events', 100, 'maxBufferedRows', accepted)],
  ['IngestLockedError', (accepted: number) => new IngestLockedError('/events', undefined, false).afterRows(accepted)],
])('%s is `never-sent` only if no row of the call was accepted', (_, error) => {
  expect([outcomeOf(error(0)), outcomeOf(error(2))]).toEqual(['never-sent', 'unknown']);
  expect(error(2).acceptedRows).toBe(2);
});
