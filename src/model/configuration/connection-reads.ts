import { environmentReads, type EnvironmentRead } from '../environment/environment-reads.js';
import { isOnlyPrinted } from '../environment/output-uses.js';
import { isPresenceTest } from '../environment/presence-tests.js';
import type { SourceModules } from '../environment/source-modules.js';
import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import { isConnectionSetting } from './setting-names.js';

/** A text that may name a setting of ClickHouse, or build its name. */
const namesSetting: TextQuestion = {
  kind: 'matches',
  parts: ['CLICKHOUSE', 'CLICK_HOUSE', 'clickhouse', 'clickHouse'],
  patterns: [patternText(/CLICK_?HOUSE(?:_|['"`])|\.click_?house[A-Z_]/)],
};

/** A text that reads a variable whose name is computed: another module may have the name. */
const computesName: TextQuestion = { kind: 'matches', parts: ['env'], patterns: [patternText(/\benv(?:\?\.)?\[\s*[A-Za-z_$]/)] };

/** Configuration files of build tools, test runners and deployment tools: their values do not reach the program itself. */
const toolConfiguration =
  /(?:^|\/)(?:vite|vitest|next|nuxt|svelte|astro|remix|webpack|rollup|rspack|rsbuild|tsup|tsdown|esbuild|drizzle|prisma|jest|playwright|cypress|turbo|metro|babel|sst|alchemy|trigger|ecosystem|electron\.vite)(?:\.[\w-]+)?\.config\.[cm]?[jt]s$/;

/** The reads of the environment in the files of a project, each file read once and only if it is asked for. */
export class ConnectionReads {
  readonly #reads = new Map<string, readonly EnvironmentRead[]>();
  /** Names of variables that reach a client, although they do not name ClickHouse. */
  readonly #further = new Set<string>();

  constructor(
    private readonly project: Project,
    private readonly modules: SourceModules,
  ) {}

  /** Returns all reads in a file. */
  allIn(file: string): readonly EnvironmentRead[] {
    const known = this.#reads.get(file) ?? environmentReads(this.modules.parse(file), this.modules);
    this.#reads.set(file, known);
    return known;
  }

  /** Counts variables as settings of ClickHouse. */
  addNames(names: Iterable<string>): void {
    for (const name of names) this.#further.add(name);
  }

  /** Returns the reads in a file whose value is a setting of ClickHouse. */
  in(file: string): readonly EnvironmentRead[] {
    const isUsed = ({ node, kind }: EnvironmentRead): boolean => kind === 'schema' || !(isPresenceTest(node) || isOnlyPrinted(node));
    return this.allIn(file).filter((read) => this.isSetting(read.name) && isUsed(read));
  }

  /** Whether the variable is a setting of ClickHouse. */
  isSetting(name: string): boolean {
    return isConnectionSetting(name) || this.#further.has(name);
  }

  /** Returns the files whose text may read a setting. */
  candidates(): string[] {
    const names = [...this.#further].map((name) => name.replace(/\W/g, '\\$&'));
    const further: TextQuestion | undefined =
      names.length === 0 ? undefined : { kind: 'matches', patterns: [[`\\b(?:${names.join('|')})\\b`, '']] };
    const questions = [namesSetting, computesName, ...(further ? [further] : [])];
    return [...this.project.sources].filter(
      (file) => !toolConfiguration.test(file) && questions.some((question) => this.project.ask(file, question) !== ''),
    );
  }
}
