import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { optionTargets } from '../../src/migrate/runtime/option-names.js';
import { runtimeDeclarations } from '../../src/migrate/runtime/runtime-declarations.js';
import { repository } from '../places.js';

it('each option in the README of the runtime is translated, or has a reason', () => {
  const readme = readFileSync(join(repository, 'runtime/README.md'), 'utf8');
  const section = /### Options of the official client\n(.*?)\n## /s.exec(readme)?.[1] ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, name = '', target = '']) => ({ name, target }));
  expect(rows.map(({ name }) => name).sort()).toEqual([...optionTargets.keys()].sort());
  for (const { name, target } of rows) {
    const known = optionTargets.get(name);
    if (known?.kind === 'key') expect(target).toContain(`\`${known.name}\``);
    if (known?.kind === 'client') expect(target).toContain(`\`client.${known.name}\``);
    if (known?.kind === 'none') expect(target).toMatch(/^none/);
  }
});

it('the declarations for projects without the runtime are those of the runtime', () => {
  const check = `
    import type * as Real from '@clickhouse-ssot/runtime';
    import type * as Stand from 'stand-in';
    type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
    type Client<Options> = Options extends { readonly client?: infer Value } ? keyof NonNullable<Value> : never;
    export const options = (value: Stand.ClickHouseOptions): Real.ClickHouseOptions => value;
    export const tenant = (value: Stand.TenantInput): Real.TenantInput => value;
    export const service = (value: Real.LazyClickHouseService): Stand.LazyClickHouseService => value;
    export const make = (value: typeof Real.clickHouse): typeof Stand.clickHouse => value;
    export const tenants = (value: Real.ClickHouseTenants): Pick<Stand.ClickHouseTenants, 'for'> => value;
    export const clientKeys: Same<Client<Stand.ClickHouseOptions>, Client<Real.ClickHouseOptions>> = true;
  `;
  const texts = new Map([
    [join(repository, 'test/migrate/check.ts'), check],
    [join(repository, 'test/migrate/stand-in.d.ts'), runtimeDeclarations.replace('@clickhouse-ssot/runtime', 'stand-in')],
  ]);
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.esnext.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    paths: { '@clickhouse-ssot/runtime': [join(repository, 'runtime/src/index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const [readFile, fileExists, getSourceFile] = [host.readFile.bind(host), host.fileExists.bind(host), host.getSourceFile.bind(host)];
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.getSourceFile = (path, version) => {
    const text = texts.get(path);
    return text === undefined ? getSourceFile(path, version) : ts.createSourceFile(path, text, version);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const problems = [...texts.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  });
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
});
