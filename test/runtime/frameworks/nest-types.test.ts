import { expect, it } from 'vitest';
import { read } from '../../../scripts/generated.js';
import { nestSources, typeErrorsOf } from './nest-program.js';

it('an application of NestJS, and the blocks of the page about it, have no type errors', () => {
  const blocks = [...read('docs/runtime/frameworks.md').matchAll(/^```typescript\n(.*?)^```/gms)].map(
    ([, code = ''], index) => [`block-${index + 1}.ts`, `${code}export {};\n`] as const,
  );
  expect(blocks.length).toBeGreaterThan(3);
  expect(typeErrorsOf({ ...nestSources(), ...Object.fromEntries(blocks) })).toEqual([]);
});
