import { posix } from 'node:path';
import { positionAt } from '../../findings/position.js';
import { runtimePackage } from '../../model/clients/client-packages.js';
import type { AuditCheck, AuditPlace, AuditResult } from '../audit-result.js';

/** A Markdown file. `file` is its path, relative to the root. */
export interface Document {
  readonly file: string;
  readonly text: string;
}

/** The documents of a project and what they can name. */
export interface Documentation {
  /** The Markdown files that mention ClickHouse. */
  readonly documents: readonly Document[];
  /** Paths of all files of the project, relative to the root. */
  readonly files: readonly string[];
}

const line = { id: 'documentation', requirement: 'The documentation names the modules that connect' } as const;

/**
 * Checks that the documents agree with the architecture: each ClickHouse module that they name exists, and one of them names each factory.
 * `checklistOf` calls it.
 */
export function documentationCheck(result: AuditResult, { documents, files }: Documentation): AuditCheck {
  const stale = documents.flatMap((document) => missingModules(document, files));
  const [first] = stale;
  if (first)
    return {
      ...line,
      verdict: 'fail',
      evidence: `${first.file} names ${first.name}, which does not exist.`,
      places: stale.map(({ file, line, column }) => ({ file, line, column })),
    };
  if (documents.length === 0) return open('No Markdown file of the project mentions ClickHouse.');
  const decided = result.factories.filter(({ status }) => status !== 'undecided').map(({ file }) => file);
  const modules = result.usesRuntime ? [...decided, runtimePackage] : decided;
  if (modules.length === 0) return open('The factory is not known, so no document can be compared with it.');
  const unnamed = modules.filter((module) => !documents.some(({ text }) => isNamed(module, text)));
  if (unnamed.length > 0) return open(`Markdown files that mention ClickHouse: ${documents.length}. None names ${unnamed.join(', ')}.`);
  const naming = documents.filter(({ text }) => modules.some((module) => isNamed(module, text))).map(({ file }) => file);
  return { ...line, verdict: 'pass', evidence: `${naming[0] ?? ''} names ${modules.join(', ')}.`, places: [] };
}

function open(evidence: string): AuditCheck {
  return { ...line, verdict: 'unknown', evidence, places: [] };
}

/** Whether a text names a module: by its path, or by the end of it with at least one folder. */
function isNamed(module: string, text: string): boolean {
  const parts = withoutExtension(module).split('/');
  const shortest = parts.slice(-2).join('/');
  return text.includes(shortest);
}

/** A path in code style or in a link: `src/db/clickhouse.ts`. */
const modulePath = /[`(](?:\.{0,2}\/)*([\w.~-]+(?:\/[\w.~-]+)+\.[cm]?[jt]sx?)[`)#:]/g;

const fencedBlock = /^(`{3,}|~{3,})[^]*?^\1/gm;

/** Returns the ClickHouse modules that a document names and that do not exist. */
function missingModules({ file, text }: Document, files: readonly string[]): (AuditPlace & { readonly name: string })[] {
  const prose = text.replace(fencedBlock, (block) => block.replace(/[^\n]/g, ' '));
  return [...prose.matchAll(modulePath)].flatMap((match) => {
    const name = match[1] ?? '';
    if (!/click-?house/i.test(name) || /(?:^|\/)(?:node_modules|dist|build)\//.test(name)) return [];
    if (!startsInProject(name, file, files) || exists(name, file, files)) return [];
    return [{ file, name, ...positionAt(text, match.index + match[0].indexOf(name)) }];
  });
}

/** Whether the first folder of a path exists in the root, beside the document or in a package. Other paths belong to examples. */
function startsInProject(name: string, document: string, files: readonly string[]): boolean {
  const packages = files.filter((path) => posix.basename(path) === 'package.json').map((path) => posix.dirname(path));
  const folders = ['.', posix.dirname(document), ...packages].map((folder) => `${posix.join(folder, name.split('/')[0] ?? '')}/`);
  return files.some((path) => folders.some((folder) => path.startsWith(folder)));
}

/** Documents name a module from the root, from their own folder or from a package, and `.js` for `.ts`. */
function exists(name: string, document: string, files: readonly string[]): boolean {
  const module = withoutExtension(name);
  const besides = withoutExtension(posix.join(posix.dirname(document), name));
  return files.some((path) => {
    const own = withoutExtension(path);
    return own === module || own === besides || own.endsWith(`/${module}`);
  });
}

function withoutExtension(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '');
}
