import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { FileEdit } from '../edits/file-edit.js';
import { withoutBom } from '../project/document-store.js';
import type { Project } from '../project/project.js';
import { resolvesAsNode } from './types/tsconfig.js';
import { chooseTarget, type Target } from './choose-target.js';
import type { Places } from './collect-places.js';
import { groupPlaces } from './group-places.js';
import { importStyleOf, relativeSpecifiers, specifierOf } from './rewrite/import-style.js';
import type { Parse } from './rewrite/parse.js';
import type { Leftover, Place } from './rewrite/place.js';
import { passedOnTest } from './rewrite/passed-on.js';
import { rewriteFile } from './rewrite/rewrite-file.js';
import { applyEdits, type TextEdit } from './rewrite/text-edits.js';

/** What the command would write, and what it leaves. */
export interface MigrationPlan {
  /** New and changed factory modules come first, so that an interruption leaves a program whose imports resolve. */
  readonly edits: readonly FileEdit[];
  readonly targets: readonly PlannedTarget[];
  readonly leftovers: readonly Leftover[];
}

/** A target with the files that get their clients from it. */
export interface PlannedTarget extends Target {
  readonly moved: readonly Place[];
}

/** The facts that a plan follows from. */
export interface PlanInput {
  readonly project: Project;
  readonly places: Places;
  readonly parse: Parse;
  /** The factory module that the user named: an absolute path. */
  readonly factory?: string | undefined;
  /** Files that are not to be changed, with the reason. */
  readonly excluded: ReadonlyMap<string, string>;
}

/** Plans the edits of all files. It reads files and writes nothing. */
export function planMigration(input: PlanInput): MigrationPlan {
  const { project, parse, factory, excluded } = input;
  const { groups, leftovers } = groupPlaces(withoutFiles(input), project);
  const isPassedOn = passedOnTest(project, parse);
  const edits = new Map<string, TextEdit[]>();
  const created = new Map<string, string>();
  const targets: PlannedTarget[] = [];
  const left: Leftover[] = [
    ...leftovers,
    ...input.places.outside.flatMap((place) => {
      const reason = excluded.get(place.file);
      return reason === undefined ? [] : [{ place, reason }];
    }),
  ];
  for (const group of groups) {
    const target = chooseTarget(group, { project, parse, file: factory });
    if ('unsuitable' in target) {
      left.push(...group.places.map((place) => ({ place, reason: target.unsuitable })));
      continue;
    }
    const moved: Place[] = [];
    const planned = new Map<string, readonly TextEdit[]>();
    for (const [file, places] of byFile(target.places)) {
      const source = parse(file);
      const reason = readOnlyReason(file, target, project);
      if (!source || reason !== undefined) {
        left.push(...places.map((place) => ({ place, reason: reason ?? 'The file cannot be parsed.' })));
        continue;
      }
      const samples = samplesFor(file, project, parse);
      const specifier = specifierOf(file, target.file, samples, samples.length === 0 && resolvesAsNode(file));
      const rewrite = rewriteFile(source, places, { name: target.name, specifier, style: importStyleOf(source) }, isPassedOn);
      planned.set(file, rewrite.edits);
      moved.push(...rewrite.moved);
      left.push(...rewrite.leftovers.filter(({ place }) => group.places.includes(place)));
    }
    if (!moved.some((place) => group.places.includes(place))) continue;
    for (const [file, own] of planned) edits.set(file, [...(edits.get(file) ?? []), ...own]);
    if (target.change.kind === 'create') created.set(target.file, target.change.text);
    else edits.set(target.file, [...(edits.get(target.file) ?? []), ...target.change.edits]);
    targets.push({ ...target, moved });
  }
  const isTarget = (file: string): boolean => targets.some((target) => target.file === file);
  const changed = [...edits]
    .filter(([, own]) => own.length > 0)
    .sort(([a], [b]) => Number(isTarget(b)) - Number(isTarget(a)) || (a < b ? -1 : 1))
    .map(([file, own]): FileEdit => {
      const before = readFileSync(file, 'utf8');
      const text = withoutBom(before);
      const bom = before.slice(0, before.length - text.length);
      return { file: posix.relative(project.root, file), before, after: bom + applyEdits(text, own) };
    });
  return {
    edits: [...[...created].map(([file, after]) => ({ file: posix.relative(project.root, file), after })), ...changed],
    targets,
    leftovers: left.sort((a, b) => (a.place.file < b.place.file ? -1 : a.place.file > b.place.file ? 1 : a.place.start - b.place.start)),
  };
}

function withoutFiles({ places, excluded }: PlanInput): Places {
  const isFree = ({ file }: Place): boolean => !excluded.has(file);
  return { outside: places.outside.filter(isFree), inFactories: places.inFactories.filter(isFree) };
}

function byFile(places: readonly Place[]): ReadonlyMap<string, Place[]> {
  const files = new Map<string, Place[]>();
  for (const place of places) files.set(place.file, [...(files.get(place.file) ?? []), place]);
  return files;
}

/** The relative specifiers of the file, and of its neighbours if it has none. */
function samplesFor(file: string, project: Project, parse: Parse): readonly string[] {
  const source = parse(file);
  const own = source ? relativeSpecifiers(source) : [];
  if (own.length > 0) return own;
  const folder = project.packageAt(file)?.folder ?? project.root;
  const near = [...project.sources]
    .filter((other) => other.startsWith(`${folder}/`) && posix.extname(other) === posix.extname(file))
    .slice(0, 40);
  return near.flatMap((other) => project.specifiersOf(other).filter((specifier) => /^\.\.?\//.test(specifier)));
}

function readOnlyReason(file: string, target: Target, project: Project): string | undefined {
  const bytes = readFileSync(file);
  if (!Buffer.from(bytes.toString('utf8')).equals(bytes)) return 'The file is not encoded in UTF-8.';
  const isScript = /\.[cm]?jsx?$/.test(file);
  const importsTyped = [...project.importsOf(file)].some((imported) => /\.[cm]?tsx?$/.test(imported));
  if (isScript && /\.[cm]?tsx?$/.test(target.file) && !importsTyped)
    return `A JavaScript file may not be able to import the TypeScript module ${posix.basename(target.file)}.`;
  return undefined;
}
