import { clientType, parametersOf, type Unit } from './unit.js';

/** How a unit is written down, and how it is asked. */
interface Written {
  readonly code: string;
  /** What others import. */
  readonly exported: string;
  readonly ask: (given: string) => string;
}

export function written(unit: Unit, body: string, unused: string | undefined): Written {
  const { name, isAsync, isAnnotated } = unit;
  const takes = `(${parametersOf(unit)})${isAnnotated ? `: ${clientType(unit)}` : ''}`;
  const type = `(${parametersOf(unit)
    .replace(/ = (?:true|false|\{\})/g, '')
    .replace(/\{[^{}]*\}: /, 'options?: ')
    .replace(/^options:/, 'options?:')
    .replace(/^(\w+)$/, '$1?: boolean')}) => ${clientType(unit)}`;
  const asynchronous = isAsync ? 'async ' : '';
  const arrow = `${asynchronous}${takes} => {\n${body}\n}`;
  const method = (key: string, modifiers = '') => `${modifiers}${asynchronous}${key}${takes} {\n${body}\n}`;
  const Class = `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
  const viaRun = { exported: name, ask: (given: string) => `${name}.run(${given})` };
  const direct = { exported: name, ask: (given: string) => `${name}(${given})` };

  switch (unit.form) {
    case 'function':
      return { ...direct, code: `export ${asynchronous}function ${name}${takes} {\n${body}\n}` };
    case 'arrow':
      return { ...direct, code: `export const ${name} = ${arrow};` };
    case 'method':
      return { ...viaRun, code: `class ${Class} { ${method('run')} }\nexport const ${name} = new ${Class}();` };
    case 'static method':
      return { exported: Class, ask: (given) => `${Class}.run(${given})`, code: `export class ${Class} { ${method('run', 'static ')} }` };
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
        code: `abstract class ${Class}Base {\n  run(...given: Parameters<${type}>) { return this.open(...given); }\n  protected abstract open: ${type};\n}\nclass ${Class} extends ${Class}Base { protected open = ${arrow}; }\nexport const ${name} = new ${Class}();`,
      };
    case 'super':
      return {
        ...viaRun,
        code: `class ${Class}Base { ${method('run')} }\nclass ${Class} extends ${Class}Base { override run(...given: Parameters<${Class}Base['run']>) { return super.run(...given); } }\nexport const ${name} = new ${Class}();`,
      };
    case 'literal':
      return { ...viaRun, code: `export const ${name} = { ${method('run')} };` };
    case 'made object':
      return {
        ...viaRun,
        code: `function make${Class}() {\n  const kept: ClickHouseClient[] = [];\n  return { kept, ${method('run')} };\n}\nexport const ${name} = make${Class}();`,
      };
    case 'callback in a field':
      return {
        ...viaRun,
        code: `class ${Class} {\n  constructor(private readonly open: ${type}) {}\n  run(${parametersOf(unit)}) { return this.open(${forwarded(unit)}); }\n}\nexport const ${name} = new ${Class}(${arrow});`,
      };
    case 'map':
      return {
        ...direct,
        exported: `${name}Ways`,
        ask: (given) => `${name}Ways.get('main')!(${given})`,
        code: `export const ${name}Ways = new Map<string, ${type}>();\n${name}Ways.set('main', ${arrow});`,
      };
    case 'table':
      return {
        exported: `${name}Ways`,
        ask: (given) => `${name}Ways[process.env.WAY ?? 'main']!(${given})`,
        code: `export const ${name}Ways: Record<string, ${type}> = { main: ${arrow} };`,
      };
    case 'closure':
      return {
        ...direct,
        code: `function make${Class}(label: string) {\n  console.log(label);\n  return ${arrow};\n}\nexport const ${name} = make${Class}('${name}');`,
      };
    case 'bound':
      return {
        ...direct,
        code: `class ${Class} { ${method('run')} }\nconst made${Class} = new ${Class}();\nexport const ${name} = made${Class}.run.bind(made${Class});`,
      };
    case 'memoised':
      return {
        exported: `get${Class}`,
        ask: (given) => `get${Class}().run(${given})`,
        code: `class ${Class} { ${method('run')} }\nlet made${Class}: ${Class} | undefined;\nexport function get${Class}() { return (made${Class} ??= new ${Class}()); }`,
      };
    case 'constructor':
      return {
        exported: Class,
        ask: (given) => `new ${Class}(${given}).client`,
        code: `export class ${Class} {\n  readonly client: ${clientType(unit)};\n  constructor(${parametersOf(unit)}) { this.client = (${isAsync ? 'async ' : ''}() => {\n${body}\n})(); }\n}`,
      };
    case 'flag in a field': {
      const told = {
        positional: unit.flag,
        defaulted: unit.flag,
        options: `options.${unit.flag}`,
        pattern: unit.flag,
        renamed: 'told',
        nothing: 'undefined',
      }[unit.style];
      return {
        exported: Class,
        ask: (given) => `new ${Class}(${given}).run()`,
        code: `export class ${Class} {\n  private readonly told: boolean | undefined;\n  constructor(${parametersOf(unit)}) { this.told = ${told}; }\n  ${asynchronous}run()${isAnnotated ? `: ${clientType(unit)}` : ''} {\n${body}\n  }\n}`,
      };
    }
    case 'proxy':
      return { ...viaRun, code: `class ${Class} { ${method('run')} }\nexport const ${name} = new Proxy(new ${Class}(), {});` };
    case 'strategies':
      return {
        ...direct,
        code: `const ${name}Ways: (${type})[] = [${arrow}];\nexport function ${name}(${parametersOf(unit)}) {\n  for (const open of ${name}Ways) return open(${forwarded(unit)});\n  throw new Error('no way');\n}`,
      };
    case 'lazily imported':
      return {
        exported: '',
        ask: (given) => `(await import('./${unit.file}.js')).${name}(${given})`,
        code: `export ${asynchronous}function ${name}${takes} {\n${body}\n}`,
      };
    case 'getter':
      return {
        exported: name,
        ask: () => `${name}.client`,
        code: `class ${Class} { get client() { return (${isAsync ? 'async ' : ''}() => {\n${body}\n})(); } }\nexport const ${name} = new ${Class}();`,
      };
    case 'pool out of sight':
      return {
        exported: name,
        ask: () => `${name}.acquire()`,
        code: `import { createPool } from 'generic-pool';\nexport const ${name} = createPool({ ${method('create')}, destroy: () => undefined }, { max: 2 });`,
      };
    case 'emitter':
      return {
        exported: `ask${Class}`,
        ask: () => `ask${Class}()`,
        code: `import { EventEmitter } from 'node:events';\nconst ${name} = new EventEmitter();\nlet held${Class}: ${clientType(unit)};\n${name}.on('wanted', () => { held${Class} = (${isAsync ? 'async ' : ''}() => {\n${body}\n})(); });\nexport function ask${Class}() {\n  ${name}.emit('wanted');\n  return held${Class};\n}`,
      };
  }
}

/** A unit hands its own parameter on as it is. */
function forwarded(unit: Unit): string {
  switch (unit.style) {
    case 'nothing':
      return '';
    case 'positional':
    case 'defaulted':
      return unit.flag;
    case 'options':
      return 'options';
    case 'pattern':
      return `{ ${unit.flag} }`;
    case 'renamed':
      return `{ ${unit.flag}: told }`;
  }
}
