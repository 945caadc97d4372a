import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { FileEdit } from '../../edits/file-edit.js';
import { runtimePackage } from '../../model/clients/client-packages.js';
import type { ErrorTextMatch } from '../../model/error-texts/error-text-matches.js';
import { withoutBom } from '../../project/document-store.js';
import { localImports } from '../../model/typescript/local-imports.js';
import type { Project } from '../../project/project.js';
import { isComponentFile } from '../../project/script-blocks.js';
import type { Parse } from '../rewrite/parse.js';
import { type LeftCode, leftCodeOf, type Leftover, type Place } from '../rewrite/place.js';
import { passedOnTest } from '../rewrite/passed-on.js';
import { applyEdits } from '../rewrite/text-edits.js';
import type { ValueTypes } from '../types/value-types.js';
import { rewriteErrorChecks } from './error-checks.js';
import { type ConstructionRewrite, rewriteConstructions } from './rewrite-constructions.js';
import { rewriteMocks } from './rewrite-mocks.js';
import { withImport } from './type-import.js';

const tenantsName = 'ClickHouseTenants';

/** What the command would write, and what it leaves. */
export interface RuntimePlan {
  readonly edits: readonly FileEdit[];
  readonly moved: readonly Place[];
  /** Constructions that stay. */
  readonly leftovers: readonly Leftover[];
  /** Constructions, mocks and checks of errors that stay. */
  readonly left: readonly LeftCode[];
  /** Whether a client takes its options from the environment alone. */
  readonly usesEnvironment: boolean;
}

/** The facts that a plan follows from. */
export interface RuntimePlanInput {
  readonly project: Project;
  readonly parse: Parse;
  readonly types: ValueTypes;
  /** The constructions of the project that are to move. */
  readonly places: readonly Place[];
  readonly errorTextMatches: readonly ErrorTextMatch[];
  /** Files that are not to be changed, with the reason. */
  readonly excluded: ReadonlyMap<string, string>;
}

/** Plans the edits that make the runtime create the clients, each where it is created today. Reads files and writes nothing. */
export function planRuntimeMigration(input: RuntimePlanInput): RuntimePlan {
  const { project, parse, excluded } = input;
  const isPassedOn = passedOnTest(project, parse);
  const texts = new Map<string, string>();
  const rewrites = new Map<string, ConstructionRewrite>();
  const leftovers: Leftover[] = [];
  const left: LeftCode[] = [];
  const candidates = new Map<string, Place[]>();
  for (const place of input.places) {
    const reason = excluded.get(place.file) ?? unsupported(place);
    if (reason === undefined) candidates.set(place.file, [...(candidates.get(place.file) ?? []), place]);
    else leftovers.push({ place, reason });
  }
  for (const [file, places] of candidates) {
    const source = parse(file);
    const reason = source ? encodingProblem(file) : 'The file cannot be parsed.';
    if (!source || reason !== undefined) {
      leftovers.push(...places.map((place) => ({ place, reason: reason ?? '' })));
      continue;
    }
    const readsVariable = variableReads(file, project);
    const rewrite = rewriteConstructions(source, places, { types: input.types, isPassedOn, readsVariable, otherEdits: [] });
    leftovers.push(...rewrite.leftovers);
    if (rewrite.moved.length > 0) rewrites.set(file, rewrite);
  }
  const onRuntime = new Set([...rewrites.keys(), ...modulesOnRuntime(input)]);
  const usesRuntime = usersOf(onRuntime, project);
  const usesOfficial = usersOf(
    leftovers.map(({ place }) => place.file),
    project,
  );
  for (const file of project.sources) {
    if (excluded.has(file) || isComponentFile(file)) continue;
    // Where a client of the official package stays, an error may be one of its own.
    if (!usesRuntime.has(file) || usesOfficial.has(file)) continue;
    const result = rewriteChecks(file, { ...input, rewrites, onRuntime, isPassedOn, places: candidates.get(file) ?? [] });
    left.push(...(result?.left ?? []));
    if (result?.text !== undefined) texts.set(file, result.text);
  }
  for (const file of project.sources) {
    if (excluded.has(file) || !project.mockedModulesOf(file).includes('@clickhouse/client')) continue;
    const source = parse(file);
    const reached = reachOf(file, project);
    const own = [...reached].flatMap((module) => rewrites.get(module) ?? []);
    if (!source || !usesRuntime.has(file)) continue;
    const keepsClients = leftovers.some(({ place }) => reached.has(place.file) && place.constructor.package === '@clickhouse/client');
    const mocks = rewriteMocks(source, {
      keepsClients,
      usesTenants:
        own.some(({ forms }) => forms.has('tenant')) || [...reached].some((module) => importsOfRuntime(input, module).has(tenantsName)),
    });
    left.push(...mocks.left);
    if (mocks.edits.length > 0) texts.set(file, applyEdits(source.text, mocks.edits));
  }
  for (const [file, { text }] of rewrites) if (!texts.has(file)) texts.set(file, text);
  const all = [...left, ...leftovers.map(leftCodeOf)].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start));
  return {
    edits: [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([file, text]) => fileEdit(file, text, project)),
    moved: [...rewrites.values()].flatMap(({ moved }) => moved),
    leftovers,
    left: all,
    usesEnvironment: [...rewrites.values()].some(({ forms }) => forms.has('environment')),
  };
}

