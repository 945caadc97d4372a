import { processWideValue } from './process-wide-value.js';

/** The numbers of objects. All copies of this package share them, since they compare the keys of configurations. */
interface Identities {
  readonly numbers: WeakMap<object, number>;
  last: number;
}

const identities = processWideValue<Identities>(
  'identities@1',
  (value): value is Identities => 'numbers' in value && value.numbers instanceof WeakMap && 'last' in value,
  () => ({ numbers: new WeakMap(), last: 0 }),
);

/** Returns a number that no other object or function of the process has. */
export function identityNumber(object: object): number {
  const all = identities();
  const known = all.numbers.get(object);
  if (known !== undefined) return known;
  all.numbers.set(object, ++all.last);
  return all.last;
}
