import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { read } from '../../scripts/generated.js';
import { repository } from '../places.js';

/** The pages about the runtime. A block that is no module of its own has another tag than `ts`. */
const pages = ['runtime/README.md', 'docs/migrating.md', ...filesIn('docs/runtime')];

const blocks = pages.flatMap((page) =>
  [...(existsSync(join(repository, page)) ? read(page) : '').matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ''], index) => ({
    file: join(repository, 'runtime', `${page.replace(/\W/g, '-')}-${index + 1}.ts`),
    code,
  })),
);

/** The pages of a folder, which may be missing. */
function filesIn(folder: string): string[] {
  return existsSync(join(repository, folder)) ? readdirSync(join(repository, folder)).map((name) => `${folder}/${name}`) : [];
}

/** Declares the names that the examples expect in the user's code. */
const userCode = `
type Runtime = typeof import('@clickhouse-ssot/runtime');
declare global {
  const clickhouse: import('@clickhouse-ssot/runtime').ClickHouseService;
  const values: readonly { readonly id: number }[];
  const ClickHouseConnectionFactory: Runtime['ClickHouseConnectionFactory'];
  function lookBeforeYouRepeat(): Promise<void>;
  function insertInSmallerPieces(): Promise<void>;
  function stopTakingRequests(): Promise<void>;
}
export {};
`;

/** Type-checks the files, which need not exist. Returns the messages of the compiler. */
function problemsOf(files: ReadonlyMap<string, string>): string[] {
  const source = join(repository, 'runtime/src');
  const { config }: { config?: object } = ts.readConfigFile(join(repository, 'tsconfig.base.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
  const host = ts.createCompilerHost(options);
  const [readFile, fileExists] = [host.readFile.bind(host), host.fileExists.bind(host)];
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.getSourceFile = (path, version) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, version);
  };
  const program = ts.createProgram(
    [...files.keys()],
    {
      ...options,
      noEmit: true,
      paths: { '@clickhouse-ssot/runtime': [join(source, 'index.ts')], '@clickhouse-ssot/runtime/*': [join(source, '*.ts')] },
    },
    host,
  );
  return [...files.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
}

it('every example on the pages of the runtime compiles as a module', () => {
  expect(blocks.length).toBeGreaterThan(10);
  const modules = blocks.map(({ file, code }) => [file, `${code}export {};\n`] as const);
  expect(problemsOf(new Map([[join(repository, 'runtime/user-code.ts'), userCode], ...modules]))).toEqual([]);
});
