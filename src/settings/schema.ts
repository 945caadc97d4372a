import type * as Valibot from 'valibot';
import { ruleNames } from './rule-names.js';

type ReadonlyDeep<T> = T extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> }
    : T;

/** All settings; keys that the user did not set have their defaults. */
export type Settings = ReadonlyDeep<Valibot.InferOutput<ReturnType<typeof settingsSchema>>>;

const testFolders = [
  'test',
  'tests',
  '__tests__',
  '__mocks__',
  'test-utils',
  'testing',
  'e2e',
  '*-e2e',
  'fixtures',
  'testcontainers',
  'jest',
];

/** Hold at any depth. */
const defaultTests = ['**/*.{test,spec,e2e,e2e-spec}.*', ...testFolders.map((folder) => `**/${folder}/**`)];

/** The settings of a user that sets nothing. A constant, so that the validator need not be loaded. */
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
  cache: true,
};

/**
 * Returns the schema of the settings, the only source of their types, their validation and `schema.json`. Takes valibot as a parameter, so
 * that the caller decides when to load it.
 */
export function settingsSchema(v: typeof Valibot) {
  const text = (expected: string) =>
    v.pipe(
      v.string(),
      v.check((value) => value.trim() !== '', expected),
    );

  const glob = v.pipe(
    v.string(),
    v.nonEmpty('a glob relative to the root, not an empty string'),
    v.check((path) => !/^(?:\/|[A-Za-z]:)/.test(path), 'a path relative to the root, without a leading slash'),
    v.check((path) => !path.includes('\\'), 'a path with forward slashes'),
    v.check((path) => !path.startsWith('!'), 'a glob without "!" in front: list what matches'),
    v.check((path) => !path.split('/').includes('..'), 'a path inside the root, without ".."'),
  );

  const globs = (description: string) => v.pipe(v.optional(v.array(glob), []), v.description(description));

  const bypass = v.union(
    [
      text('the name of a parameter or option'),
      v.strictObject({
        parameter: v.pipe(
          text('the name of a parameter or option'),
          v.description('The name of the parameter, or of the option in an options object.'),
        ),
        value: v.pipe(
          v.union([v.string(), v.boolean()], 'a string or a boolean'),
          v.description('The value that makes a call bypass the manager.'),
        ),
      }),
    ],
    'the name of a flag, or { "parameter": …, "value": … }',
  );

  const modulePath = (description: string) =>
    v.pipe(
      glob,
      v.check((path) => !path.includes('*'), 'the path of one module, not a pattern'),
      v.description(description),
    );

  const accessor = v.strictObject({
    module: modulePath('The path of the module that exports the accessor, relative to the root.'),
    name: v.pipe(text('the name of the function'), v.description('The name of the function; of a method, Class.method or method.')),
    bypass: v.pipe(
      v.optional(bypass),
      v.description(
        'How a call bypasses the manager: the name of a flag that is then true, or a parameter and its value. Default: the accessor has no bypass.',
      ),
    ),
  });

  const client = v.pipe(
    v.strictObject({
      package: v.optional(
        v.pipe(
          text('the name of a package'),
          v.check((name) => !/^\.{0,2}\//.test(name), 'the name of a package; for a file of this project use "module" instead'),
          v.description('The name of the package, as in an import. An entry has either "package" or "module".'),
        ),
      ),
      module: v.optional(
        modulePath('The path of a module of this project that talks to ClickHouse itself, relative to the root, with extension.'),
      ),
      constructors: v.pipe(
        v.array(
          v.pipe(
            v.string(),
            v.regex(
              /^[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u,
              'the name of an export, such as createClient or ClickHouseModule.forRoot',
            ),
          ),
        ),
        v.nonEmpty('at least one export that creates a client'),
        v.description(
          'The exports that create a client; "default" is the default export, or the package itself. A static method or a member is written with a dot: ClickHouseModule.forRoot.',
        ),
      ),
    }),
    v.check(({ package: name, module }) => (name === undefined) !== (module === undefined), 'either "package" or "module"'),
  );

  const wholeNumber = 'a whole number, at least 1';
  const enclosingName = 'the name of an enclosing function, method, class or variable, such as run or Reports.run';
  const sanction = v.strictObject({
    path: v.pipe(glob, v.description('A glob of the files that may break the rules, relative to the root.')),
    rules: v.pipe(
      v.array(v.picklist(ruleNames, `one of ${ruleNames.join(', ')}`)),
      v.nonEmpty('at least one rule'),
      v.description('The rules that these files may break, without the prefix clickhouse-ssot/.'),
    ),
    in: v.pipe(
      v.optional(
        v.pipe(
          v.string(),
          v.check((name) => /^[^\s.()]+(?:\.[^\s.()]+)*$/.test(name), enclosingName),
        ),
      ),
      v.description(
        'The function, method, class or variable that contains the findings, as in run or Reports.run. Default: the whole file.',
      ),
    ),
    count: v.pipe(
      v.optional(v.pipe(v.number(wholeNumber), v.integer(wholeNumber), v.minValue(1, wholeNumber))),
      v.description(
        'Number of findings of each rule that the entry permits in each file. If there are more, all of them are reported. Default: unlimited.',
      ),
    ),
    reason: v.pipe(text('a written reason'), v.description('A written reason why these files may break the rules.')),
  });

  return v.strictObject({
    $schema: v.pipe(
      v.optional(v.string()),
      v.description('Path of the JSON schema, for completion in editors. It has no effect on the rules.'),
    ),
    factories: globs(
      'Globs of the modules that may construct clients: one for each deployable or platform (Node.js, edge). Default: [], then the factories are inferred.',
    ),
    accessors: v.pipe(
      v.optional(v.array(accessor), []),
      v.description('Functions that other code calls to get a client. Default: [], then accessors are inferred.'),
    ),
    managers: globs('Globs of the modules that own, pool or cache clients. Default: [], then managers are inferred.'),
    config: globs(
      'Globs of the modules that read ClickHouse settings from the environment. Default: [], then modules that read CLICKHOUSE_ variables have the role config, and single-config-source infers which of them is the source.',
    ),
    service: globs('Globs of the modules with the service interface and its implementations. Default: [], then no module has this role.'),
    clients: v.pipe(
      v.optional(v.array(client), []),
      v.description('Client packages in addition to the built-in ones, and modules of this project that are clients. Default: [].'),
    ),
    sanctioned: v.pipe(
      v.optional(v.array(sanction), []),
      v.description('Files that may break rules, each entry with a reason. Default: [].'),
    ),
    tests: v.pipe(
      v.optional(v.array(glob), defaultTests),
      v.description(
        `Globs of test files. A client that a test constructs is a finding of the preset "strict" alone; a test is never the factory and has no role in import cycles. A test that neither constructs a client nor opens a session is not analysed. Default: ${JSON.stringify(defaultTests)}.`,
      ),
    ),
    vendored: globs('Globs of third-party source in this repository. It is not analysed. Default: [].'),
    cache: v.pipe(
      v.optional(v.union([v.boolean(), text('the path of a folder')], 'true, false or the path of a folder'), true),
      v.description(
        'Whether results are kept on disk for the next run, or the folder to keep them in, relative to the root. Default: true, then node_modules/.cache/clickhouse-ssot.',
      ),
    ),
  });
}
