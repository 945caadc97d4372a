import { clientType, parametersOf, type Unit } from './unit.js';

/** The code of a unit, and how other units request a client from it. */
export interface UnitCode {
  /** The definitions of the module. */
  readonly code: string;
  /** The name that other units import; empty for a dynamic import. */
  readonly exported: string;
  /** Returns the expression that requests a client with these arguments. */
  readonly request: (args: string) => string;
}

/** The parts that the forms of a unit are composed of. */
export interface UnitParts {
  readonly unit: Unit;
  readonly name: string;
  /** The name of its class. */
  readonly Class: string;
  /** The statements of the body. */
  readonly body: string;
  /** Parameters and return type. */
  readonly signature: string;
  /** `async ` or nothing. */
  readonly asynchronous: string;
  /** The type of the function. */
  readonly type: string;
  /** The body as an arrow function with the parameters. */
  readonly arrow: string;
  /** The body as an arrow function that is called at once. */
  readonly called: string;
  /** The arguments by which the unit forwards its own parameter. */
  readonly forwarded: string;
  /** The body as a method. */
  readonly method: (key: string, modifiers?: string) => string;
}

/** Returns the parts of a unit with this body. */
export function partsOf(unit: Unit, body: string): UnitParts {
  const { name, isAsync, isAnnotated } = unit;
  const asynchronous = isAsync ? 'async ' : '';
  const signature = `(${parametersOf(unit)})${isAnnotated ? `: ${clientType(unit)}` : ''}`;
  return {
    unit,
    name,
    Class: `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`,
    body,
    signature,
    asynchronous,
    type: typeOf(unit),
    arrow: `${asynchronous}${signature} => {\n${body}\n}`,
    called: `(${asynchronous}() => {\n${body}\n})()`,
    forwarded: forwardedBy(unit),
    method: (key, modifiers = '') => `${modifiers}${asynchronous}${key}${signature} {\n${body}\n}`,
  };
}

function typeOf(unit: Unit): string {
  const parameters = parametersOf(unit)
    .replace(/ = (?:true|false|\{\})/g, '')
    .replace(/\{[^{}]*\}: /, 'options?: ')
    .replace(/^options:/, 'options?:')
    .replace(/^(\w+)$/, '$1?: boolean');
  return `(${parameters}) => ${clientType(unit)}`;
}

function forwardedBy(unit: Unit): string {
  switch (unit.style) {
    case 'none':
      return '';
    case 'positional':
    case 'defaulted':
      return unit.flag;
    case 'options':
      return 'options';
    case 'pattern':
      return `{ ${unit.flag} }`;
    case 'renamed':
      return `{ ${unit.flag}: flagValue }`;
  }
}

/** The code of a unit that is a function of its name: `inner` are its definitions, `call` is the expression that it returns. */
export function functionThat({ name, unit }: UnitParts, inner: string, call: string): UnitCode {
  const result = unit.isAnnotated ? `: ${clientType(unit)}` : '';
  return {
    exported: name,
    request: (args) => `${name}(${args})`,
    code: `${inner}\nexport function ${name}(${parametersOf(unit)})${result} {\n  return ${call};\n}`,
  };
}
