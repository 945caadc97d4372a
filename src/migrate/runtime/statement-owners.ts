import type { ClientOrigin } from '../../model/error-texts/client-origins.js';

/** Which package makes the client of a statement after the edits: the runtime, another one, one of both, or the code does not show it. */
export type StatementOwner = 'runtime' | 'other' | 'both' | 'unknown';

/** Returns which package makes the clients of some statements. `isMoved` tells whether a construction moves to the runtime. */
export function ownerOf(origins: readonly ClientOrigin[], isMoved: (file: string, start: number) => boolean): StatementOwner {
  const moved = origins.filter(({ isOfRuntime, span }) => isOfRuntime || isMoved(span.file, span.start)).length;
  if (origins.length === 0) return 'unknown';
  return moved === origins.length ? 'runtime' : moved === 0 ? 'other' : 'both';
}
