import type { ts as TS } from 'ts-morph';
import { isFunction } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { KnownText } from './known-texts.js';
import { type Names, declaredName } from './names.js';

/** A match that decides about a branch. */
export interface FoundMatch {
  readonly node: TS.Node;
  /** The calls whose error it is. */
  readonly calls: readonly TS.Node[];
  /** The parameters through which the error arrives. */
  readonly parameters: readonly TS.ParameterDeclaration[];
  readonly texts: readonly string[];
  readonly known: readonly KnownText[];
}

/** The one module of a program that tells errors of ClickHouse apart by their texts, for all others. */
export interface CentralHelper {
  readonly file: string;
  /** The programs that use it. */
  readonly deployables: ReadonlySet<string>;
  /** The matches in its exported functions. */
  readonly matches: ReadonlySet<FoundMatch>;
  /** Returns the exported function that tells a failure apart; any of them, if none does. */
  readonly nameFor: (known: readonly KnownText[]) => string;
}

/** Modules that use an exported function of a helper, at least. */
const minUsers = 2;

/** Returns the modules that tell errors apart for others: of each program the one with the most users. */
export function centralHelpers(matches: readonly FoundMatch[], names: Names, deployableOf: (file: string) => string): CentralHelper[] {
  const files = new Map<string, FoundMatch[]>();
  for (const match of matches) {
    const { fileName } = match.node.getSourceFile();
    files.set(fileName, [...(files.get(fileName) ?? []), match]);
  }
  const candidates = [...files]
    .flatMap(([file, own]) => candidateOf(file, own, names) ?? [])
    .sort((a, b) => b.users.size - a.users.size || (a.file < b.file ? -1 : 1));
  const taken = new Set<string>();
  return candidates.flatMap(({ file, users, functions }) => {
    const deployables = new Set([file, ...users].map(deployableOf).filter((folder) => !taken.has(folder)));
    if (!deployables.has(deployableOf(file))) return [];
    for (const folder of deployables) taken.add(folder);
    return [{ file, deployables, matches: new Set([...functions.values()].flat()), nameFor: (known) => nameFor(known, functions) }];
  });
}

interface Candidate {
  readonly file: string;
  readonly users: ReadonlySet<string>;
  /** The matches of each exported function. */
  readonly functions: ReadonlyMap<string, readonly FoundMatch[]>;
}

function candidateOf(file: string, matches: readonly FoundMatch[], names: Names): Candidate | undefined {
  const functions = new Map<string, FoundMatch[]>();
  const users = new Set<string>();
  for (const match of matches) {
    for (const callable of exportedFor(match)) {
      const name = declaredName(callable)?.text ?? '';
      functions.set(name, [...(functions.get(name) ?? []), match]);
      for (const use of names.usesOf(callable)) users.add(use.getSourceFile().fileName);
    }
  }
  users.delete(file);
  return users.size >= minUsers ? { file, users, functions } : undefined;
}

/** Returns the exported functions of the module that are given the error. */
function exportedFor({ node, parameters }: FoundMatch): TS.FunctionLikeDeclaration[] {
  const file = node.getSourceFile();
  const owners = parameters.map(({ parent }) => parent).filter((parent) => isFunction(parent));
  return [...new Set(owners)].filter((owner) => owner.getSourceFile() === file && isExported(owner));
}

function isExported(callable: TS.FunctionLikeDeclaration): boolean {
  const statement = ts.findAncestor(callable, (node) => ts.isSourceFile(node.parent));
  if (!statement) return false;
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return true;
  const name = declaredName(callable)?.text;
  return callable
    .getSourceFile()
    .statements.some(
      (other) =>
        (ts.isExportDeclaration(other) &&
          other.exportClause !== undefined &&
          ts.isNamedExports(other.exportClause) &&
          other.exportClause.elements.some((element) => (element.propertyName ?? element.name).text === name)) ||
        (ts.isExportAssignment(other) && ts.isIdentifier(other.expression) && other.expression.text === name),
    );
}

function nameFor(known: readonly KnownText[], functions: ReadonlyMap<string, readonly FoundMatch[]>): string {
  const wanted = new Set(known.map(({ failure }) => JSON.stringify(failure)));
  const fitting = [...functions].find(([, matches]) =>
    matches.some((match) => match.known.some(({ failure }) => wanted.has(JSON.stringify(failure)))),
  );
  return fitting?.[0] ?? [...functions.keys()][0] ?? '';
}
