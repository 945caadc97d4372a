import type { CollectionForm } from './unit.js';
import { functionThat, type UnitCode, type UnitParts } from './unit-code.js';

/** Returns the code of a unit that keeps its function in a collection. `unused` is the body of a function that nothing asks for. */
export function collectionCode(form: CollectionForm, parts: UnitParts, unused: string): UnitCode {
  const { name, Class, type, arrow, forwarded, asynchronous, method } = parts;
  const openers = `${name}Openers`;
  const other = `${asynchronous}() => { ${unused} }`;
  const record = `const ${openers}: Record<string, ${type}> = { main: ${arrow} };`;
  const map = `const ${openers} = new Map<string, ${type}>([['main', ${arrow}]]);`;
  switch (form) {
    case 'map':
      return {
        exported: openers,
        request: (args) => `${openers}.get('main')!(${args})`,
        code: `export const ${openers} = new Map<string, ${type}>();\n${openers}.set('main', ${arrow});`,
      };
    case 'table':
      return { exported: openers, request: (args) => `${openers}[process.env.OPENER ?? 'main']!(${args})`, code: `export ${record}` };
    case 'strategies':
      return functionThat(
        parts,
        `const ${openers}: (${type})[] = [${arrow}];\nfunction first${Class}(): ${type} {\n  for (const open of ${openers}) return open;\n  throw new Error('no opener');\n}`,
        `first${Class}()(${forwarded})`,
      );
    case 'object-values':
      return functionThat(parts, record, `Object.values(${openers})[0]!(${forwarded})`);
    case 'object-entries':
      return functionThat(parts, record, `Object.entries(${openers}).map(([, open]) => open(${forwarded}))[0]!`);
    case 'map-values':
      return functionThat(parts, map, `[...${openers}.values()][0]!(${forwarded})`);
    case 'map-for-each':
      return functionThat(
        parts,
        `${map}\nfunction last${Class}(): ${type} {\n  let found: ${type} | undefined;\n  ${openers}.forEach((open) => { found = open; });\n  return found!;\n}`,
        `last${Class}()(${forwarded})`,
      );
    case 'set':
      return functionThat(parts, `const ${openers} = new Set<${type}>([${arrow}]);`, `[...${openers}][0]!(${forwarded})`);
    case 'destructured':
      return functionThat(parts, `const [open${Class}] = [${arrow}] as const;`, `open${Class}(${forwarded})`);
    case 'keyed-map':
      return functionThat(
        parts,
        `const ${openers} = new Map<string, ${type}>([['main', ${arrow}], ['spare', ${other}]]);`,
        `${openers}.get('main')!(${forwarded})`,
      );
    case 'keyed-record':
      return functionThat(parts, `const ${openers} = { main: ${arrow}, spare: ${other} };`, `${openers}['main'](${forwarded})`);
    case 'computed-write':
      return functionThat(
        parts,
        `const ${openers}: Record<string, ${type}> = {};\n${openers}[['ma', 'in'].join('')] = ${arrow};`,
        `${openers}['main']!(${forwarded})`,
      );
    case 'container':
      return functionThat(parts, `register('${name}', ${arrow});`, `(resolve('${name}') as ${type})(${forwarded})`);
    case 'bus':
      return functionThat(parts, `on('${name}', ${arrow});`, `(emit('${name}', [${forwarded}]) as ReturnType<${type}>)`);
    case 'class-in-map':
      return functionThat(
        parts,
        `class ${Class} { ${method('run')} }\nconst ${openers} = new Map([['main', ${Class}]]);`,
        `new (${openers}.get('main')!)().run(${forwarded})`,
      );
    case 'merged-object':
      return functionThat(
        parts,
        `const ${openers} = { ...{ spare: ${other} }, ...Object.assign({}, { main: ${arrow} }) };`,
        `${openers}.main(${forwarded})`,
      );
  }
}
