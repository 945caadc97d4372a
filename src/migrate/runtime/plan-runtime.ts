import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { FileEdit } from '../../edits/file-edit.js';
import { runtimePackage } from '../../model/clients/client-packages.js';
import type { ClientOrigin } from '../../model/error-texts/client-origins.js';
import type { FailureFacts } from '../../model/error-texts/failure-handling.js';
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
import { ownerOf, type StatementOwner } from './statement-owners.js';
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
  readonly failures: FailureFacts;
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
  const owners = statementOwners(input, onRuntime, { moved: [...rewrites.values()].flatMap(({ moved }) => moved), leftovers });
  for (const file of project.sources) {
    if (isComponentFile(file)) continue;
    const result = rewriteChecks(file, { ...input, rewrites, owners, isPassedOn, places: candidates.get(file) ?? [] });
    left.push(...(result?.left ?? []));
    if (result?.text !== undefined) texts.set(file, result.text);
  }
  for (const file of project.sources) {
    if (excluded.has(file) || !project.mockedModulesOf(file).includes('@clickhouse/client')) continue;
    const source = parse(file);
    const reached = reachOf(file, project);
    const own = [...reached].flatMap((module) => rewrites.get(module) ?? []);
    if (!source || ![...reached].some((module) => onRuntime.has(module))) continue;
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
  readonly owners: (file: string, origins: readonly ClientOrigin[]) => StatementOwner;
  readonly isPassedOn: ReturnType<typeof passedOnTest>;
}

/** Rewrites the handling of failures in a file, together with its constructions. Returns undefined if the file has none. */
function rewriteChecks(file: string, input: ChecksInput): { readonly text?: string; readonly left: readonly LeftCode[] } | undefined {
  const { project, parse, rewrites, owners, places, excluded } = input;
  const isOwn = ({ span }: { readonly span: { readonly file: string } }): boolean => span.file === file;
  const [texts, handling] = [input.failures.texts.filter(isOwn), input.failures.handling.filter(isOwn)];
  const source = texts.length + handling.length === 0 ? undefined : parse(file);
  if (!source) return undefined;
  const isEdited = !excluded.has(file) && encodingProblem(file) === undefined;
  const ownerIn = (origins: readonly ClientOrigin[]): StatementOwner => {
    const owner = owners(file, origins);
    // Without an edit, the place is listed.
    return owner === 'runtime' && !isEdited ? 'both' : owner;
  };
  const checks = rewriteErrorChecks(source, { texts, handling, ownerOf: ownerIn });
  if (checks.edits.length === 0) return { left: checks.left };
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

/** Returns which package makes the clients of statements in a file. Where the code does not show it, the imports of the file decide. */
function statementOwners(
  { project }: RuntimePlanInput,
  onRuntime: ReadonlySet<string>,
  { moved, leftovers }: { readonly moved: readonly Place[]; readonly leftovers: readonly Leftover[] },
): ChecksInput['owners'] {
  const keyOf = (file: string, start: number): string => `${file}\0${start}`;
  const keys = new Set(moved.map(({ file, start }) => keyOf(file, start)));
  const keeping = new Set(leftovers.map(({ place }) => place.file));
  return (file, origins) => {
    const owner = ownerOf(origins, (origin, start) => keys.has(keyOf(origin, start)));
    if (owner !== 'unknown') return owner;
    const reached = [...reachOf(file, project)];
    const keepsOther = reached.some((module) => keeping.has(module));
    if (reached.some((module) => onRuntime.has(module))) return keepsOther ? 'both' : 'runtime';
    // A client that a container injects can be any one.
    return onRuntime.size === 0 || keepsOther ? 'other' : keeping.size === 0 ? 'both' : 'unknown';
  };
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
