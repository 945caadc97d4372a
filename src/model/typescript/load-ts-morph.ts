import { createRequire } from 'node:module';
import type * as TsMorph from 'ts-morph';

/**
 * TypeScript as ts-morph bundles it. A live binding, undefined until `loadTsMorph` ran: importing ts-morph costs a third
 * of a second, and a code base that never mentions ClickHouse must not pay it.
 */
export let ts: typeof TsMorph.ts;

/** Synchronous, because rules are. */
const load: (id: string) => typeof TsMorph = createRequire(import.meta.url);

export function loadTsMorph(): typeof TsMorph {
  const tsMorph = load('ts-morph');
  ts = tsMorph.ts;
  return tsMorph;
}
