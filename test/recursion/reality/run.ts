import { EventEmitter } from 'node:events';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import type { Generated } from './generate.js';
import { written } from './forms.js';
import { argumentFor, type Unit } from './unit.js';

/** Deeper than any program that comes to an end: it has fewer states than that. */
const endless = 60;

type Exports = Record<string, unknown>;

class Endless extends Error {}

/** Does asking any accessor, under any inputs, lead to asking without an end? Tried, not thought about. */
export async function recursesWhenRun({ files, accessors, inputs }: Generated): Promise<boolean> {
  const environment: Record<string, string> = {};
  const run = load(files, environment);
  for (let combination = 0; combination < 2 ** inputs.length; combination++) {
    inputs.forEach((name, index) => (environment[name] = (combination >> index) & 1 ? 'on' : 'off'));
    for (const accessor of accessors) for (const flag of [undefined, 'true', 'false']) if (await run.isEndless(accessor, flag)) return true;
  }
  return false;
}

interface Running {
  isEndless(accessor: Unit, flag: string | undefined): Promise<boolean>;
}

/** A fresh copy of the program's modules. What they read of the environment they read whenever they are asked. */
function load(files: Generated['files'], env: object): Running {
  let depth = 0;
  const asked = () => {
    if (++depth > endless) throw new Endless();
  };
  const loaded = new Map<string, Exports>([
    ['@clickhouse/client', { createClient: () => ({}) }],
    ['generic-pool', { createPool: ({ create }: { create: () => unknown }) => ({ acquire: () => create() }) }],
    ['node:events', { EventEmitter }],
  ]);
  const require = (specifier: string): Exports => {
    const name = specifier.replace(/^\.\/|\.js$/g, '');
    const known = loaded.get(name);
    if (known) return known;
    const exports: Exports = {};
    loaded.set(name, exports);
    compiled(files[`${name}.ts`] ?? '')(exports, require, { env }, { log: () => undefined }, asked);
    return exports;
  };
  return {
    async isEndless(accessor, flag) {
      const { exported, ask } = written(accessor, '', undefined);
      // An accessor's module comes first, as it does where somebody imports it.
      const call = compileFunction(`return ${ask(argumentFor(accessor, flag))}`, [exported]) as (from: unknown) => unknown;
      depth = 0;
      try {
        await call(require(`./${accessor.file}.js`)[exported]);
        return false;
      } catch (error) {
        if (error instanceof Endless) return true;
        throw error;
      }
    },
  };
}

type Module = (exports: Exports, require: (specifier: string) => Exports, process: object, console: object, asked: () => void) => void;

function compiled(text: string): Module {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  const { outputText } = ts.transpileModule(text.replace('/* asked */', 'asked();'), { compilerOptions: options });
  return compileFunction(outputText, ['exports', 'require', 'process', 'console', 'asked']) as Module;
}
