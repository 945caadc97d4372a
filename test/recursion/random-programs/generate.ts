import type { Program } from '../recursions-of.js';
import { codeOf } from './forms.js';
import { importedFunctionsIn } from './imported-functions.js';
import { Random } from '../../random.js';
import { argumentFor, flagOf, type Form, type Guard, optionsParameter, flaglessForms, type Style, type Unit } from './unit.js';

/** A random program, with its entry points and inputs. */
export interface Generated {
  /** The text of each file, by its path. */
  readonly files: Program;
  /** The entry points. Each is called with its flag undefined, true and false. */
  readonly accessors: readonly Unit[];
  /** Names of the environment variables that the program reads, each `on` or `off`. */
  readonly inputs: readonly string[];
}

const forms: Readonly<Record<Form, number>> = {
  function: 8,
  arrow: 5,
  method: 8,
  'static-method': 3,
  interface: 7,
  abstract: 3,
  super: 3,
  literal: 5,
  'factory-object': 4,
  'callback-in-field': 5,
  map: 4,
  table: 4,
  closure: 4,
  bound: 3,
  memoised: 5,
  constructor: 4,
  proxy: 2,
  strategies: 3,
  'dynamic-import': 4,
  getter: 3,
  'external-pool': 2,
  emitter: 2,
  'flag-in-field': 1,
  curried: 3,
  applied: 3,
  'private-method': 3,
  mixin: 2,
  'object-values': 2,
  'object-entries': 2,
  'map-values': 2,
  'map-for-each': 2,
  set: 2,
  destructured: 2,
  'keyed-map': 2,
  'keyed-record': 3,
  'computed-write': 2,
  container: 3,
  bus: 2,
  'class-in-map': 2,
  'merged-object': 2,
  setter: 2,
  'tagged-template': 3,
  using: 3,
  thenable: 2,
  iterator: 3,
  generator: 3,
  decorated: 3,
  'symbol-method': 2,
  'static-block': 2,
};
const guards: Readonly<Record<Guard, number>> = { none: 90, started: 6, kept: 4 };
const accessorForms = { function: 8, arrow: 3, 'static-method': 1 };
const styles: Readonly<Record<Style, number>> = { positional: 3, defaulted: 3, options: 4, pattern: 3, renamed: 2, none: 0 };

/** Returns the program of a seed. Called by `random-programs.test.ts`. */
export function generate(seed: number): Generated {
  for (let attempt = 0; ; attempt++) {
    const program = generateFrom(new Random(seed + attempt * 1_000_003));
    // A program without a client has nothing that the rules are about.
    if (Object.values(program.files).some((text) => text.includes('createClient()'))) return program;
  }
}

function generateFrom(random: Random): Generated {
  const units = createUnits(random);
  const inputs: string[] = [];
  const input = () => {
    // A few programs read the same variable twice.
    if (inputs.length < 6 && !(inputs.length > 0 && random.percent(5))) inputs.push(`INPUT_${inputs.length}`);
    return `process.env.${inputs.at(-1)} === 'on'`;
  };
  const bodies = units.map((unit) => new Body(unit, units, random, input).text());
  const code = units.map((unit, index) => codeOf(unit, bodies[index] ?? '', random.percent(25) ? unused(unit, random) : undefined));
  const files: Record<string, string> = {};
  for (const [index, unit] of units.entries()) {
    const text = `${guardVariable(unit)}${code[index]?.code ?? ''}`;
    const requested = units.filter((other) => other !== unit && text.includes(`@${other.index}(`));
    const imports = requested.flatMap((other) =>
      code[other.index]?.exported ? [`import { ${code[other.index]?.exported} } from './${other.file}.js';`] : [],
    );
    const linked = text.replace(/@(\d+)\(([^@]*?)@\)/g, (_, other: string, args: string) => code[Number(other)]?.request(args) ?? '');
    const helpers = importedFunctionsIn(linked);
    for (const { file, code: helperCode } of helpers) files[`${file}.ts`] = helperCode;
    files[`${unit.file}.ts`] = [
      `import { type ClickHouseClient, createClient } from '@clickhouse/client';`,
      ...imports,
      ...helpers.map(({ name, file }) => `import { ${name} } from './${file}.js';`),
      linked,
      '',
    ].join('\n');
  }
  return { files, accessors: units.filter(isAccessor), inputs };
}

