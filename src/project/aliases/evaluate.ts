import { posix } from 'node:path';
import { type Expression, readExpression } from './expression.js';

/** A configuration file in which expressions are evaluated. */
export interface ConfigFile {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
  /** The working directory of the tool: the folder of the package. */
  readonly cwd: string;
}

/** Values of the parameters of the functions around an expression. */
type Parameters = ReadonlyMap<string, string>;

/** Maximum number of names and calls that lead from one expression to the next. */
const maxSteps = 12;

/** Returns the strings that an expression may be, as paths, package names or patterns; none if it is not understood. */
export function stringsOf(expression: Expression, config: ConfigFile, parameters: Parameters = new Map(), steps = maxSteps): string[] {
  if (steps === 0) return [];
  const inner = (part: Expression) => stringsOf(part, config, parameters, steps - 1);
  switch (expression.kind) {
    case 'string':
      return [expression.value];
    case 'template':
      return joined(expression.parts.map(inner), '');
    case 'either':
      return expression.options.flatMap(inner);
    case 'list':
      return expression.items.flatMap(inner);
    case 'spread':
      return inner(expression.of);
    case 'member':
      return memberValues(expression, config, inner, steps);
    case 'name': {
      const parameter = parameters.get(expression.name);
      if (parameter !== undefined) return [parameter];
      if (expression.name === '__dirname') return [posix.dirname(config.file)];
      if (expression.name === '__filename') return [config.file];
      return definitionsOf(expression.name, config).flatMap(inner);
    }
    case 'call':
      return callValues(expression, config, inner, steps);
    default:
      return [];
  }
}

/** Returns the object and list literals that an expression may be, through names, spreads and functions that return them. */
export function literalsOf(expression: Expression, config: ConfigFile, steps = maxSteps): Expression[] {
  if (steps === 0) return [];
  const inner = (part: Expression) => literalsOf(part, config, steps - 1);
  switch (expression.kind) {
    case 'object':
    case 'list':
      return [expression];
    case 'either':
      return expression.options.flatMap(inner);
    case 'spread':
      return inner(expression.of);
    case 'name':
      return definitionsOf(expression.name, config).flatMap(inner);
    case 'function':
      return inner(expression.result);
    case 'call':
      return [...inner(expression.callee), ...expression.args.flatMap(inner)];
    default:
      return [];
  }
}

/** The values that the file gives a variable or a function of the name. */
function definitionsOf(name: string, { text }: ConfigFile): Expression[] {
  const escaped = name.replace(/\$/g, '\\$');
  const variable = new RegExp(String.raw`(?:const|let|var)\s+${escaped}\s*(?::[^=;]*)?=(?![=>])`, 'g');
  const declared = [...text.matchAll(variable)].map((match) => readExpression(text, match.index + match[0].length));
  const callable = new RegExp(String.raw`function\s+${escaped}\s*\(([^)]*)\)[^{]*\{[^]*?\breturn\b`, 'g');
  const callables = [...text.matchAll(callable)].map((match): Expression => {
    const parameters = (match[1] ?? '').split(',').map((parameter) => /[\w$]+/.exec(parameter)?.[0] ?? '');
    return { kind: 'function', parameters, result: readExpression(text, match.index + match[0].length) };
  });
  return [...declared, ...callables];
}

type Member = Extract<Expression, { kind: 'member' }>;
type Call = Extract<Expression, { kind: 'call' }>;

function memberValues({ of, name }: Member, config: ConfigFile, inner: (part: Expression) => string[], steps: number): string[] {
  const path = dotted({ kind: 'member', of, name });
  if (path === 'import.meta.dirname') return [posix.dirname(config.file)];
  if (path === 'import.meta.filename' || path === 'import.meta.url') return [config.file];
  // A URL stands for its path here.
  if (name === 'pathname' || name === 'href') return inner(of);
  return [...literalsOf(of, config, steps - 1), ...memberTables(of, config)].flatMap((literal) =>
    literal.kind === 'object'
      ? literal.entries.flatMap(([key, value]) => (key.kind === 'string' && key.value === name ? inner(value) : []))
      : [],
  );
}

