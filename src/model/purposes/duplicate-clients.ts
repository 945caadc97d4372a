import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import { returnedBy } from '../typescript/returned-values.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { isCall } from '../dataflow/normalize-call.js';
import type { CodeKind } from '../factories/code-kinds.js';
import { Places } from '../pools/places.js';
import { isFunction, callableOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { configurationOf } from './configuration.js';

/** A client that is made for the configuration of another one in the same process. */
export interface DuplicateClient {
  /** The call that makes it. */
  readonly node: TS.Node;
  /** The call that makes the first one. */
  readonly first: TS.Node;
}

/** The inputs of the search. */
export interface DuplicateInput {
  readonly sites: readonly CallSite[];
  readonly checker: TS.TypeChecker;
  readonly project: Project;
  readonly kindOf: (file: string) => CodeKind;
}

interface LastingClient {
  readonly node: TS.Node;
  readonly file: string;
  readonly configuration: string;
}

const officialPackages = /^@clickhouse\/client(?:-web)?$/;

/** Returns the clients that repeat the configuration of an earlier one, sorted by position. The model's `duplicateClients` calls it. */
export function findDuplicateClients(input: DuplicateInput): DuplicateClient[] {
  const groups = new Map<string, LastingClient[]>();
  for (const client of lastingClients(input)) groups.set(client.configuration, [...(groups.get(client.configuration) ?? []), client]);
  const isShared = sharedProcesses(input);
  return [...groups.values()].flatMap((clients) => {
    const sorted = [...clients].sort((one, other) =>
      one.file === other.file ? one.node.pos - other.node.pos : one.file < other.file ? -1 : 1,
    );
    return sorted.flatMap((client, index) => {
      const first = sorted.slice(0, index).find((earlier) => isShared(earlier.file, client.file));
      return first ? [{ node: client.node, first: first.node }] : [];
    });
  });
}

/** The clients that live as long as the process, with a configuration that the code shows. */
function lastingClients({ sites, checker, kindOf }: DuplicateInput): LastingClient[] {
  const places = new Places(checker);
  const found: LastingClient[] = [];
  const isMade = lastingInstances(sites, places);
  const add = (site: CallSite, prefix: string): void => {
    const { node } = site;
    const file = node.getSourceFile().fileName;
    if (!isCall(node) || kindOf(file) !== 'production' || !isLasting(node, isMade)) return;
    const configuration = configurationOf(node.arguments ?? [], places);
    if (configuration !== undefined && !/session_id|\{keep_alive/.test(configuration))
      found.push({ node, file, configuration: `${prefix}(${configuration})` });
  };
  for (const site of sites) {
    const constructor = [...site.constructors].find((candidate) => officialPackages.test(candidate.package));
    if (!constructor || !isCall(site.node)) continue;
    const { node } = site;
    add(site, constructor.package);
    const around = callableOf(node);
    // Each call of a function that only returns a new client makes one.
    if (isFunction(around) && returnedBy(around).every((value) => unwrap(value) === node))
      for (const call of sites)
        if (call.targets.has(around) && !call.callbacks.has(around)) add(call, `${around.getSourceFile().fileName}:${around.pos}`);
  }
  return found;
}

/** Whether the call runs once in a process and its value is kept: by a constant or an export of a module, or by a field of an object. */
function isLasting(node: TS.Node, isMade: (owner: TS.ClassLikeDeclaration) => boolean): boolean {
  let value = node;
  for (let { parent } = node; !ts.isSourceFile(parent); value = parent, parent = parent.parent) {
    if (ts.isVariableDeclaration(parent)) return parent.initializer === value && ts.isSourceFile(parent.parent.parent.parent);
    if (ts.isPropertyDeclaration(parent)) return parent.initializer === value && isMade(parent.parent);
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
      return isFieldOfConstructor(parent, isMade) || isExport(parent);
    if (!ts.isExpression(parent) || unwrap(parent) !== node) return false;
  }
  return false;
}

/** `exports.client = createClient(…)` */
function isExport(assignment: TS.BinaryExpression): boolean {
  return ts.isSourceFile(assignment.parent.parent) && /^(?:module\.)?exports(?:\.\w+)?$/.test(assignment.left.getText());
}

/** `this.client = createClient(…)` in a constructor, under no condition. */
function isFieldOfConstructor(assignment: TS.BinaryExpression, isMade: (owner: TS.ClassLikeDeclaration) => boolean): boolean {
  const block = assignment.parent.parent;
  return (
    /^this\.#?\w+$/.test(assignment.left.getText()) &&
    ts.isBlock(block) &&
    ts.isConstructorDeclaration(block.parent) &&
    isMade(block.parent.parent)
  );
}

/** Returns a test for classes of which one instance lives as long as the process: a container makes it, or a constant of a module holds it. */
function lastingInstances(sites: readonly CallSite[], places: Places): (owner: TS.ClassLikeDeclaration) => boolean {
  const made = new Set<unknown>();
  for (const { node } of sites) if (ts.isNewExpression(node) && isLasting(node, () => false)) made.add(places.of(node.expression));
  return (owner) => made.has(owner) || (ts.canHaveDecorators(owner) && (ts.getDecorators(owner)?.length ?? 0) > 0);
}

/** Returns a function that tells whether one program imports both files. */
function sharedProcesses({ project, kindOf }: DuplicateInput): (one: string, other: string) => boolean {
  const known = new Map<string, ReadonlySet<string>>();
  const importing = (file: string): ReadonlySet<string> => {
    const found = known.get(file) ?? new Set([file]);
    if (!known.has(file)) {
      const all = found as Set<string>;
      known.set(file, all);
      // A set may grow while it is read: this is a breadth-first search.
      for (const next of all)
        for (const importer of project.importersOf(next))
          if (kindOf(importer) === 'production' && !startsThread(project, importer, next)) all.add(importer);
    }
    return found;
  };
  return (one, other) => {
    if (one === other) return true;
    const others = importing(other);
    return [...importing(one)].some((file) => others.has(file));
  };
}

/** Whether the importer only starts the file in a thread or process of its own. */
function startsThread(project: Project, importer: string, file: string): boolean {
  const name =
    file
      .split('/')
      .at(-1)
      ?.replace(/\.[cm]?[jt]sx?$/, '') ?? '';
  const lines = (project.text(importer) ?? '').split('\n').filter((line) => line.includes(`/${name}`));
  return lines.length > 0 && lines.every((line) => /\bnew\s+(?:URL|Worker)\b|\bfork\(|import\s+type\b/.test(line));
}
