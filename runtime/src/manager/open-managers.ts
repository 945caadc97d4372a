import { processWideValue } from '../process/process-wide-value.js';
import type { Drainable } from './shutdown.js';

/** All managers of the process that are not closed. All copies of this package share it, also copies of different versions. */
interface OpenManagers {
  readonly references: Set<WeakRef<Drainable>>;
  /** Removes the references of managers that were collected as garbage. */
  readonly collected: FinalizationRegistry<WeakRef<Drainable>>;
}

const all = processWideValue<OpenManagers>(
  'open-managers@1',
  (value): value is OpenManagers => 'references' in value && 'collected' in value,
  () => {
    const references = new Set<WeakRef<Drainable>>();
    return { references, collected: new FinalizationRegistry((reference) => references.delete(reference)) };
  },
);

/**
 * Adds a manager to those that `closeClickHouse()` drains. The reference is weak: a manager that nothing uses any more is not kept.
 * @returns a function that removes the manager. It is called after the drain.
 */
export function registerOpenManager(manager: Drainable): () => void {
  const { references, collected } = all();
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
  return [...all().references].flatMap((reference) => reference.deref() ?? []);
}
