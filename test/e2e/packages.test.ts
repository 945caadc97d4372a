import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { codeBase } from '../project/code-base.js';
import { repository } from '../places.js';

/** What `exports` names: a file, or files by condition, nested in any depth. */
type Target = string | { readonly [condition: string]: Target };

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly main?: string;
  readonly types?: string;
  readonly typesVersions?: { readonly '*': Readonly<Record<string, readonly string[]>> };
  readonly exports: Target;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** A package of this repository, and the files that its tarball holds. */
interface Packed {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly files: readonly string[];
}

function pack(folder: string): Packed {
  const run = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: join(repository, folder),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  // npm 10 prints a list of packages; npm 11 prints them by name.
  const printed: Readonly<Record<string, { readonly files: readonly { readonly path: string }[] }>> = JSON.parse(run.stdout);
  const [tarball] = Object.values(printed);
  return {
    folder,
    manifest: JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8')),
    files: (tarball?.files ?? []).map(({ path }) => path).sort(),
  };
}

const plugin = pack('.');
const cli = pack('cli');
const runtime = pack('runtime');
const packages = [plugin, cli, runtime];

/** Returns the manifests of the packages that install with a package, by name. */
function dependenciesOf({ dependencies = {} }: Manifest, found = new Map<string, Manifest>()): ReadonlyMap<string, Manifest> {
  for (const name of Object.keys(dependencies).filter((name) => !found.has(name))) {
    const manifest: Manifest = JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8'));
    found.set(name, manifest);
    dependenciesOf(manifest, found);
  }
  return found;
}

function textOf({ folder }: Packed, file: string): string {
  return readFileSync(join(repository, folder, file), 'utf8');
}

/** Returns the paths that a manifest promises: entry points, their declarations and commands. */
function promised({ exports, bin = {}, main, types, typesVersions }: Manifest): string[] {
  const filesOf = (target: Target): string[] => (typeof target === 'string' ? [target] : Object.values(target).flatMap(filesOf));
  const legacy = [main, types, ...Object.values(typesVersions?.['*'] ?? {}).flat()].filter((path) => path !== undefined);
  return [...filesOf(exports), ...legacy, ...Object.values(bin)].map((path) => posix.normalize(path));
}

/** Returns what the files import or require: relative paths as files of the package, others as package names. */
function importsOf(packed: Packed, files: readonly string[]): { readonly own: string[]; readonly packages: string[] } {
  const specifiers = files.flatMap((file) => {
    const text = textOf(packed, file);
    const imported = importedBy(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
    // What is loaded on demand is required, by a function that `createRequire` made.
    const loaders = [...text.matchAll(/(\w+) = createRequire\d*\(/g)].map(([, name = '']) => name);
    const required = loaders.flatMap((loader) =>
      [...text.matchAll(new RegExp(`\\b${loader}\\("([^"]+)"\\)`, 'g'))].map(([, name = '']) => name),
    );
    return [...imported, ...required].map((name) => (name.startsWith('.') ? posix.join(posix.dirname(file), name) : name));
  });
  const foreign = specifiers.filter((name) => !name.startsWith('dist/') && !isBuiltin(name));
  return {
    own: specifiers.filter((name) => name.startsWith('dist/')),
    packages: [...new Set(foreign.map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name))].sort(),
  };
}

/** The names in imports and exports, in calls of `import()` and in types. */
function importedBy(node: ts.Node): string[] {
  const name =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
          ? node.argument.literal
          : undefined;
  const inside: string[] = [];
  ts.forEachChild(node, (child) => {
    inside.push(...importedBy(child));
  });
  return name && ts.isStringLiteralLike(name) ? [name.text, ...inside] : inside;
}

const scripts = ({ files }: Packed) => files.filter((file) => /\.c?js$/.test(file));
const declarations = ({ files }: Packed) => files.filter((file) => /\.d\.c?ts$/.test(file));

describe.each(packages)('the tarball of $manifest.name', (packed) => {
  const { manifest, files } = packed;

  it('holds what the manifest promises', () => {
    expect(promised(manifest).filter((path) => !files.includes(path))).toEqual([]);
  });

  it('holds the licence and a README whose first command installs it', () => {
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
    expect(/```sh\n(.*?)```/s.exec(textOf(packed, 'README.md'))?.[1]).toMatch(new RegExp(`npm install [^\\n]*${manifest.name}\\b`));
  });

  it('holds no other files than code, declarations, the schemas, the style sheet of reports and documents', () => {
    expect(
      files.filter(
        (file) =>
          !/^(?:dist\/.*\.(?:c?js|d\.c?ts)|dist\/(?:.*\/)?page\/style\.css|(?:audit\.)?schema\.json|package\.json|[A-Z-]+(?:\.md)?)$/.test(
            file,
          ),
      ),
    ).toEqual([]);
  });

  it('holds no declaration that no entry point needs', () => {
    const needed = new Set(promised(manifest).filter((path) => /\.d\.c?ts$/.test(path)));
    for (const file of needed) for (const own of importsOf(packed, [file]).own) needed.add(own.replace(/\.(c?)js$/, '.d.$1ts'));
    expect(declarations(packed)).toEqual([...needed].sort());
  });

  it('imports the packages that its manifest names, and no others', () => {
    const named = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const imported = importsOf(packed, [...scripts(packed), ...declarations(packed)]).packages;
    expect(imported.filter((name) => !named.includes(name))).toEqual([]);
    expect(Object.keys(manifest.dependencies ?? {}).filter((name) => !imported.includes(name))).toEqual([]);
  });
});

it.each([plugin, runtime])('the declarations of $manifest.name compile without the sources', (packed) => {
  const files = declarations(packed).map((file) => join(repository, packed.folder, file));
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
  });
  const problems = files.flatMap((file) => program.getSemanticDiagnostics(program.getSourceFile(file)));
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([]);
});

