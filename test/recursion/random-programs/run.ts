import { EventEmitter } from 'node:events';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import type { Generated } from './generate.js';
import { codeOf } from './forms.js';
import { argumentFor, type Unit } from './unit.js';

/** Maximum number of client requests of a terminating program: it has fewer states. */
const maxRequests = 60;

type Exports = Record<string, unknown>;

class EndlessRecursion extends Error {}

/** Executes the program with all inputs and flags, and resolves with whether one of the calls recurses without end. Called by `random-programs.test.ts`. */
export async function recursesWhenRun({ files, accessors, inputs }: Generated): Promise<boolean> {
  const environment: Record<string, string> = {};
  const modules = compileAll(files);
  let program = load(modules, environment);
  // A guard keeps its state between calls.
  const hasState = Object.values(files).some((text) => /\w(?:Started|Kept)\b/.test(text));
  for (let combination = 0; combination < 2 ** inputs.length; combination++) {
    inputs.forEach((name, index) => (environment[name] = (combination >> index) & 1 ? 'on' : 'off'));
    for (const accessor of accessors)
      for (const flag of [undefined, 'true', 'false']) {
        if (hasState) program = load(modules, environment);
        if (await program.isEndless(accessor, flag)) return true;
      }
  }
  return false;
}

/** What a race with a promise that waits for itself resolves with. */
const waiting = Symbol('waiting');

/** Resolves when no microtask is left: the programs wait for nothing else. */
function idle(): Promise<typeof waiting> {
  return new Promise((resolve) => setImmediate(() => setImmediate(() => resolve(waiting))));
}

interface LoadedProgram {
  isEndless(accessor: Unit, flag: string | undefined): Promise<boolean>;
}

function compileAll(files: Generated['files']): ReadonlyMap<string, Module> {
  return new Map(Object.entries(files).map(([file, text]) => [file, compile(text)]));
}

/** Returns a new copy of the modules of the program. They read `env` in each call. */
function load(modules: ReadonlyMap<string, Module>, env: object): LoadedProgram {
  let requests = 0;
  const countRequest = () => {
    if (++requests > maxRequests) throw new EndlessRecursion();
  };
  const loaded = new Map<string, Exports>([
    ['@clickhouse/client', { createClient: () => ({}) }],
    ['generic-pool', { createPool: ({ create }: { create: () => unknown }) => ({ acquire: () => create() }) }],
    ['node:events', { EventEmitter }],
  ]);
  const require = (specifier: string): Exports => {
    const name = specifier.replace(/^\.\/|\.js$/g, '');
    const cached = loaded.get(name);
    if (cached) return cached;
    const exports: Exports = {};
    loaded.set(name, exports);
    modules.get(`${name}.ts`)?.(exports, require, { env }, { log: () => undefined }, countRequest);
    return exports;
  };
  return {
    async isEndless(accessor, flag) {
      const { exported, request } = codeOf(accessor, '', undefined);
      // The module of the accessor is loaded first, as in a program that imports the accessor.
      const call = compileFunction(`return ${request(argumentFor(accessor, flag))}`, [exported]) as (from: unknown) => unknown;
      requests = 0;
      try {
        const result = call(require(`./${accessor.file}.js`)[exported]);
        return (await Promise.race([result, idle()])) === waiting;
      } catch (error) {
        if (error instanceof EndlessRecursion) return true;
        throw error;
      }
    },
  };
}

type Module = (
  exports: Exports,
  require: (specifier: string) => Exports,
  process: object,
  console: object,
  countRequest: () => void,
) => void;

function compile(text: string): Module {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  const { outputText } = ts.transpileModule(text.replace('/* count request */', 'countRequest();'), { compilerOptions: options });
  return compileFunction(outputText, ['exports', 'require', 'process', 'console', 'countRequest']) as Module;
}
