import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import { patternText } from '../../project/text-questions.js';
import { runtimePackage } from '../clients/client-packages.js';
import type { Construction } from '../connections/constructions.js';
import { importOf, isImport } from '../environment/module-exports.js';
import type { SourceModules } from '../environment/source-modules.js';
import { callAt } from '../factories/passed-credentials.js';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { memberAccess } from '../typescript/syntax.js';

/** The options of a client, in the file that passes them. */
export interface ClientOptions {
  readonly file: string;
  readonly options: readonly TS.Expression[];
}

/** Returns what is passed to the client constructors. */
export function optionsOf(constructions: readonly Construction[], { parse }: SourceModules): ClientOptions[] {
  return constructions.map(({ span }) => ({ file: span.file, options: callAt(parse(span.file), span.start)?.arguments ?? [] }));
}

const importsRuntime = {
  kind: 'matches',
  parts: [runtimePackage],
  patterns: [patternText(new RegExp(`['"\`]${runtimePackage}['"\`]`))],
} as const;

/** Returns what is passed to functions and classes of the runtime, which makes the clients of a project that uses it. */
export function runtimeOptions(project: Project, modules: SourceModules, isProduction: (file: string) => boolean): ClientOptions[] {
  const files = [...project.sources].filter((file) => project.ask(file, importsRuntime) !== '' && isProduction(file));
  return files.map((file) => ({ file, options: argumentsToRuntime(modules.parse(file)) }));
}

function argumentsToRuntime(file: TS.SourceFile): TS.Expression[] {
  const options: TS.Expression[] = [];
  const visit = (node: TS.Node): void => {
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && isOfRuntime(node.expression)) options.push(...(node.arguments ?? []));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return options;
}

function isOfRuntime(callee: TS.Expression): boolean {
  const root = memberAccess(callee)?.object ?? callee;
  const declared = ts.isIdentifier(root) ? declarationOf(root.text, root) : undefined;
  return declared !== undefined && isImport(declared) && importOf(declared).specifier === runtimePackage;
}

/** Options of clients that say nothing about the server, the identity or the connection. */
const otherOptions =
  /^(?:application(?:_?[nN]ame)?|log|logger|keep_?[aA]live|compression|session_?[iI]d|clickhouse_settings|settings|http_headers|headers|fetch|json|format|tracer|retry)$/;

/** Whether an option of a client does not take part in where and as which user it connects. */
export function isOtherOption(name: string): boolean {
  return otherOptions.test(name);
}
