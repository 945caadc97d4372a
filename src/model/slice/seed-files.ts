import { relativeTo } from '../../project/paths.js';
import type { Project } from '../../project/project.js';
import type { Trace } from '../../trace/trace.js';
import { runtimePackage } from '../clients/client-packages.js';

/** Finds the seed files of the slice by their text and caches the result for each file until it changes. Created by `ModelCache`; used by `buildModel`. */
export class SeedFiles {
  readonly #seedPattern: RegExp;
  readonly #sessionPattern = /\.session\s*\(/;
  readonly #cache = new Map<string, boolean>();

  /** A file for which `isDeclared` returns true is a seed file, independent of its text: the settings name it. */
  constructor(
    packages: readonly string[],
    private readonly isDeclared: (file: string) => boolean,
  ) {
    const names = packages.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.#seedPattern = new RegExp(`['"\`](?:${names.join('|')})(?:/[^'"\`\\n]*)?['"\`]`);
  }

  /** Returns the seed files of the project, without the `excluded` ones. */
  find(project: Project, excluded: ReadonlySet<string>, trace: Trace): Set<string> {
    const seeds = [...project.sources].filter((file) => this.isSeed(project, file) && !excluded.has(file));
    for (const file of seeds) trace.fact(() => `${relativeTo(project.root, file)} is a seed file: ${this.#reasonFor(project, file)}`);
    return new Set(seeds);
  }

  #reasonFor(project: Project, file: string): string {
    if (this.isDeclared(file)) return 'the settings name it';
    const [name] = this.#seedPattern.exec(project.text(file) ?? '') ?? [];
    return name === undefined ? `it opens a session of ${runtimePackage}` : `it names "${name.slice(1, -1)}"`;
  }

  /** Whether the file is a seed file. */
  isSeed(project: Project, file: string): boolean {
    const cached = this.#cache.get(file);
    if (cached !== undefined) return cached;
    const result = project.sources.has(file) && (this.isDeclared(file) || this.#hasSeedText(project.text(file) ?? ''));
    this.#cache.set(file, result);
    return result;
  }

  #hasSeedText(text: string): boolean {
    return this.#seedPattern.test(text) || (text.includes(runtimePackage) && this.#sessionPattern.test(text));
  }

  /** Drops the cached result of a changed file. */
  forget(file: string): void {
    this.#cache.delete(file);
  }
}
