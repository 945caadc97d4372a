import { expect, it } from 'vitest';
import { BreakerOpenError } from '../../../runtime/src/errors/index.js';
import { breakerDefaults, type BreakerLimits, CircuitBreaker } from '../../../runtime/src/resilience/circuit-breaker.js';

const breakerWith = (changed: Partial<BreakerLimits>) =>
  new CircuitBreaker({ endpoint: 'http://a:8123', limits: { ...breakerDefaults, ...changed }, clock: () => 1_000, random: () => 0 });

it('a failureRate above 1 never opens the breaker by this rate, and 1 opens it when all calls fail', () => {
  const [never, always] = [breakerWith({ failureRate: 1.1 }), breakerWith({ failureRate: 1 })];
  for (let count = 0; count < breakerDefaults.minimumCalls; count++) {
    never.admit().failed();
    always.admit().failed();
  }
  expect(() => never.admit()).not.toThrow();
  expect(() => always.admit()).toThrow(BreakerOpenError);
});
