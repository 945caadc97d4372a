import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { isSourcePath, listFiles } from './list-files.js';
import type { FileListing } from './file-listing.js';
import type { ReadRecord } from './read-record.js';
import { ImportGraph } from './import-graph.js';
import type { ImportOptions } from './import-options.js';
import { isBelow, relativeTo } from './paths.js';
import type { LinkRule } from './package-links.js';
import { type ImportTarget, Resolver } from './resolver.js';
import { isComponentFile, type ScriptLanguage, scriptLanguageOf } from './script-blocks.js';
import { SourceTexts } from './source-texts.js';
import { minifiedMark, patternText, separator, type TextQuestion } from './text-questions.js';
import { foldersOf, isSameStamps, stampsOf } from './path-stamps.js';
import type { ProjectPackage } from './workspace-packages.js';

/** The difference that a refresh or a linter's text made. */
export interface ProjectChange {
  /** Files that were added, deleted, or whose text changed. */
  readonly files: ReadonlySet<string>;
  /** Those of `files` that can change a result of the analysis: it read the whole text, or an answer to one of its questions changed. */
  readonly affecting: ReadonlySet<string>;
  /** Those of `files` whose imports changed. A file whose imports were never read is left out. */
  readonly importsChanged: ReadonlySet<string>;
  /** Whether imports may resolve to other files: files were added or deleted, or a manifest changed. */
  readonly resolutionChanged: boolean;
}

/** Parts of the access to the disk that the user of a project may take over. */
export interface DiskAccess {
  /** The files below the root, as listed just before. */
  readonly listing?: FileListing;
  /** Receives each read of the disk. */
  readonly record?: ReadRecord;
}

