import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { repository } from '../places.js';
import { codeSpans, rowsBelow } from './runtime-readme.js';

const folder = join(repository, 'runtime/src');
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));

/** Returns the names of the interfaces and type aliases that each entry point exports, by its path in the package. */
function exportedTypes(): Map<string, string[]> {
  const { config }: { config?: object } = ts.readConfigFile(join(repository, 'tsconfig.base.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
  const program = ts.createProgram(
    files.map((name) => join(folder, name)),
    { ...options, noEmit: true },
  );
  const checker = program.getTypeChecker();
  const isType = (symbol: ts.Symbol): boolean => {
    // A class that is exported as a type.
    if (symbol.declarations?.some((node) => ts.isExportSpecifier(node) && (node.isTypeOnly || node.parent.parent.isTypeOnly)) === true)
      return true;
    const { flags } = (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
    return (flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) !== 0 && (flags & ts.SymbolFlags.Value) === 0;
  };
  return new Map(
    files.map((name) => {
      const file = program.getSourceFile(join(folder, name));
      const symbol = file && checker.getSymbolAtLocation(file);
      const exported = symbol ? checker.getExportsOfModule(symbol).filter(isType) : [];
      return [name === 'index.ts' ? '' : `/${name.replace(/\.ts$/, '')}`, exported.map((each) => each.name)] as const;
    }),
  );
}

it('the README lists each type that an entry point exports, and no other', () => {
  const listed = new Map<string, Set<string>>();
  const exported = exportedTypes();
  for (const [topic = '', names = ''] of rowsBelow('Types')) {
    const entries = codeSpans(topic).filter((span) => span.startsWith('/'));
    const key = entries.join(', ');
    listed.set(key, new Set([...(listed.get(key) ?? []), ...codeSpans(names)]));
  }
  const paths = [...listed.keys()].flatMap((key) => key.split(', '));
  expect([...exported].filter(([path, names]) => names.length > 0 && !paths.includes(path))).toEqual([]);
  const expected = [...listed.keys()].map((key) => [key, [...new Set(key.split(', ').flatMap((path) => exported.get(path) ?? []))].sort()]);
  expect([...listed].map(([key, names]) => [key, [...names].sort()])).toEqual(expected);
});