/** The members of an enum, or the static ones of a class, that a name stands for. */
function memberTables(of: Expression, { text }: ConfigFile): Expression[] {
  if (of.kind !== 'name') return [];
  const name = of.name.replace(/\$/g, '\\$');
  const enums = [...text.matchAll(new RegExp(String.raw`\benum\s+${name}\s*\{([^{}]*)\}`, 'g'))].map(([, body = '']) => body);
  const classes = [...text.matchAll(new RegExp(String.raw`\bclass\s+${name}\b[^{]*\{([^]*?)(?:\n\}|$|\}\s*(?:;|\n))`, 'g'))].map(
    ([, body = '']) => body,
  );
  const entriesIn = (body: string, member: RegExp) =>
    [...body.matchAll(member)].map((match) => {
      const key: Expression = { kind: 'string', value: match[1] ?? '' };
      return [key, readExpression(body, match.index + match[0].length)] as const;
    });
  return [
    ...enums.map((body): Expression => ({ kind: 'object', entries: entriesIn(body, /([\w$]+)['"]?\s*=(?!=)/g) })),
    ...classes.map((body): Expression => ({
      kind: 'object',
      entries: entriesIn(body, /\bstatic\s+(?:readonly\s+)?([\w$]+)[^=;{}()]*=(?![=>])/g),
    })),
  ];
}

function callValues(call: Call, config: ConfigFile, inner: (part: Expression) => string[], steps: number): string[] {
  const { callee, args } = call;
  const name = callee.kind === 'member' ? callee.name : callee.kind === 'name' ? callee.name : '';
  const path = dotted(callee);
  const folder = posix.dirname(config.file);
  if (path === 'process.cwd') return [config.cwd];
  if (callee.kind === 'name') {
    const results = definitionsOf(name, config).flatMap((definition) => {
      if (definition.kind !== 'function') return [];
      const values = definition.parameters.map((parameter, index) => [parameter, args[index] ? inner(args[index])[0] : undefined] as const);
      const known = values.filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
      return stringsOf(definition.result, config, new Map(known), steps - 1);
    });
    if (results.length > 0) return results;
  }
  const values = args.map(inner);
  if (name === 'URL') return joined(values.slice(0, 1), '').map((value) => posix.resolve(folder, value.replace(/^file:\/\//, '')));
  if (name === 'dirname') return (values[0] ?? []).map((value) => posix.dirname(value));
  if (name === 'join') return joined(values, '/').map((value) => posix.normalize(value));
  if (path === 'require.resolve' || path === 'import.meta.resolve')
    return (values[0] ?? []).map((value) => (value.startsWith('.') ? posix.resolve(folder, value) : value));
  if (name === 'resolve') return resolved(values, path === 'path.resolve' || path === 'resolve' ? config.cwd : folder);
  if (name === 'toString' && callee.kind === 'member') return inner(callee.of);
  if (name === 'fileURLToPath' || name === 'normalizePath' || name === 'String' || args.length === 1) return values[0] ?? [];
  return resolved(values, folder);
}

function resolved(values: readonly (readonly string[])[], folder: string): string[] {
  // A path that starts with a slash is not joined behind a folder.
  return joined(values, '\0').map((value) => posix.resolve(folder, ...value.split('\0')));
}

/** All combinations of the values, joined; none if a part has no value. */
function joined(parts: readonly (readonly string[])[], separator: string): string[] {
  return (
    parts.reduce<string[] | undefined>((before, values) => {
      const all = (before ?? ['']).flatMap((start) => values.map((value) => (before ? start + separator + value : value)));
      return all.slice(0, 16);
    }, undefined) ?? []
  );
}

/** The text of a chain of names: `import.meta.url`. */
function dotted(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'member') return undefined;
  const start = dotted(expression.of);
  return start === undefined ? undefined : `${start}.${expression.name}`;
}