/** The source files under one root, their texts and their imports. It does not parse them; the model does. */
export class Project {
  readonly #texts: SourceTexts;
  readonly #record: ReadRecord | undefined;
  readonly #isVendored: (relativePath: string) => boolean;
  #files: readonly string[] = [];
  #sources = new Set<string>();
  #folders: ReadonlyMap<string, number> = new Map();
  #manifests: readonly string[] = [];
  #resolver: Resolver | undefined;
  /** Files that decided what imports resolve to, such as an extended tsconfig of any name. Some do not exist. */
  readonly #resolutionFiles = new Set<string>();
  readonly #imports = new ImportGraph({
    sources: () => this.#sources,
    specifiersOf: (file) => this.specifiersOf(file),
    resolve: (file, specifier) => this.resolve(file, specifier),
  });

  /**
   * `linkRule` tells when a package of the project stands for an import of its name. Default: always. `listing` saves the first look for
   * files, and `record` receives each read of the disk.
   */
  constructor(
    readonly root: string,
    isVendored: (relativePath: string) => boolean = () => false,
    private readonly linkRule: (packageName: string) => LinkRule = () => 'by-name',
    { listing, record }: DiskAccess = {},
  ) {
    this.#isVendored = isVendored;
    this.#record = record;
    this.#texts = new SourceTexts(record);
    this.#list(listing);
  }

  /** Absolute paths of all source files. */
  get sources(): ReadonlySet<string> {
    return this.#sources;
  }

  /** Returns the files of this name, of any kind, as paths relative to the root. */
  filesNamed(name: string | RegExp): readonly string[] {
    this.#record?.addName(name);
    return this.#files.filter((file) => (typeof name === 'string' ? posix.basename(file) === name : name.test(posix.basename(file))));
  }

  /** Returns the text of a file of any kind; undefined if it cannot be read. `path` is relative to the root. */
  textOfAny(path: string): string | undefined {
    return this.#texts.read(posix.join(this.root, path));
  }

  /** Whether a file or folder exists, listed or not. `path` is relative to the root. */
  exists(path: string): boolean {
    const absolute = posix.join(this.root, path);
    const exists = existsSync(absolute);
    this.#record?.addExistence(absolute, exists);
    return exists;
  }

  /** Whether a linter's text counts for some file, in place of the text on disk. */
  get hasOpenTexts(): boolean {
    return this.#texts.hasOpenTexts;
  }

  /** Whether a listing has the files that this project has. */
  isListedAs(listing: FileListing): boolean {
    return isSameList(listFiles(this.root, this.#isVendored, listing).all, this.#files);
  }

  /** Number of folders and ignore files whose timestamps are compared at a refresh. */
  get folders(): number {
    return this.#folders.size;
  }

  /** Packages whose source is in this project, by name; `folder` is an absolute path. */
  get packages(): ReadonlyMap<string, { readonly folder: string }> {
    return this.#resolve.workspaces.packages;
  }

  /** Every `package.json` of this project that is a valid JSON object, also those without a name. */
  get allPackages(): readonly ProjectPackage[] {
    return this.#resolve.workspaces.all;
  }

  /** Returns the package that the file belongs to: the nearest `package.json` in its folder or above it, below the root. */
  packageAt(file: string): ProjectPackage | undefined {
    return this.#resolve.workspaces.packageAt(file);
  }

  /** Whether a package of this project has the name or depends on it. */
  dependsOn(packageName: string): boolean {
    const { packages, dependencies } = this.#resolve.workspaces;
    return packages.has(packageName) || dependencies.has(packageName);
  }

  /**
   * Returns the text without byte order mark, of a component the scripts at their offsets; undefined if the file is not a source file,
   * cannot be read, or is generated. An answer on disk then depends on the whole text: `ask` is better where a question is enough.
   */
  text(file: string): string | undefined {
    return this.#sources.has(file) ? this.#texts.analysed(file) : undefined;
  }

  /** Returns the answer of a file to a question about its text; empty for "no" and for what is no source file. */
  ask(file: string, question: TextQuestion): string {
    return this.#sources.has(file) ? this.#texts.ask(file, question) : '';
  }

  /** Whether `text` returns a text. */
  isAnalysed(file: string): boolean {
    return this.ask(file, analysedQuestion) !== '';
  }

  /** Returns each string that the file may import, by the scan of its text. */
  specifiersOf(file: string): string[] {
    const answer = this.ask(file, specifiersQuestion);
    return answer === '' ? [] : answer.split(separator);
  }

  /** Returns each string that the file may mock as a module, by the scan of its text. */
  mockedModulesOf(file: string): string[] {
    const answer = this.ask(file, mockedModulesQuestion);
    return answer === '' ? [] : answer.split(separator);
  }

  /** Returns the language of the scripts of a component; undefined for other files. */
  scriptLanguage(file: string): ScriptLanguage | undefined {
    return isComponentFile(file) ? scriptLanguageOf(file, this.#texts.read(file) ?? '') : undefined;
  }

  /** Source files whose text cannot be read, for example without permission. */
  get unreadable(): readonly string[] {
    return [...this.#sources].filter((file) => this.ask(file, readableQuestion) === '');
  }

  /** Returns the generated and minified files whose text matches, with the line that shows it; undefined if the file is minified. */
  generatedFiles(pattern: RegExp): { readonly file: string; readonly mark: string | undefined }[] {
    const question = { kind: 'generated', pattern: patternText(pattern) } as const;
    return [...this.#sources].flatMap((file) => {
      const mark = this.ask(file, question);
      return mark === '' ? [] : [{ file, mark: mark === minifiedMark ? undefined : mark }];
    });
  }

  /** Names of all packages of this project and of all their dependencies. */
  get packageNames(): ReadonlySet<string> {
    const { packages, dependencies } = this.#resolve.workspaces;
    return new Set([...packages.keys(), ...dependencies]);
  }

  /** Returns the source file of the project that a specifier means in a file; undefined for any other target. */
  resolve(fromFile: string, specifier: string): string | undefined {
    return this.#resolve.resolve(fromFile, specifier);
  }

  /** Returns what a specifier means in a file: a source file of the project or a package. Undefined for other targets. */
  importTarget(fromFile: string, specifier: string): ImportTarget | undefined {
    return this.#resolve.target(fromFile, specifier);
  }

  /** Other names of packages, by `npm:` ranges, import maps and the field `imports`, with the packages that they stand for. */
  get packageAliases(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#resolve.aliases;
  }

  /** Returns the files of the project that the file imports, by any kind of import. */
  importsOf(file: string): ReadonlySet<string> {
    return this.#imports.targetsOf(file);
  }

  /** Returns a part of the text of a file that contains each name that it imports from a module: mostly, the import clause. */
  importText(file: string, module: string): string {
    const specifiers = this.#imports.specifiersFor(file, module);
    return specifiers ? this.ask(file, { kind: 'import-text', specifiers }) : '';
  }

  /** Whether the file may pass a module that it imports on as a whole, so that other files can use exports that it does not name. */
  passesOn(file: string, module: string): boolean {
    const specifiers = this.#imports.specifiersFor(file, module);
    return specifiers !== undefined && this.ask(file, { kind: 'passes-on', specifiers }) !== '';
  }

  /** Returns the compiler options of the file that decide which of its imports exist at run time. */
  importOptionsOf(file: string): ImportOptions {
    return this.#resolve.importOptionsOf(file);
  }

  /** Returns the files of the project that import the file. */
  importersOf(file: string): ReadonlySet<string> {
    return this.#imports.importersOf(file);
  }

  /** Stores a linter's text of a file; it overrides the text on disk. The file need not exist. */
  open(file: string, text: string): ProjectChange {
    const isNew = !this.#sources.has(file);
    if (isNew && !this.#mayContain(file)) return unchanged;
    const change = this.#texts.open(file, text);
    if (change === 'none' && !isNew) return unchanged;
    if (isNew) this.#sources.add(file);
    const resolutionChanged = isNew || this.#resolutionFiles.has(file);
    if (resolutionChanged) this.#resetResolution();
    const files = new Set([file]);
    const affecting = change === 'facts' || isNew ? files : new Set<string>();
    return { files, affecting, importsChanged: resolutionChanged ? files : this.#imports.update(affecting), resolutionChanged };
  }

  /** Compares the project with the disk: the list of files, and the texts of all files or of those in `only`. */
  refresh(only?: ReadonlySet<string>): ProjectChange {
    const before = this.#sources;
    const manifestsBefore = this.#manifests;
    if (!isSameStamps(this.#folders, stampsOf(this.#folders.keys()))) this.#list();
    const deleted = [...before].filter((file) => !this.#sources.has(file));
    const added = [...this.#sources].filter((file) => !before.has(file));
    for (const file of deleted) this.#texts.forget(file);
    const changes = [...(only ?? this.#sources)].flatMap((file) => {
      const change = before.has(file) && this.#sources.has(file) ? this.#texts.refresh(file) : 'none';
      return change === 'none' ? [] : [{ file, change }];
    });
    const changed = new Set(changes.map(({ file }) => file));
    const deciding = new Set([...this.#manifests, ...this.#resolutionFiles]);
    const changedDeciding = [...deciding].filter((file) => this.#texts.refresh(file) !== 'none' || changed.has(file));
    const manifestsChanged = changedDeciding.length > 0 || !isSameList(manifestsBefore, this.#manifests);
    const resolutionChanged = deleted.length > 0 || added.length > 0 || manifestsChanged;
    if (resolutionChanged) this.#resetResolution();
    const files = new Set([...deleted, ...added, ...changed]);
    const affecting = new Set([...deleted, ...added, ...changes.flatMap(({ file, change }) => (change === 'facts' ? [file] : []))]);
    return { files, affecting, importsChanged: resolutionChanged ? files : this.#imports.update(affecting), resolutionChanged };
  }

  #list(listing?: FileListing): void {
    const { all, sources, manifests } = listFiles(this.root, this.#isVendored, listing);
    this.#files = all;
    this.#sources = new Set([...sources.map((path) => `${this.root}/${path}`), ...this.#texts.unsaved()]);
    this.#manifests = manifests.map((path) => posix.join(this.root, path));
    // A folder without sources can get its first one.
    const listed = all.map((path) => posix.join(this.root, path));
    const ignoreFiles = [...listed.filter((path) => posix.basename(path) === '.gitignore'), posix.join(this.root, '.git/info/exclude')];
    this.#folders = stampsOf([...foldersOf(this.root, [...listed, ...this.#sources]), ...ignoreFiles]);
  }

  #mayContain(file: string): boolean {
    const path = relativeTo(this.root, file);
    return isBelow(this.root, file) && isSourcePath(path) && !this.#isVendored(path);
  }

  get #resolve(): Resolver {
    this.#resolver ??= new Resolver(this.#sources, this.#manifests, (file) => this.#readForResolution(file), this.linkRule);
    return this.#resolver;
  }

  #readForResolution(file: string): string | undefined {
    // An installed package changes by an installation only. Each missing one would be asked for in every folder.
    if (!file.includes('/node_modules/')) this.#resolutionFiles.add(file);
    return this.#texts.read(file);
  }

  #resetResolution(): void {
    this.#resolutionFiles.clear();
    this.#resolver = undefined;
    this.#imports.clear();
  }
}

const analysedQuestion = { kind: 'analysed' } as const;
const specifiersQuestion = { kind: 'specifiers' } as const;
const mockedModulesQuestion = { kind: 'mocked-modules' } as const;
const readableQuestion = { kind: 'readable' } as const;

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** The change of a project that is as it was. */
export const unchanged: ProjectChange = { files: new Set(), affecting: new Set(), importsChanged: new Set(), resolutionChanged: false };
