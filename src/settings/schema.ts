import type * as Valibot from 'valibot';
import { ruleNames } from './rule-names.js';

type ReadonlyDeep<T> = T extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> }
    : T;

/** What a user may set, complete: what was not set has its default. */
export type Settings = ReadonlyDeep<Valibot.InferOutput<ReturnType<typeof settingsSchema>>>;

const defaultTests = ['**/*.{test,spec}.*', '**/__tests__/**', 'test/**', 'tests/**'];

/** What the schema makes of nothing, for those who set nothing and need not load a validator to learn it. */
export const defaultSettings: Settings = {
  factories: [],
  accessors: [],
  managers: [],
  config: [],
  service: [],
  clients: [],
  sanctioned: [],
  tests: defaultTests,
  vendored: [],
};

/** The one source of what a user may set: types, validation and `schema.json` are derived from it. Takes valibot, so that who has it decides when it is loaded. */
export function settingsSchema(v: typeof Valibot) {
  const text = (what: string) =>
    v.pipe(
      v.string(),
      v.check((value) => value.trim() !== '', what),
    );

  const glob = v.pipe(
    v.string(),
    v.nonEmpty('a glob from the root, not an empty string'),
    v.check((path) => !/^(?:\/|[A-Za-z]:)/.test(path), 'a path from the root, without a leading slash'),
    v.check((path) => !path.includes('\\'), 'a path with forward slashes, on every system'),
    v.check((path) => !path.split('/').includes('..'), 'a path inside the root, without ".."'),
  );

  const globs = (description: string) => v.pipe(v.optional(v.array(glob), []), v.description(description));

  const bypass = v.union(
    [
      text('the name of a parameter or option'),
      v.strictObject({
        parameter: v.pipe(
          text('the name of a parameter or option'),
          v.description('The parameter, or the option in an object of options.'),
        ),
        value: v.pipe(
          v.union([v.string(), v.boolean()], 'a string or a boolean'),
          v.description('The value of it that goes past the manager.'),
        ),
      }),
    ],
    'the name of a flag, or { "parameter": …, "value": … }',
  );

  const accessor = v.strictObject({
    module: v.pipe(
      glob,
      v.check((path) => !path.includes('*'), 'the path of one module, not a pattern'),
      v.description('The module that exports the accessor.'),
    ),
    name: v.pipe(text('the name of the function'), v.description('The function, or Class.method.')),
    bypass: v.pipe(
      v.optional(bypass),
      v.description('How a caller goes past the manager: a flag that is true, or a parameter and the value that means it.'),
    ),
  });

  const client = v.strictObject({
    package: v.pipe(text('the name of a package'), v.description('The package as it is imported.')),
    constructors: v.pipe(
      v.array(text('the name of an export')),
      v.nonEmpty('at least one export that makes a client'),
      v.description('Its exports that make a client; "default" for the package itself.'),
    ),
  });

  const sanction = v.strictObject({
    path: v.pipe(glob, v.description('Which files may.')),
    rules: v.pipe(
      v.array(v.picklist(ruleNames, `one of ${ruleNames.join(', ')}`)),
      v.nonEmpty('at least one rule'),
      v.description('Which rules they may break.'),
    ),
    reason: v.pipe(
      text('a written reason, for whoever reads this after you'),
      v.description('A written reason, by which whoever reads it later can tell whether it still holds.'),
    ),
  });

  return v.strictObject({
    $schema: v.pipe(v.optional(v.string()), v.description('Where the schema lies, for completion in editors.')),
    factories: globs('Modules that may construct clients: one for each deployable or run time.'),
    accessors: v.pipe(v.optional(v.array(accessor), []), v.description('Functions that other code asks for a client.')),
    managers: globs('Modules that own, pool or cache clients.'),
    config: globs('Modules that may read ClickHouse settings from the environment.'),
    service: globs('The service interface and its implementations.'),
    clients: v.pipe(v.optional(v.array(client), []), v.description('Client packages beyond the built-in ones.')),
    sanctioned: v.pipe(v.optional(v.array(sanction), []), v.description('Sites that may break a rule, each with the reason why.')),
    tests: v.pipe(v.optional(v.array(glob), defaultTests), v.description('Files that are tests.')),
    vendored: globs('Source of others that lies in this repository: it is not looked at.'),
  });
}
