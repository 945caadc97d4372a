import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { esLibrary, esLibraryFile } from '../../../src/model/typescript/es-library.js';

const file = '/source.ts';

/** A program of one file with a library: our own, or that of TypeScript. */
function programWith(library: 'own' | 'original', text: string): ts.Program {
  const options: ts.CompilerOptions = { target: ts.ScriptTarget.ESNext, strict: true, types: [], noEmit: true };
  const whole: ts.CompilerOptions = library === 'own' ? { ...options, noLib: true } : { ...options, lib: ['lib.esnext.d.ts'] };
  const host = ts.createCompilerHost(whole);
  const texts = new Map([[file, text], ...(library === 'own' ? [[esLibraryFile, esLibrary] as const] : [])]);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    const own = texts.get(name);
    return own === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, own, ts.ScriptTarget.ESNext);
  };
  return ts.createProgram([...texts.keys()], whole, host);
}

/** The types of the constants of a text. */
function typesIn(library: 'own' | 'original', text: string): string[] {
  const program = programWith(library, text);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  return (source?.statements ?? []).flatMap((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(
          (declaration) => `${declaration.name.getText(source)}: ${checker.typeToString(checker.getTypeAtLocation(declaration))}`,
        )
      : [],
  );
}

/** Names of the global values or types of a library. */
function globalsOf(library: 'own' | 'original', flags: ts.SymbolFlags): string[] {
  const program = programWith(library, '');
  const source = program.getSourceFile(file);
  const symbols = source ? program.getTypeChecker().getSymbolsInScope(source, flags) : [];
  return symbols.map(({ name }) => name).sort();
}

/** Expressions through which a client may pass. */
const expressions = `
class Client { run(): number { return 1; } }
declare const client: Client;
declare const pending: Promise<Client>;
declare const list: Client[];
const all = Promise.all([client, pending]);
const settled = Promise.allSettled([pending]);
const raced = Promise.race([pending, 1]);
const tried = Promise.try(() => pending);
const resolvers = Promise.withResolvers<Client>();
const chained = pending.then((c) => c.run(), () => 'no');
const mapped = list.map((c) => c.run());
const found = list.find((c) => c.run() > 1);
const last = list.at(-1);
const flat = [list, [list]].flat();
const sorted = list.toSorted();
const entries = Object.entries({ client });
const values = Object.values({ client });
const from = Object.fromEntries([['a', client]]);
const assigned = Object.assign({ a: 1 }, { client });
const frozen = Object.freeze({ client });
const grouped = Object.groupBy(list, () => 'a');
const map = new Map([['a', client]]);
const got = new Map([['a', client]]).get('a');
const spread = [...new Set(list)];
const firstOf = new Map([['a', client]]).values().next();
const helped = [1].values().map(() => client).toArray();
const weak = new WeakRef(client).deref();
const weakMap = new WeakMap<object, Client>().get({});
const bound = ((a: number, b: string) => client).bind(undefined, 1);
const called = (() => client).call(undefined);
const picked = {} as Pick<{ a: Client; b: 1 }, 'a'>;
const partial = {} as Partial<Record<'a', Client>>;
const result = {} as Awaited<ReturnType<() => Promise<Client>>>;
const instance = {} as InstanceType<typeof Client>;
const parameters = {} as Parameters<(a: Client, b: number) => void>;
const generator = (function* () { yield client; return 1; })();
const asyncGenerator = (async function* () { yield client; })();
const collected = Array.fromAsync(asyncGenerator);
const proxied = new Proxy(client, {});
const reflected = Reflect.construct(Client, []);
const disposable = new AsyncDisposableStack();
const text = 'a'.split(',').map((part) => part.trim().length);
const matched = 'a'.match(/a/)?.index;
const replaced = 'a'.replaceAll('a', () => 'b');
const time = new Date().getTime();
const rounded = Math.round(1.5);
const parsed = JSON.parse('{}');
const serialized = JSON.stringify({});
const failure = new Error('a', { cause: 1 }).cause;
const size = new Uint8Array(4).length;
const symbol = Symbol.for('a').description;
const big = 10n ** 2n;
const dateText = new Date().toLocaleDateString();
`;

describe('the declarations of the ES library', () => {
  it('name every global value and type that the library of TypeScript names', () => {
    for (const flags of [ts.SymbolFlags.Value, ts.SymbolFlags.Type, ts.SymbolFlags.Namespace]) {
      const own = new Set(globalsOf('own', flags));
      expect(globalsOf('original', flags).filter((name) => !own.has(name))).toEqual([]);
    }
  });

  it('give the same types to expressions that a client passes through', () => {
    expect(typesIn('own', expressions)).toEqual(typesIn('original', expressions));
    expect(typesIn('own', expressions)).toHaveLength(52);
  });

  it('have no error but the missing members of `Intl` and `Temporal`', () => {
    const program = programWith('own', '');
    const library = program.getSourceFile(esLibraryFile);
    const problems = [
      ...program.getSyntacticDiagnostics(library),
      ...program.getSemanticDiagnostics(library),
      ...program.getGlobalDiagnostics(),
    ];
    const messages = problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(messages.filter((message) => !/^Namespace '(?:Intl|Temporal)' has no exported member/.test(message))).toEqual([]);
  });
});
