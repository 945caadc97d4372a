import { clientType, type ProtocolForm } from './unit.js';
import { functionThat, type UnitCode, type UnitParts } from './unit-code.js';

/** Returns the code of a unit whose function runs without a call of it: by a protocol of the language or by a library. */
export function protocolCode(form: ProtocolForm, parts: UnitParts): UnitCode {
  const { unit, name, Class, asynchronous, arrow, called, forwarded, signature, method } = parts;
  const client = clientType(unit);
  const viaRun = { exported: name, request: (args: string) => `${name}.run(${args})` };
  switch (form) {
    case 'proxy':
      return { ...viaRun, code: `class ${Class} { ${method('run')} }\nexport const ${name} = new Proxy(new ${Class}(), {});` };
    case 'getter':
      return {
        exported: name,
        request: () => `${name}.client`,
        code: `class ${Class} { get client() { return ${called}; } }\nexport const ${name} = new ${Class}();`,
      };
    case 'setter':
      return functionThat(
        parts,
        `const open${Class} = ${arrow};\nconst box${Class} = {\n  opened: undefined as ${client} | undefined,\n  set wanted(args: Parameters<typeof open${Class}>) { this.opened = open${Class}(...args); },\n};`,
        `(box${Class}.wanted = [${forwarded}], box${Class}.opened!)`,
      );
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
        code: `import { EventEmitter } from 'node:events';\nconst ${name} = new EventEmitter();\nlet opened${Class}: ${client};\n${name}.on('requested', () => { opened${Class} = ${called}; });\nexport function request${Class}() {\n  ${name}.emit('requested');\n  return opened${Class};\n}`,
      };
    case 'tagged-template': {
      const parameters = signature.replace('(', forwarded === '' ? '(_texts: TemplateStringsArray' : '(_texts: TemplateStringsArray, ');
      return functionThat(
        parts,
        `${asynchronous}function tag${Class}${parameters} {\n${parts.body}\n}`,
        forwarded === '' ? `tag${Class}\`\`` : `tag${Class}\`\${${forwarded}}\``,
      );
    }
    case 'using':
      return functionThat(
        parts,
        '',
        `(() => {\n  let opened: ${client} | undefined;\n  {\n    using lease = { [Symbol.dispose]: () => { opened = ${called}; } };\n    void lease;\n  }\n  return opened!;\n})()`,
      );
    case 'thenable':
      return functionThat(
        parts,
        '',
        unit.isAsync
          ? `({ then(done: (client: ${client}) => void, failed: (error: unknown) => void) { ${called}.then(done as never, failed); } } as unknown as ${client})`
          : called,
      );
    case 'iterator':
      return functionThat(
        parts,
        '',
        `(() => {\n  const source = { *[Symbol.iterator]() { yield ${called}; } };\n  const [client] = source;\n  return client!;\n})()`,
      );
    case 'generator': {
      const inner = signature.replace(/\): .*$/, ')');
      return functionThat(
        parts,
        `function* opened${Class}${inner} {\n  yield ${called};\n}`,
        `(opened${Class}(${forwarded}).next().value as ${client})`,
      );
    }
    case 'decorated':
      return functionThat(
        parts,
        `function traced${Class}<This, Args extends unknown[], Result>(method: (this: This, ...args: Args) => Result, _context: unknown) {\n  return function (this: This, ...args: Args): Result { return method.apply(this, args); };\n}\nclass ${Class} { @traced${Class} ${method('run')} }`,
        `new ${Class}().run(${forwarded})`,
      );
    case 'symbol-method':
      return functionThat(
        parts,
        `const opening${Class} = Symbol('open');\nclass ${Class} { ${method(`[opening${Class}]`)} }`,
        `new ${Class}()[opening${Class}](${forwarded})`,
      );
    case 'static-block':
      return functionThat(
        parts,
        `class ${Class} {\n  static open: ${parts.type};\n  static { ${Class}.open = ${arrow}; }\n}`,
        `${Class}.open(${forwarded})`,
      );
  }
}
