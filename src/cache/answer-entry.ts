import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { isManifestPath } from '../project/list-files.js';
import type { ReadRecord } from '../project/read-record.js';
import { answerTo, digestOf, type TextQuestion } from '../project/text-questions.js';
import type { Snapshot } from './snapshot.js';

/** A question whose answer is kept: all that decides about the answer beside the disk. */
export interface Question {
  /** Absolute path of the root, with forward slashes. Answers contain it. */
  readonly root: string;
  /** Identity of the program that answers, with its version. */
  readonly tool: string;
  /** Kind of answer, settings and options, as text. */
  readonly text: string;
}

/** How the answer depends on a file: on nothing but its path, on its content, or on answers to a list of questions, counted from 1. */
type Dependence = 'path' | 'content' | number;

/** A source file or manifest, with its content id. `digests` are those of its answers. */
type SourceRow = readonly [path: string, id: string, dependence: Dependence, digests?: string];

/** An answer as it is kept, with all that it was read from. */
export interface AnswerEntry {
  readonly question: Question;
  /** All source files and manifests, sorted by path. */
  readonly sources: readonly SourceRow[];
  /** The questions that texts were asked, and the lists of them that one file was asked, as indices. */
  readonly questions: readonly TextQuestion[];
  readonly lists: readonly (readonly number[])[];
  /** Other files with their content ids; null for a file that could not be read. */
  readonly files: readonly (readonly [file: string, id: string | null])[];
  /** Paths that were looked for, and whether they existed. */
  readonly existence: readonly (readonly [path: string, exists: boolean])[];
  /** Names or patterns that files were looked for by, with the paths that were found. */
  readonly names: readonly (readonly [source: string, flags: string | null, found: string])[];
  readonly answer: unknown;
}

/** Returns the entry of an answer that was read as `record` says, for the files of the snapshot. */
export function entryOf(question: Question, snapshot: Snapshot, record: ReadRecord, answer: unknown): AnswerEntry {
  const questions = new Map<TextQuestion, number>();
  const lists = new Map<string, number>();
  const sources = [...snapshot.files].map(([path, id]): SourceRow => {
    const file = posix.join(snapshot.root, path);
    // The resolver reads manifests by itself.
    if (record.whole.has(file) || isManifestPath(path)) return [path, id, 'content'];
    const facts = record.factsOf(file);
    if (!facts) return [path, id, 'path'];
    const list = facts.questions.map((asked) => indexIn(questions, asked)).join(' ');
    return [path, id, indexIn(lists, list) + 1, facts.answers.join(' ')];
  });
  return {
    question,
    sources,
    questions: [...questions.keys()],
    lists: [...lists.keys()].map((list) => list.split(' ').map(Number)),
    files: [...record.files].flatMap(([file, id]) =>
      snapshot.files.has(posix.relative(snapshot.root, file)) ? [] : [[file, id ?? null] as const],
    ),
    existence: [...record.existence],
    names: [...record.names.values()].map((name) => {
      const [source, flags] = typeof name === 'string' ? [name, null] : [name.source, name.flags];
      return [source, flags, foundBy(source, flags, snapshot)] as const;
    }),
    answer,
  };
}

function indexIn<Item>(indices: Map<Item, number>, item: Item): number {
  const index = indices.get(item) ?? indices.size;
  indices.set(item, index);
  return index;
}

/** Adds all that the answer was read from to the record of a process that uses it. */
export function restore(entry: AnswerEntry, root: string, record: ReadRecord): void {
  const listed = entry.lists.map((list) => questionsAt(entry, list));
  for (const [path, , dependence, digests = ''] of entry.sources) {
    if (dependence === 'path') continue;
    const file = posix.join(root, path);
    if (dependence === 'content') record.addWhole(file);
    else record.addFacts(file, { questions: listed[dependence - 1] ?? [], answers: digests.split(' ') });
  }
  for (const [file, id] of entry.files) record.files.set(file, id ?? undefined);
  for (const [path, exists] of entry.existence) record.addExistence(path, exists);
  for (const [source, flags] of entry.names) record.addName(flags === null ? source : new RegExp(source, flags));
}