/** The variable by which the unit limits its runs. */
function guardVariable({ name, guard }: Unit): string {
  if (guard === 'none') return '';
  return guard === 'started' ? `let ${name}Started = false;\n` : `let ${name}Kept: any;\n`;
}

/** Whether the unit is an accessor. */
export function isAccessor({ name }: Unit): boolean {
  return name.startsWith('get');
}

/** Returns the body of an implementation without instances; in rare cases it requests a client from the first accessor. */
function unused({ isAsync }: Unit, random: Random): string {
  return random.percent(95) ? 'return createClient();' : `return ${isAsync ? 'await ' : ''}@0(@)`;
}

/** Returns two to seven units, the first of them an accessor. */
function createUnits(random: Random): Unit[] {
  const isAsync = random.percent(50);
  const isAnnotated = random.percent(70);
  return Array.from({ length: random.between(2, 7) }, (_, index) => {
    const isAccessorUnit = index === 0 || (index > 1 && random.percent(12));
    const chosenForm = isAccessorUnit ? random.weighted<Form & keyof typeof accessorForms>(accessorForms) : random.weighted(forms);
    const form = chosenForm === 'dynamic-import' && !isAsync ? 'function' : chosenForm;
    const style = flaglessForms.has(form) ? 'none' : random.weighted(styles);
    const name = isAccessorUnit
      ? index === 0
        ? 'getClient'
        : `getReader${index}`
      : `${random.pick(['manager', 'pool', 'health', 'opener', 'registry', 'router'])}${index}`;
    const flag = isAccessorUnit
      ? random.pick(['bypassManager', 'bypassPool', 'skipManager', 'direct'])
      : random.pick(['alone', 'fresh', 'raw', 'forced', 'direct']);
    return {
      index,
      name,
      file: isAccessorUnit ? name.replace('get', '').toLowerCase() : name,
      flag,
      style,
      fallback: random.percent(15),
      form,
      guard: isAccessorUnit ? 'none' : random.weighted(guards),
      isAsync,
      isAnnotated,
    };
  });
}

/** The body of a unit, with one branch for each result of a condition. References to other units have the form `@index(args@)`. */
class Body {
  constructor(
    private readonly unit: Unit,
    private readonly units: readonly Unit[],
    private readonly random: Random,
    private readonly input: () => string,
  ) {}

  text(): string {
    const { name, guard, isAsync } = this.unit;
    const body = this.#unguarded();
    if (guard === 'none') return body;
    if (guard === 'started') return `  if (${name}Started) return createClient();\n  ${name}Started = true;\n${body}`;
    const run = `(${isAsync ? 'async ' : ''}() => {\n${body}\n})()`;
    return `  return (${name}Kept ??= ${run});`;
  }

