/** One thing of a random program that gives a client when it is asked, and is told by a flag how. */
export interface Unit {
  readonly index: number;
  readonly name: string;
  readonly file: string;
  readonly flag: string;
  readonly style: Style;
  /** What the flag is where the caller says nothing. */
  readonly fallback: boolean;
  readonly form: Form;
  readonly isAsync: boolean;
  readonly isAnnotated: boolean;
}

/** How a unit takes its flag; `nothing`: it cannot be told. */
export type Style = 'positional' | 'defaulted' | 'options' | 'pattern' | 'renamed' | 'nothing';

export type Form =
  | 'function'
  | 'arrow'
  | 'method'
  | 'static method'
  | 'interface'
  | 'abstract'
  | 'super'
  | 'literal'
  | 'made object'
  | 'callback in a field'
  | 'map'
  | 'table'
  | 'closure'
  | 'bound'
  | 'memoised'
  | 'constructor'
  | 'proxy'
  | 'strategies'
  | 'lazily imported'
  | 'getter'
  | 'pool out of sight'
  | 'emitter'
  | 'flag in a field';

/** Forms through which a caller cannot say anything. */
export const silentForms: ReadonlySet<Form> = new Set(['getter', 'pool out of sight', 'emitter']);

export const clientType = ({ isAsync }: Unit): string => (isAsync ? 'Promise<ClickHouseClient>' : 'ClickHouseClient');

/** What stands between the parentheses of its definition. */
export function parametersOf({ style, flag, fallback }: Unit): string {
  switch (style) {
    case 'nothing':
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
      return `{ ${flag}: told = ${fallback} }: { ${flag}?: boolean } = {}`;
  }
}

/** The flag, as the body of the unit reads it. */
export function flagOf({ style, flag, form }: Unit): string | undefined {
  if (style === 'nothing') return undefined;
  if (form === 'flag in a field') return 'this.told';
  if (style === 'renamed') return 'told';
  return style === 'options' ? `options.${flag}` : flag;
}

/** The parameter itself, to be passed on whole, where it is an object of options. */
export function passedOnWhole(unit: Unit): string | undefined {
  return unit.style === 'options' && unit.form !== 'flag in a field' ? 'options' : undefined;
}

/** What a caller writes to tell a unit something; undefined: it says nothing. */
export function argumentFor(unit: Unit, value: string | undefined): string {
  if (unit.style === 'nothing' || value === undefined) return '';
  return unit.style === 'positional' || unit.style === 'defaulted' ? value : `{ ${unit.flag}: ${value} }`;
}
