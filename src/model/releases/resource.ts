import type { ts as TS } from 'ts-morph';
import type { CallSite } from '../dataflow/call-sites.js';

/** `client`: a client. `pool`: a pool of clients. `lease`: a client of a pool. `object`: an object of the project that owns one of these. */
export type ResourceKind = 'client' | 'pool' | 'lease' | 'object';

/** A call that makes or acquires a resource, so that its function owns it. */
export interface Origin {
  readonly node: TS.Expression;
  readonly kind: ResourceKind;
  /** The callee as the code names it: `createClient`, `new Reporter`. */
  readonly name: string;
  /** The construction or acquisition behind the call. Undefined if the call is it. */
  readonly construction: TS.Node | undefined;
  /** The site of the call. */
  readonly site: CallSite;
}

/**
 * The way in which a resource stays open. `never`: no code closes it. `on-error`: the code closes it only if nothing throws. `on-path`: a
 * path leads past the closing call. `not-cleared`: a pool is drained, but its clients stay open. `replaced`: another one takes its place.
 * `dropped`: the code forgets it. `evicted`: a cache forgets it. `request-scope`: a container makes one for each request.
 */
export type Fault = 'never' | 'on-error' | 'on-path' | 'not-cleared' | 'replaced' | 'dropped' | 'evicted' | 'request-scope';

/** A resource that stays open. */
export interface Unreleased {
  readonly origin: Origin;
  readonly fault: Fault;
  /** The code that forgets the resource; of other faults the call that makes it. */
  readonly node: TS.Node;
}
