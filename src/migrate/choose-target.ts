import { posix } from 'node:path';
import type { Project } from '../project/project.js';
import { factoryFunctionIn, factoryFunction, type ModuleFormat, newFactoryModule } from './factory-module.js';
import type { PlaceGroup } from './group-places.js';
import { importStyleOf } from './rewrite/import-style.js';
import { canImport, isMocked } from './load-effects.js';
import type { Parse } from './rewrite/parse.js';
import { referenceAt } from './rewrite/reference.js';
import type { Place } from './rewrite/place.js';
import type { TextEdit } from './rewrite/text-edits.js';

/** The module and the function that the places of a group use. */
export interface Target {
  /** Absolute path. */
  readonly file: string;
  /** The exported function. */
  readonly name: string;
  /** Why this module. A sentence. */
  readonly reason: string;
  /** The places that move, also those of the factory of today if the module is new. */
  readonly places: readonly Place[];
  readonly change: { readonly kind: 'edit'; readonly edits: readonly TextEdit[] } | { readonly kind: 'create'; readonly text: string };
}

/** What a choice needs to know of the project. `file` is the module that the user named. */
export interface TargetInput {
  readonly project: Project;
  readonly parse: Parse;
  readonly file?: string | undefined;
}

/**
 * Chooses the module for a group: the factory of today if each place can import it without a change of behaviour, else a new module beside
 * it. A module that the user named is never replaced by another one: if it cannot be the factory, the reason is returned.
 */
export function chooseTarget(group: PlaceGroup, { project, parse, file }: TargetInput): Target | { readonly unsuitable: string } {
  const { factory, places, inFactory } = group;
  const existing = file ?? factory;
  const own = file === undefined || file === factory ? inFactory : [];
  const source = existing !== undefined && project.sources.has(existing) ? parse(existing) : undefined;
  if (existing !== undefined && source) {
    const obstacle = obstacleTo(existing, places, project, parse);
    const found = factoryFunctionIn(
      source,
      own.length > 0 ? own : places.filter((place) => place.file === existing),
      importStyleOf(source),
    );
    if (obstacle === undefined && found)
      return {
        file: existing,
        name: found.name,
        reason: 'It is the factory of these clients, and loading it runs nothing.',
        places: places.filter((place) => place.file !== existing),
        change: { kind: 'edit', edits: found.edits },
      };
    const because = obstacle ?? `${posix.basename(existing)} has no construction that can be repeated`;
    if (file !== undefined)
      return { unsuitable: `${posix.relative(project.root, file)} cannot be the factory: ${because}. Name another module, or a new one.` };
    return newModule(group, project, parse, undefined, because);
  }
  return newModule(group, project, parse, file, file === undefined ? 'the program has no factory' : 'it was named');
}

function obstacleTo(factory: string, places: readonly Place[], project: Project, parse: Parse): string | undefined {
  const name = posix.basename(factory);
  if (isMocked(factory, project)) return `tests replace ${name} by a mock`;
  const isFree = places.every(({ file }) => canImport(file, factory, project, parse));
  return isFree ? undefined : `loading ${name} runs code that these files do not run today, or leads back to them`;
}

function newModule(group: PlaceGroup, project: Project, parse: Parse, file: string | undefined, because: string): Target {
  const places = [...group.places, ...group.inFactory];
  const folder = group.factory === undefined ? folderOf(group, project) : posix.dirname(group.factory);
  const format = formatOf(places, parse);
  const first = group.factory ?? places[0]?.file ?? '';
  const target = file ?? freeName(folder, group, project, extensionOf(first, format));
  const source = parse(first);
  const style = source ? importStyleOf(source) : ({ quote: "'", end: ';', lineBreak: '\n' } as const);
  return {
    file: target,
    name: factoryFunction,
    reason: `New, because ${because}. Loading it runs nothing, so each file can import it.`,
    places,
    change: { kind: 'create', text: newFactoryModule(group.clientPackage, format, style) },
  };
}

/** The folder that all places share, or in a program with a source folder that one. */
function folderOf({ places, deployable }: PlaceGroup, project: Project): string {
  const folders = places.map(({ file }) => posix.dirname(file).split('/'));
  const [first = []] = folders;
  const depth = first.findIndex((part, index) => folders.some((other) => other[index] !== part));
  const shared = first.slice(0, depth < 0 ? first.length : depth).join('/');
  if (shared !== deployable) return shared;
  const source = `${deployable}/src`;
  const hasSource =
    places.every(({ file }) => file.startsWith(`${source}/`)) || [...project.sources].some((file) => file.startsWith(`${source}/`));
  return hasSource && places.some(({ file }) => file.startsWith(`${source}/`)) ? source : shared;
}

function formatOf(places: readonly Place[], parse: Parse): ModuleFormat {
  if (places.some(({ file }) => /\.[cm]?tsx?$/.test(file))) return 'typescript';
  const isCommonJs = places.some((place) => {
    const source = parse(place.file);
    const reference = source && referenceAt(source, place);
    return reference && 'binding' in reference && reference.binding.kind === 'require';
  });
  return isCommonJs ? 'commonjs' : 'esm';
}

function extensionOf(file: string, format: ModuleFormat): string {
  const extension = posix.extname(file).replace(/x$/, '');
  const isTyped = extension.endsWith('ts');
  if (format === 'typescript') return isTyped ? extension : '.ts';
  return isTyped ? '.js' : extension;
}

/** A name in the style of the neighbours: `clickhouse-factory`, `clickhouseFactory` or `clickhouse_factory`. */
function freeName(folder: string, { clientPackage }: PlaceGroup, project: Project, extension: string): string {
  const words = ['clickhouse', ...(clientPackage.endsWith('-web') ? ['web'] : []), 'factory'];
  const neighbors = [...project.sources].filter((file) => posix.dirname(file) === folder).map((file) => posix.basename(file));
  const count = (pattern: RegExp): number => neighbors.filter((name) => pattern.test(name)).length;
  const [kebab, camel, snake] = [count(/^[a-z0-9]+-/), count(/^[a-z0-9]+[A-Z]/), count(/^[a-z0-9]+_/)];
  const base =
    camel > kebab && camel >= snake
      ? words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
      : words.join(snake > kebab ? '_' : '-');
  for (let index = 1; ; index++) {
    const file = `${folder}/${base}${index === 1 ? '' : String(index)}${extension}`;
    if (!project.sources.has(file) && !project.exists(posix.relative(project.root, file))) return file;
  }
}
