import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { memberAccess, staticName } from '../typescript/syntax.js';
import { declarationOf } from '../typescript/lexical-scope.js';
import { isEnvironment } from './environment-object.js';
import type { SourceModules } from './source-modules.js';

/** Functions of libraries that validate an object, by the last part of their names. */
const validators =
  /^(?:(?:safe)?parse(?:Async)?|validate(?:Sync)?|cleanEnv|createEnv|envsafe|envSchema|parseEnv|load|plainTo(?:Instance|Class)|decode\w*|assert\w*|check|cast|create|mask|attempt)$/i;

/** Options that pass the environment to a validator. */
const environmentOptions = /^(?:runtimeEnv|env|data|source)$/;

/** The key of a variable in a schema. */
export interface SchemaKey {
  readonly key: TS.Node;
  readonly name: string;
}

/**
 * Returns the keys of the schema that a call validates the environment as a whole with: of `z.object({ X: … }).parse(process.env)`,
 * `cleanEnv(process.env, { X: … })` and others. Schemas of the same file are followed by their names.
 */
export function schemaKeys(call: TS.CallExpression, modules: SourceModules): SchemaKey[] {
  const name = memberAccess(call.expression)?.name ?? (ts.isIdentifier(call.expression) ? call.expression.text : '');
  if (!validators.test(name) || !call.arguments.some((argument) => passesEnvironment(argument, modules))) return [];
  const keys: SchemaKey[] = [];
  const seen = new Set<TS.Node>();
  const visit = (node: TS.Node): void => {
    if (seen.has(node) || ts.isTypeNode(node)) return;
    seen.add(node);
    if (ts.isPropertyAssignment(node) && isSchema(node.initializer, modules)) add(node.name);
    else if (ts.isPropertyDeclaration(node)) add(node.name);
    else if (ts.isIdentifier(node)) visitNamed(node);
    ts.forEachChild(node, visit);
  };
  const add = (key: TS.PropertyName): void => {
    const text = staticName(key);
    if (text !== undefined) keys.push({ key, name: text });
  };
  const visitNamed = (node: TS.Identifier): void => {
    if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) return;
    const declared = declarationOf(node.text, node);
    if (declared && ts.isVariableDeclaration(declared) && declared.initializer) visit(declared.initializer);
    if (declared && ts.isClassDeclaration(declared)) visit(declared);
  };
  visit(call);
  return keys;
}

function passesEnvironment(argument: TS.Expression, modules: SourceModules): boolean {
  if (isEnvironment(argument, modules)) return true;
  if (!ts.isObjectLiteralExpression(argument)) return false;
  return argument.properties.some(
    (property) =>
      ts.isPropertyAssignment(property) &&
      environmentOptions.test(staticName(property.name) ?? '') &&
      isEnvironment(property.initializer, modules),
  );
}

/** A validator is called or named; a literal or a variable of the environment is a value. */
function isSchema(value: TS.Expression, modules: SourceModules): boolean {
  if (ts.isStringLiteralLike(value) || ts.isNumericLiteral(value)) return false;
  const member = memberAccess(value);
  return member === undefined || !isEnvironment(member.object, modules);
}