  #unguarded(): string {
    const { random, unit } = this;
    const counter = isAccessor(unit) ? '  /* count request */\n' : '';
    const flag = flagOf(unit);
    const kind = random.weighted(isAccessor(unit) ? { flag: 85, input: 5, both: 10, none: 0 } : { flag: 30, input: 22, both: 6, none: 42 });
    if (kind === 'none' || (kind !== 'input' && flag === undefined)) return `${counter}  return ${this.#source(random.percent(75))};`;
    const condition = kind === 'flag' ? this.#flagged(flag ?? '') : kind === 'input' ? this.input() : `${flag ?? ''} && ${this.input()}`;
    const isForward = isAccessor(unit) ? !random.percent(90) : random.percent(50);
    return `${counter}${this.#branches(condition, this.#source(isForward), this.#source(!isForward || random.percent(60)))}`;
  }

  #flagged(flag: string): string {
    const { random, unit } = this;
    const options = optionsParameter(unit);
    if (options !== undefined && random.percent(30)) {
      const key = unit.flag;
      return random.pick([
        `('${key}' in ${options} && ${options}.${key} === true)`,
        `({ ...${options} }.${key} ?? false)`,
        `(withDefaults(${options}).${key} ?? false)`,
        `(Object.hasOwn(${options}, '${key}') && ${options}.${key} === true)`,
        `(${options}?.${key} ?? false)`,
        `(${options}['${key}'] === true)`,
      ]);
    }
    if (random.percent(25))
      return random.pick([
        `(${flag} ?? false)`,
        `(${flag} != null && ${flag})`,
        `isOn(${flag})`,
        `[true].includes(${flag} === true)`,
        `(String(${flag}) === 'true')`,
        `(typeof ${flag} === 'boolean' && ${flag})`,
        `(${flag} !== undefined ? ${flag} : false)`,
        `!(${flag} == null || !${flag})`,
      ]);
    return random.weighted({ [flag]: 8, [`Boolean(${flag})`]: 1, [`${flag} === true`]: 1, [`!!${flag}`]: 1, [`!${flag}`]: 0.6 });
  }

  #branches(condition: string, yes: string, no: string): string {
    switch (this.random.weighted({ else: 2, early: 3, negated: 2, ternary: 3, switch: 1, or: 1, nullish: 1, constant: 1 })) {
      case 'else':
        return `  if (${condition}) {\n    return ${yes};\n  } else {\n    return ${no};\n  }`;
      case 'early':
        return `  if (${condition}) return ${yes};\n  return ${no};`;
      case 'negated':
        return `  if (!(${condition})) {\n    return ${no};\n  }\n  return ${yes};`;
      case 'ternary':
        return `  return ${condition} ? ${yes} : ${no};`;
      case 'switch':
        return `  switch (true) {\n    case ${condition.includes('&&') ? `(${condition})` : condition}:\n      return ${yes};\n    default:\n      return ${no};\n  }`;
      case 'or':
        return `  return ((${condition}) && (${yes})) || (${no});`;
      case 'nullish':
        return `  return ((${condition}) ? undefined : (${no})) ?? (${yes});`;
      case 'constant':
        return `  const isDecided = ${condition};\n  if (isDecided) return ${yes};\n  return ${no};`;
    }
  }

  /** Returns an expression for a client, from the driver or from another unit. */
  #source(canForward: boolean): string {
    const { random, unit, units } = this;
    const later = units.slice(unit.index + 1);
    const accessors = units.filter((other) => isAccessor(other) && other !== unit);
    const [first, ...others] = random.percent(62) && later.length > 0 ? later : accessors;
    if (!canForward || !first) return 'createClient()';
    const target = random.percent(60) ? first : random.pick([first, ...others]);
    const request = this.#wrapped(`@${target.index}(${this.#argumentsFor(target)}@)`, target);
    return unit.isAsync ? `await ${request}` : request;
  }

  #wrapped(request: string, target: Unit): string {
    if (request.includes('await') || target.form === 'dynamic-import') return request;
    switch (this.random.weighted({ plain: 82, retry: 8, map: 5, then: 5 })) {
      case 'retry':
        return `retry(() => ${request})`;
      case 'map':
        return `[0].map(() => ${request})[0]!`;
      case 'then':
        return this.unit.isAsync ? `Promise.resolve().then(() => ${request})` : request;
      default:
        return request;
    }
  }

  #argumentsFor(target: Unit): string {
    const { random, unit } = this;
    const own = flagOf(unit);
    const parameter = optionsParameter(unit);
    if (
      parameter !== undefined &&
      unit.flag === target.flag &&
      !['positional', 'defaulted', 'none'].includes(target.style) &&
      random.percent(60)
    )
      return random.pick([parameter, `{ ...${parameter} }`]);
    const value = random.weighted(
      isAccessor(target)
        ? { true: 50, false: 8, own: 20, negated: 5, omitted: 12, input: 5 }
        : { true: 20, false: 22, own: 36, negated: 8, omitted: 12, input: 2 },
    );
    if (value === 'input') return argumentFor(target, this.input());
    if (value === 'own' || value === 'negated') return argumentFor(target, own === undefined ? 'true' : value === 'own' ? own : `!${own}`);
    return this.#built(argumentFor(target, value === 'omitted' ? undefined : value), target);
  }

  /** An options object is built in one of the usual ways. */
  #built(args: string, target: Unit): string {
    if (!args.startsWith('{') || this.random.percent(75)) return args;
    return this.random.pick([
      `Object.assign({}, ${args})`,
      `{ ...{ ${target.flag}: false }, ...${args} }`,
      `withDefaults(${args})`,
      `structuredClone(${args})`,
      `Object.freeze(${args})`,
      `without({ spare: 1, ...${args} }, 'spare')`,
      `without(${args}, '${target.flag}')`,
    ]);
  }
}
