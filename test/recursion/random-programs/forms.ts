import { clientType, parametersOf, type Unit } from './unit.js';

/** The code of a unit, and how other units request a client from it. */
interface UnitCode {
  /** The definitions of the module. */
  readonly code: string;
  /** The name that other units import; empty for a dynamic import. */
  readonly exported: string;
  /** Returns the expression that requests a client with these arguments. */
  readonly request: (args: string) => string;
}

/** Returns the code of a unit with this body. `unused` is the body of an implementation without instances, if there is one. */
export function codeOf(unit: Unit, body: string, unused: string | undefined): UnitCode {
  const { name, isAsync, isAnnotated } = unit;
  const signature = `(${parametersOf(unit)})${isAnnotated ? `: ${clientType(unit)}` : ''}`;
  const type = `(${parametersOf(unit)
    .replace(/ = (?:true|false|\{\})/g, '')
    .replace(/\{[^{}]*\}: /, 'options?: ')
    .replace(/^options:/, 'options?:')
    .replace(/^(\w+)$/, '$1?: boolean')}) => ${clientType(unit)}`;
  const asynchronous = isAsync ? 'async ' : '';
  const arrow = `${asynchronous}${signature} => {\n${body}\n}`;
  const method = (key: string, modifiers = '') => `${modifiers}${asynchronous}${key}${signature} {\n${body}\n}`;
  const Class = `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
  const viaRun = { exported: name, request: (args: string) => `${name}.run(${args})` };
  const direct = { exported: name, request: (args: string) => `${name}(${args})` };

  switch (unit.form) {
    case 'function':
      return { ...direct, code: `export ${asynchronous}function ${name}${signature} {\n${body}\n}` };
    case 'arrow':
      return { ...direct, code: `export const ${name} = ${arrow};` };
    case 'method':
      return { ...viaRun, code: `class ${Class} { ${method('run')} }\nexport const ${name} = new ${Class}();` };
    case 'static-method':
      return { exported: Class, request: (args) => `${Class}.run(${args})`, code: `export class ${Class} { ${method('run', 'static ')} }` };
    case 'interface': {
      const other =
        unused === undefined ? '' : `\nexport class Unused${Class} implements ${Class}Like { ${asynchronous}run() { ${unused} } }`;
      return {
        ...viaRun,
        code: `export interface ${Class}Like { run: ${type} }\nclass ${Class} implements ${Class}Like { ${method('run')} }${other}\nexport const ${name}: ${Class}Like = new ${Class}();`,
      };
    }
    case 'abstract':
      return {
        ...viaRun,
        code: `abstract class ${Class}Base {\n  run(...args: Parameters<${type}>) { return this.open(...args); }\n  protected abstract open: ${type};\n}\nclass ${Class} extends ${Class}Base { protected open = ${arrow}; }\nexport const ${name} = new ${Class}();`,
      };
    case 'super':
      return {
        ...viaRun,
        code: `class ${Class}Base { ${method('run')} }\nclass ${Class} extends ${Class}Base { override run(...args: Parameters<${Class}Base['run']>) { return super.run(...args); } }\nexport const ${name} = new ${Class}();`,
      };
    case 'literal':
      return { ...viaRun, code: `export const ${name} = { ${method('run')} };` };
    case 'factory-object':
      return {
        ...viaRun,
        code: `function create${Class}() {\n  const clients: ClickHouseClient[] = [];\n  return { clients, ${method('run')} };\n}\nexport const ${name} = create${Class}();`,
      };
    case 'callback-in-field':
      return {
        ...viaRun,
        code: `class ${Class} {\n  constructor(private readonly open: ${type}) {}\n  run(${parametersOf(unit)}) { return this.open(${forwarded(unit)}); }\n}\nexport const ${name} = new ${Class}(${arrow});`,
      };
    case 'map':
      return {
        ...direct,
        exported: `${name}Openers`,
        request: (args) => `${name}Openers.get('main')!(${args})`,
        code: `export const ${name}Openers = new Map<string, ${type}>();\n${name}Openers.set('main', ${arrow});`,
      };
    case 'table':
      return {
        exported: `${name}Openers`,
        request: (args) => `${name}Openers[process.env.OPENER ?? 'main']!(${args})`,
        code: `export const ${name}Openers: Record<string, ${type}> = { main: ${arrow} };`,
      };
    case 'closure':
      return {
        ...direct,
        code: `function create${Class}(label: string) {\n  console.log(label);\n  return ${arrow};\n}\nexport const ${name} = create${Class}('${name}');`,
      };
    case 'bound':
      return {
        ...direct,
        code: `class ${Class} { ${method('run')} }\nconst instance${Class} = new ${Class}();\nexport const ${name} = instance${Class}.run.bind(instance${Class});`,
      };
    case 'memoised':
      return {
        exported: `get${Class}`,
        request: (args) => `get${Class}().run(${args})`,
        code: `class ${Class} { ${method('run')} }\nlet instance${Class}: ${Class} | undefined;\nexport function get${Class}() { return (instance${Class} ??= new ${Class}()); }`,
      };
    case 'constructor':
      return {
        exported: Class,
        request: (args) => `new ${Class}(${args}).client`,
        code: `export class ${Class} {\n  readonly client: ${clientType(unit)};\n  constructor(${parametersOf(unit)}) { this.client = (${isAsync ? 'async ' : ''}() => {\n${body}\n})(); }\n}`,
      };
    case 'flag-in-field': {
      const flagValue = {
        positional: unit.flag,
        defaulted: unit.flag,
        options: `options.${unit.flag}`,
        pattern: unit.flag,
        renamed: 'flagValue',
        none: 'undefined',
      }[unit.style];
      return {
        exported: Class,
        request: (args) => `new ${Class}(${args}).run()`,
        code: `export class ${Class} {\n  private readonly flagValue: boolean | undefined;\n  constructor(${parametersOf(unit)}) { this.flagValue = ${flagValue}; }\n  ${asynchronous}run()${isAnnotated ? `: ${clientType(unit)}` : ''} {\n${body}\n  }\n}`,
      };
    }
    case 'proxy':
      return { ...viaRun, code: `class ${Class} { ${method('run')} }\nexport const ${name} = new Proxy(new ${Class}(), {});` };
    case 'strategies':
      return {
        ...direct,
        code: `const ${name}Openers: (${type})[] = [${arrow}];\nexport function ${name}(${parametersOf(unit)}) {\n  for (const open of ${name}Openers) return open(${forwarded(unit)});\n  throw new Error('no opener');\n}`,
      };
    case 'dynamic-import':
      return {
        exported: '',
        request: (args) => `(await import('./${unit.file}.js')).${name}(${args})`,
        code: `export ${asynchronous}function ${name}${signature} {\n${body}\n}`,
      };
    case 'getter':
      return {
        exported: name,
        request: () => `${name}.client`,
        code: `class ${Class} { get client() { return (${isAsync ? 'async ' : ''}() => {\n${body}\n})(); } }\nexport const ${name} = new ${Class}();`,
      };
    case 'external-pool':
      return {
        exported: name,
        request: () => `${name}.acquire()`,
        code: `import { createPool } from 'generic-pool';\nexport const ${name} = createPool({ ${method('create')}, destroy: () => undefined }, { max: 2 });`,
      };
    case 'emitter':
      return {
        exported: `request${Class}`,
        request: () => `request${Class}()`,
        code: `import { EventEmitter } from 'node:events';\nconst ${name} = new EventEmitter();\nlet opened${Class}: ${clientType(unit)};\n${name}.on('requested', () => { opened${Class} = (${isAsync ? 'async ' : ''}() => {\n${body}\n})(); });\nexport function request${Class}() {\n  ${name}.emit('requested');\n  return opened${Class};\n}`,
      };
  }
}

/** Returns the arguments by which a unit forwards its own parameter. */
function forwarded(unit: Unit): string {
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