describe('the package clickhouse-ssot', () => {
  it('has no peer dependency and brings no linter, so that it installs beside every version of every linter', () => {
    const all = dependenciesOf(cli.manifest);
    expect(all.size).toBeGreaterThan(Object.keys(cli.manifest.dependencies ?? {}).length);
    expect(cli.manifest).not.toHaveProperty('peerDependencies');
    const peers = [...all.values()].flatMap(({ peerDependencies = {}, peerDependenciesMeta = {} }) =>
      Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true),
    );
    expect(peers.filter((name) => !all.has(name))).toEqual([]);
    for (const linter of ['eslint', 'oxlint', '@biomejs/biome']) expect([...all.keys()]).not.toContain(linter);
  });

  it('has the version of the plugin, and a release changes both', () => {
    expect(cli.manifest.version).toBe(plugin.manifest.version);
    const { fixed } = JSON.parse(readFileSync(join(repository, '.changeset/config.json'), 'utf8'));
    expect(fixed).toEqual([[plugin.manifest.name, cli.manifest.name]]);
  });

  it('has the command and the schema of the plugin', () => {
    expect(Object.keys(cli.manifest.bin ?? {})).toEqual(Object.keys(plugin.manifest.bin ?? {}));
    expect(textOf(cli, 'schema.json')).toBe(textOf(plugin, 'schema.json'));
  });

  it('prints what the command of the plugin prints', () => {
    const root = codeBase({
      'package.json': { name: 'app' },
      'src/a.ts': `import { createClient } from '@clickhouse/client';\nexport const a = createClient();\n`,
    });
    const [first, second] = [plugin, cli].map(({ folder, manifest }) => {
      const command = join(repository, folder, Object.values(manifest.bin ?? {})[0] ?? 'missing');
      const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'audit', root], { encoding: 'utf8' });
      return { status, stdout, stderr };
    });
    expect(first?.stdout).toContain('src/a.ts');
    expect(second).toEqual(first);
  });

  it('is loaded from a folder of its own, with its dependencies alone', () => {
    const root = codeBase({ 'package.json': { name: 'app' } });
    const modules = codeBase(Object.fromEntries([...scripts(cli), 'package.json'].map((file) => [file, textOf(cli, file)])));
    symlinkSync(join(repository, 'node_modules'), join(modules, 'node_modules'));
    expect(existsSync(join(modules, 'src'))).toBe(false);
    const run = spawnSync(process.execPath, [join(modules, cli.manifest.bin?.['clickhouse-ssot'] ?? 'missing'), '--version'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(run).toMatchObject({ status: 0, stdout: `${cli.manifest.version}\n`, stderr: '' });
  });
});
