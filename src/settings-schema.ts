import * as v from 'valibot';
import { ruleNames } from './rule-names.js';

/** The one source of what a user may set: types, validation and `schema.json` are derived from it. */

const glob = v.pipe(
  v.string(),
  v.nonEmpty('a glob from the root, not an empty string'),
  v.check((path) => !/^(?:\/|[A-Za-z]:)/.test(path), 'a path from the root, without a leading slash'),
  v.check((path) => !path.split('/').includes('..'), 'a path inside the root, without ".."'),
);

const globs = (description: string) => v.pipe(v.optional(v.array(glob), []), v.description(description));

const text = (what: string) => v.pipe(v.string(), v.check((value) => value.trim() !== '', what));

const bypass = v.pipe(
  v.union(
    [
      text('the name of a parameter or option'),
      v.strictObject({ parameter: text('the name of a parameter or option'), value: v.union([v.string(), v.boolean()], 'a string or a boolean') }),
    ],
    'the name of a flag, or { "parameter": …, "value": … }',
  ),
  v.description('How a caller goes past the manager: a flag that is true, or a parameter and the value that means it.'),
);

const accessor = v.strictObject({
  module: v.pipe(glob, v.description('The module that exports the accessor.')),
  name: v.pipe(text('the name of the function'), v.description('The function, or Class.method.')),
  bypass: v.optional(bypass),
});

const client = v.strictObject({
  package: v.pipe(text('the name of a package'), v.description('The package as it is imported.')),
  constructors: v.pipe(v.array(text('the name of an export')), v.nonEmpty('at least one export that makes a client'), v.description('Its exports that make a client; "default" for the package itself.')),
});

const sanction = v.strictObject({
  path: v.pipe(glob, v.description('Which files.')),
  rules: v.pipe(
    v.array(v.picklist(ruleNames, `one of ${ruleNames.join(', ')}`)),
    v.nonEmpty('at least one rule'),
    v.description('Which rules these files may break.'),
  ),
  reason: v.pipe(text('a written reason, for whoever reads this after you'), v.description('Why. Whoever reads this later must be able to tell whether it still holds.')),
});

export const settingsSchema = v.strictObject({
  $schema: v.pipe(v.optional(v.string()), v.description('Where the schema lies, for completion in editors.')),
  factories: globs('Modules that may construct clients: one for each deployable or run time.'),
  accessors: v.pipe(v.optional(v.array(accessor), []), v.description('Functions that other code asks for a client.')),
  managers: globs('Modules that own, pool or cache clients.'),
  config: globs('Modules that may read ClickHouse settings from the environment.'),
  service: globs('The service interface and its implementations.'),
  clients: v.pipe(v.optional(v.array(client), []), v.description('Client packages beyond the built-in ones.')),
  sanctioned: v.pipe(v.optional(v.array(sanction), []), v.description('Sites that may break a rule, each with the reason why.')),
  tests: v.pipe(v.optional(v.array(glob), ['**/*.{test,spec}.*', '**/__tests__/**', 'test/**', 'tests/**']), v.description('Files that are tests.')),
  vendored: globs('Source of others that lies in this repository: it is not looked at.'),
});

export type Settings = v.InferOutput<typeof settingsSchema>;