interface ChecksInput extends RuntimePlanInput {
  readonly rewrites: ReadonlyMap<string, ConstructionRewrite>;
  /** The modules whose clients the runtime makes, after the edits. */
  readonly onRuntime: ReadonlySet<string>;
  readonly isPassedOn: ReturnType<typeof passedOnTest>;
}

/** Rewrites the checks of errors in a file, together with its constructions. Returns undefined if the file has no such checks. */
function rewriteChecks(file: string, input: ChecksInput): { readonly text?: string; readonly left: readonly LeftCode[] } | undefined {
  const { project, parse, rewrites, onRuntime, places } = input;
  const matches = input.errorTextMatches.filter(({ span }) => span.file === file);
  if (matches.length === 0 && !/['"](?:E[A-Z]{3,}|HPE_)/.test(project.text(file) ?? '')) return undefined;
  const source = parse(file);
  if (!source) return undefined;
  const checks = rewriteErrorChecks(source, matches, (module) => onRuntime.has(module), project);
  if (checks.edits.length === 0 || encodingProblem(file) !== undefined) return { left: checks.left };
  const text = rewrites.has(file)
    ? rewriteConstructions(source, places, {
        types: input.types,
        isPassedOn: input.isPassedOn,
        readsVariable: variableReads(file, project),
        otherEdits: checks.edits,
      }).text
    : applyEdits(source.text, checks.edits);
  return { text: checks.needsIsTimeout ? withImport(file, text, 'isTimeout') : text, left: checks.left };
}

function unsupported({ file, constructor }: Place): string | undefined {
  if (constructor.package === '@clickhouse/client-web')
    return `"${runtimePackage}" is built on "@clickhouse/client", for Node.js. If this code runs in Node.js, import "@clickhouse/client" first.`;
  if (constructor.package !== '@clickhouse/client' || constructor.name !== 'createClient')
    return `Only \`createClient\` of "@clickhouse/client" is translated. Get this client from \`clickHouse()\` by hand.`;
  return isComponentFile(file) ? 'The scripts of components are not edited.' : undefined;
}

function encodingProblem(file: string): string | undefined {
  const bytes = readFileSync(file);
  return Buffer.from(bytes.toString('utf8')).equals(bytes) ? undefined : 'The file is not encoded in UTF-8.';
}

/** Whether code of the same package mentions a variable: the runtime would read it as well. */
function variableReads(file: string, project: Project): (name: RegExp) => boolean {
  const folder = project.packageAt(file)?.folder ?? project.root;
  const own = [...project.sources].filter((other) => other.startsWith(`${folder}/`));
  return (name) => own.some((other) => name.test(project.text(other) ?? ''));
}

/** The modules that take a client from the runtime already, by an earlier run for example. */
export function modulesOnRuntime(input: Pick<RuntimePlanInput, 'project' | 'parse'>): readonly string[] {
  return [...input.project.sources].filter((file) => {
    const names = importsOfRuntime(input, file);
    return names.has('clickHouse') || names.has(tenantsName);
  });
}

/** The names that a file imports from the runtime. */
function importsOfRuntime({ project, parse }: Pick<RuntimePlanInput, 'project' | 'parse'>, file: string): ReadonlySet<string> {
  const source = project.text(file)?.includes(runtimePackage) ? parse(file) : undefined;
  const imports = source ? [...localImports(source).values()] : [];
  return new Set(imports.filter(({ specifier }) => specifier === runtimePackage).map(({ name }) => name));
}

/** The modules, and the files that load one of them, directly or through others. */
function usersOf(modules: Iterable<string>, project: Project): ReadonlySet<string> {
  const users = new Set(modules);
  // A set may grow while it is read: this is a breadth-first search.
  for (const module of users) if (project.sources.has(module)) for (const user of project.importersOf(module)) users.add(user);
  return users;
}

/** The files that a file loads, directly or through others. */
function reachOf(file: string, project: Project): ReadonlySet<string> {
  const reached = new Set([file]);
  // A set may grow while it is read: this is a breadth-first search.
  for (const module of reached) for (const next of project.importsOf(module)) reached.add(next);
  return reached;
}

function fileEdit(file: string, after: string, project: Project): FileEdit {
  const before = readFileSync(file, 'utf8');
  const bom = before.slice(0, before.length - withoutBom(before).length);
  return { file: posix.relative(project.root, file), before, after: bom + after };
}
