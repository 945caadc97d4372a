/** A function, object or class of a random program that returns a client, with a flag that selects how. */
export interface Unit {
  /** Position in the program; a unit requests clients from later units and from accessors. */
  readonly index: number;
  /** Name of the function, object or class; accessors start with `get`. */
  readonly name: string;
  /** Name of the module, without extension. */
  readonly file: string;
  /** Name of the flag. */
  readonly flag: string;
  /** How the unit receives its flag. */
  readonly style: Style;
  /** Default value of the flag. */
  readonly fallback: boolean;
  /** The syntax of the unit. */
  readonly form: Form;
  /** How the unit limits its runs. */
  readonly guard: Guard;
  /** Whether the unit returns a promise. */
  readonly isAsync: boolean;
  /** Whether the return type is written out. */
  readonly isAnnotated: boolean;
}

/** How a unit receives its flag; `none`: it has no parameter. */
export type Style = 'positional' | 'defaulted' | 'options' | 'pattern' | 'renamed' | 'none';

/** How a unit limits its runs: by a module variable that it sets before its body, or by keeping its result. */
export type Guard = 'none' | 'started' | 'kept';

/** The syntax of a unit. */
export type Form = CollectionForm | ProtocolForm | DirectForm;

/** Forms that keep the function in a collection. */
const collectionForms = [
  'map',
  'table',
  'strategies',
  'object-values',
  'object-entries',
  'map-values',
  'map-for-each',
  'set',
  'destructured',
  'keyed-map',
  'keyed-record',
  'computed-write',
  'container',
  'bus',
  'class-in-map',
  'merged-object',
] as const;
export type CollectionForm = (typeof collectionForms)[number];

/** Forms that run the function without a call of it in their code. */
const protocolForms = [
  'proxy',
  'getter',
  'emitter',
  'external-pool',
  'setter',
  'tagged-template',
  'using',
  'thenable',
  'iterator',
  'generator',
  'decorated',
  'symbol-method',
  'static-block',
] as const;
export type ProtocolForm = (typeof protocolForms)[number];

/** Forms that call the function. */
export type DirectForm =
  | 'function'
  | 'arrow'
  | 'method'
  | 'static-method'
  | 'interface'
  | 'abstract'
  | 'super'
  | 'literal'
  | 'factory-object'
  | 'callback-in-field'
  | 'closure'
  | 'bound'
  | 'memoised'
  | 'constructor'
  | 'dynamic-import'
  | 'flag-in-field'
  | 'curried'
  | 'applied'
  | 'private-method'
  | 'mixin';

export function isCollectionForm(form: Form): form is CollectionForm {
  return collectionForms.some((other) => other === form);
}

export function isProtocolForm(form: Form): form is ProtocolForm {
  return protocolForms.some((other) => other === form);
}

/** Forms without parameters. */
export const flaglessForms: ReadonlySet<Form> = new Set(['getter', 'external-pool', 'emitter']);

/** Returns the return type of the unit. */
export const clientType = ({ isAsync }: Unit): string => (isAsync ? 'Promise<ClickHouseClient>' : 'ClickHouseClient');

/** Returns the parameter list of the definition. */
export function parametersOf({ style, flag, fallback }: Unit): string {
  switch (style) {
    case 'none':
      return '';
    case 'positional':
      return `${flag}?: boolean`;
    case 'defaulted':
      return `${flag} = ${fallback}`;
    case 'options':
      return `options: { ${flag}?: boolean } = {}`;
    case 'pattern':
      return `{ ${flag} = ${fallback} }: { ${flag}?: boolean } = {}`;
    case 'renamed':
      return `{ ${flag}: flagValue = ${fallback} }: { ${flag}?: boolean } = {}`;
  }
}

/** Returns the expression by which the body reads the flag; undefined if there is none. */
export function flagOf({ style, flag, form }: Unit): string | undefined {
  if (style === 'none') return undefined;
  if (form === 'flag-in-field') return 'this.flagValue';
  if (style === 'renamed') return 'flagValue';
  return style === 'options' ? `options.${flag}` : flag;
}

/** Returns the name of the options parameter; undefined if the parameter is no object. */
export function optionsParameter(unit: Unit): string | undefined {
  return unit.style === 'options' && unit.form !== 'flag-in-field' ? 'options' : undefined;
}

/** Returns the arguments that set the flag to a value; empty for an undefined value. */
export function argumentFor(unit: Unit, value: string | undefined): string {
  if (unit.style === 'none' || value === undefined) return '';
  return unit.style === 'positional' || unit.style === 'defaulted' ? value : `{ ${unit.flag}: ${value} }`;
}
