import { packageUrls } from '../../project/package-specifiers.js';
import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import type { ClientImports } from '../clients/client-imports.js';
import { runtimePackage } from '../clients/client-packages.js';
import { stubFolder } from '../clients/stubs.js';
import type { NoteReason } from './slice.js';

/** Finds the seed files of the slice by their text and caches the result for each file until it changes. Created by `ModelCache`; used by `buildModel`. */
export class SeedFiles {
  readonly #packages: RegExp;
  /** One of them is true of each file that is a seed by its text alone. */
  readonly #questions: readonly TextQuestion[];
  /** The same for tests. */
  readonly #testQuestions: readonly TextQuestion[];
  readonly #aliases: TextQuestion | undefined;
  readonly #cache = new Map<string, boolean>();

  /**
   * A file for which `isDeclared` returns true is a seed file, independent of its text: the settings name it. A test for which `isTest`
   * returns true is none if it names client packages only in imports of types and in mocks: then it cannot construct.
   */
  constructor(
    private readonly clients: ClientImports,
    private readonly isDeclared: (file: string) => boolean,
    private readonly isTest: (file: string) => boolean,
  ) {
    const { parts, patterns } = packagePatterns(clients.packages);
    const naming = patterns.map((all) => ({ kind: 'matches', parts, patterns: all.map(patternText) }) as const);
    const sessions = [
      { kind: 'matches', parts: [runtimePackage], patterns: [sessionPattern] },
      { kind: 'matches', patterns: [serviceSessionPattern] },
    ] as const;
    this.#packages = new RegExp(patterns.map(([name]) => name?.source).join('|'));
    this.#questions = [...naming, ...sessions];
    this.#testQuestions = [...naming.map((question) => ({ ...question, without: typesAndMocks })), ...sessions];
    const aliases = clients.aliases.map(escape);
    this.#aliases = aliases.length === 0 ? undefined : { kind: 'matches', patterns: [patternText(quoted('', aliases))] };
  }

  /** Returns the seed files of the project, without the `excluded` ones. */
  find(project: Project, excluded: ReadonlySet<string>, noteReason: NoteReason): Set<string> {
    const seeds = [...project.sources].filter((file) => this.isSeed(project, file) && !excluded.has(file));
    for (const file of seeds) noteReason(file, () => `is a seed file: ${this.#reasonFor(project, file)}`);
    return new Set(seeds);
  }

  #reasonFor(project: Project, file: string): string {
    if (this.isDeclared(file) || this.clients.modules.includes(file)) return 'the settings name it';
    const text = project.text(file) ?? '';
    const [name] = this.#packages.exec(text) ?? [];
    if (name !== undefined) return `it names "${name.slice(1, -1)}"`;
    const alias = this.#importedAlias(project, file);
    if (alias !== undefined) return `it imports "${alias}", another name of a client package`;
    return this.#importsModule(project, file)
      ? 'it imports a module that the settings name as a client'
      : `it opens a session of ${runtimePackage}`;
  }

  /** Whether the file is a seed file. */
  isSeed(project: Project, file: string): boolean {
    return this.#hasSeedText(project, file) || this.#importsModule(project, file);
  }

  #hasSeedText(project: Project, file: string): boolean {
    const cached = this.#cache.get(file);
    if (cached !== undefined) return cached;
    const result = this.isDeclared(file) || this.#isSeedText(project, file);
    this.#cache.set(file, result);
    return result;
  }

  #isSeedText(project: Project, file: string): boolean {
    const questions = this.isTest(file) ? this.#testQuestions : this.#questions;
    return questions.some((question) => project.ask(file, question) !== '') || this.#importedAlias(project, file) !== undefined;
  }

  /**
   * An alias has a meaning only in some packages, and may be a common word, so that its text alone does not decide. A name that an expression
   * computes is in no text.
   */
  #importedAlias(project: Project, file: string): string | undefined {
    const questions = [...(this.#aliases ? [this.#aliases] : []), computedName];
    if (questions.every((question) => project.ask(file, question) === '')) return undefined;
    return project
      .specifiersOf(file)
      .find(
        (specifier) =>
          project.importTarget(file, specifier)?.kind === 'package' && this.clients.resolve(file, specifier)?.startsWith(stubFolder),
      );
  }

  #importsModule(project: Project, file: string): boolean {
    return this.clients.modules.some((module) => file === module || project.importsOf(file).has(module));
  }

  /** Drops the cached result of a changed file. */
  forget(file: string): void {
    this.#cache.delete(file);
  }
}

/** A text that may compute the name of a client package: `import('@clickhouse/' + name)`. */
const computedName = {
  kind: 'matches',
  parts: ['clickhouse', 'chdb'],
  patterns: [patternText(/\b(?:import|require)\s*\(\s*(?:[^\s'"`)]|`[^`]*\$\{|'[^'\n]*'\s*\+|"[^"\n]*"\s*\+)/)],
} as const;

/** A session, or a service that another module may open a session of. */
const sessionPattern = patternText(/\.session\s*\(|\bclickHouse\s*\(|\bClickHouseTenants\s*\(/);

/** A session of a service that another module exports: this file need not name the runtime. */
const serviceSessionPattern = patternText(/\.manager\s*\.session\s*\(/);

/** An import of types, and a mock of a module by Vitest or Jest. */
const typesAndMocks = patternText(
  /(?:\bimport\s+type\b[^;'"`]*\bfrom\s*|\b(?:vi|jest)\s*\.\s*(?:un|do|dont)?[mM]ock\s*\(\s*)(['"`])[^'"`\n]*\1/,
);

/** Patterns of the texts that may import one of some packages: all patterns of a list match. A matching text has one of the parts. */
interface PackagePatterns {
  readonly parts: readonly string[];
  readonly patterns: readonly (readonly RegExp[])[];
}

/**
 * Matches each quoted specifier that may mean one of the packages, with registry, URL, version and subpath. A name that is a plain word is
 * also data, as in `dialect: 'clickhouse'`: then a string counts only in the place of an argument, or beside a computed import.
 */
function packagePatterns(names: readonly string[]): PackagePatterns {
  const parts = names.map((name) => /^https?:\/\/[^/]*/.exec(name)?.[0] ?? name);
  const registry = `(?:npm|jsr):/?|${packageUrls.join('|')}|[^'"\`\\n]*node_modules/`;
  const words = names.filter((name) => /^\w+$/.test(name));
  const others = names.filter((name) => !words.includes(name)).map(withVersions);
  return {
    parts: parts.filter((part) => !parts.some((other) => other !== part && part.includes(other))),
    patterns: [
      ...(others.length === 0 ? [] : [[quoted(`(?:${registry})?`, others)]]),
      ...(words.length === 0
        ? []
        : [[quoted(`(?:${registry})`, words)], [quoted(notData, words)], [quoted('', words), /\b(?:import|require)\w*\s*\(\s*[\w$]/]]),
    ],
  };
}

/** The quote before this place is not behind a sign that stands before a value. */
const notData = `(?<![:=,[?|&+<>{!]\\s*['"\`])`;

function quoted(prefix: string, names: readonly string[]): RegExp {
  return new RegExp(`['"\`]${prefix}(?:${names.join('|')})(?:[@/?#][^'"\`\\n]*)?['"\`]`);
}

/** A URL may have a version at the end of any part of its path. */
function withVersions(name: string): string {
  return /^https?:/.test(name) ? escape(name).replace(/(?<!\/)\/(?!\/)/g, '(?:@[^/\'"`]*)?/') : escape(name);
}

function escape(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