/** The first difference between the disk and an entry, or the number of files that changed without effect. */
export type Comparison = { readonly holds: false; readonly difference: string } | { readonly holds: true; readonly changed: number };

/** Compares the disk with the entry. Only files whose content has changed are read. */
export function compare(entry: AnswerEntry, snapshot: Snapshot): Comparison {
  const difference = differentPath(entry, snapshot) ?? differentRead(entry, snapshot);
  if (difference !== undefined) return { holds: false, difference };
  const changed = entry.sources.filter(([path, id, dependence]) => dependence !== 'path' && snapshot.files.get(path) !== id);
  const content = changed.find(([, , dependence]) => dependence === 'content');
  if (content) return { holds: false, difference: `${content[0]} changed` };
  for (const row of changed) {
    const question = differentAnswer(row, entry, snapshot);
    if (question) return { holds: false, difference: `${row[0]} changed its ${describe(question)}` };
  }
  return { holds: true, changed: changed.length };
}

function differentPath({ sources }: AnswerEntry, { files }: Snapshot): string | undefined {
  const before = new Set(sources.map(([path]) => path));
  const added = [...files.keys()].find((path) => !before.has(path));
  if (added !== undefined) return `${added} was added`;
  const removed = before.size === files.size ? undefined : sources.find(([path]) => !files.has(path));
  return removed && `${removed[0]} was removed`;
}

function differentRead({ files, existence, names }: AnswerEntry, snapshot: Snapshot): string | undefined {
  const file = files.find(([path, id]) => (snapshot.contentId(path) ?? null) !== id);
  if (file) return `${file[0]} changed`;
  const path = existence.find(([path, exists]) => existsSync(path) !== exists);
  if (path) return `${path[0]} was created or removed`;
  const name = names.find(([source, flags, found]) => foundBy(source, flags, snapshot) !== found);
  return name && `files that match ${name[0]} were created or removed`;
}

/** Returns a question that a file answers in another way than before. */
function differentAnswer([path, , dependence, digests = '']: SourceRow, entry: AnswerEntry, snapshot: Snapshot): TextQuestion | undefined {
  const questions = typeof dependence === 'number' ? questionsAt(entry, entry.lists[dependence - 1] ?? []) : [];
  const before = digests.split(' ');
  const file = posix.join(snapshot.root, path);
  const text = snapshot.textOf(path);
  return questions.find((question, index) => digestOf(answerTo(question, file, text)) !== before[index]);
}

/** A question that is not in the entry has no answer: then the entry does not hold. */
function questionsAt({ questions }: AnswerEntry, list: readonly number[]): TextQuestion[] {
  return list.flatMap((index) => questions[index] ?? []);
}

function describe(question: TextQuestion): string {
  switch (question.kind) {
    case 'specifiers':
      return 'imports';
    case 'mocked-modules':
      return 'mocks of modules';
    case 'import-text':
    case 'passes-on':
      return `imports from ${question.specifiers.join(', ')}`;
    case 'matches':
      return `mentions of ${question.parts?.join(', ') ?? question.patterns.map(([source]) => source).join(' and ')}`;
    case 'generated':
      return 'mark of a generated file';
    case 'analysed':
    case 'readable':
      return 'readability';
  }
}

/** Returns an id of the listed files whose base name is `source`, or matches it if there are flags. */
function foundBy(source: string, flags: string | null, { listing }: Snapshot): string {
  const pattern = flags === null ? undefined : new RegExp(source, flags);
  const found = listing.paths.filter((path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return pattern ? pattern.test(name) : name === source;
  });
  return createHash('sha256').update(JSON.stringify(found.sort())).digest('hex');
}

/** The checksum has proven that this program wrote the text. */
export function parseEntry(text: string): AnswerEntry | undefined {
  const value: unknown = JSON.parse(text);
  return isEntry(value) ? value : undefined;
}

function isEntry(value: unknown): value is AnswerEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['question', 'sources', 'questions', 'lists', 'files', 'existence', 'names', 'answer'].every((key) => key in value)
  );
}
