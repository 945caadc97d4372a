import { clientType, type DirectForm, parametersOf } from './unit.js';
import { functionThat, type UnitCode, type UnitParts } from './unit-code.js';

/** Returns the code of a unit whose function is called. `unused` is the body of an implementation without instances, if there is one. */
export function directCode(form: DirectForm, parts: UnitParts, unused: string | undefined): UnitCode {
  const { unit, name, Class, body, signature, asynchronous, type, arrow, called, forwarded, method } = parts;
  const viaRun = { exported: name, request: (args: string) => `${name}.run(${args})` };
  const direct = { exported: name, request: (args: string) => `${name}(${args})` };
  switch (form) {
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
        code: `class ${Class} {\n  constructor(private readonly open: ${type}) {}\n  run(${parametersOf(unit)}) { return this.open(${forwarded}); }\n}\nexport const ${name} = new ${Class}(${arrow});`,
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
        code: `export class ${Class} {\n  readonly client: ${clientType(unit)};\n  constructor(${parametersOf(unit)}) { this.client = ${called}; }\n}`,
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
        code: `export class ${Class} {\n  private readonly flagValue: boolean | undefined;\n  constructor(${parametersOf(unit)}) { this.flagValue = ${flagValue}; }\n  ${asynchronous}run()${unit.isAnnotated ? `: ${clientType(unit)}` : ''} {\n${body}\n  }\n}`,
      };
    }
    case 'dynamic-import':
      return {
        exported: '',
        request: (args) => `(await import('./${unit.file}.js')).${name}(${args})`,
        code: `export ${asynchronous}function ${name}${signature} {\n${body}\n}`,
      };
    case 'curried':
      return functionThat(
        parts,
        `const take${Class} = (log: string) => {\n  console.log(log);\n  return ${arrow};\n};`,
        `take${Class}('${name}')(${forwarded})`,
      );
    case 'applied':
      return functionThat(parts, `const open${Class} = ${arrow};`, `Reflect.apply(open${Class}, undefined, [${forwarded}])`);
    case 'private-method':
      return functionThat(
        parts,
        `class ${Class} {\n  ${method('#open')}\n  run(...args: Parameters<${type}>) { return this.#open(...args); }\n}`,
        `new ${Class}().run(${forwarded})`,
      );
    case 'mixin':
      return functionThat(
        parts,
        `class ${Class}Base {}\nfunction with${Class}<Base extends new (...args: any[]) => object>(Parent: Base) {\n  return class extends Parent { ${method('run')} };\n}\nconst ${Class} = with${Class}(${Class}Base);`,
        `new ${Class}().run(${forwarded})`,
      );
  }
}
