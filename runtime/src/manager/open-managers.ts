import type { Drainable } from './shutdown.js';

/** All managers of the process that are not closed. All copies of this package share it, also copies of different versions. */
interface OpenManagers {
  readonly references: Set<WeakRef<Drainable>>;
  /** Removes the references of managers that were collected as garbage. */
  readonly collected: FinalizationRegistry<WeakRef<Drainable>>;
}

const globalKey = Symbol.for('@clickhouse-ssot/runtime/open-managers');

/**
 * Adds a manager to those that `closeClickHouse()` drains. The reference is weak: a manager that nothing uses any more is not kept.
 * @returns a function that removes the manager. It is called after the drain.
 */
export function registerOpenManager(manager: Drainable): () => void {
  const { references, collected } = existing() ?? create();
  const reference = new WeakRef(manager);
  references.add(reference);
  collected.register(manager, reference, reference);
  return () => {
    references.delete(reference);
    collected.unregister(reference);
  };
}

/** Returns the managers of the process that are not closed. */
export function openManagers(): readonly Drainable[] {
  return [...(existing()?.references ?? [])].flatMap((reference) => reference.deref() ?? []);
}

function create(): OpenManagers {
  const references = new Set<WeakRef<Drainable>>();
  const managers: OpenManagers = { references, collected: new FinalizationRegistry((reference) => references.delete(reference)) };
  Reflect.set(globalThis, globalKey, managers);
  return managers;
}

function existing(): OpenManagers | undefined {
  const value: unknown = Reflect.get(globalThis, globalKey);
  return isOpenManagers(value) ? value : undefined;
}

function isOpenManagers(value: unknown): value is OpenManagers {
  return typeof value === 'object' && value !== null && 'references' in value && 'collected' in value;
}
