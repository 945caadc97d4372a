import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { declarationOf } from '../typescript/lexical-scope.js';
import { isEnvironment } from './environment-object.js';
import { importOf, isImport, requiredSpecifier } from './module-exports.js';
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
  const ofPlugin = pluginSchema(call);
  if (ofPlugin) return keysOfJsonSchema(ofPlugin);
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

/** Packages that read the environment by a JSON schema: plugins of Fastify, and the function that these call. */
const jsonSchemaReader = /^(?:@fastify\/env|fastify-env|env-schema)$/;

/** Returns the JSON schema of `app.register(fastifyEnv, { schema })` and of `envSchema({ schema })`. */
function pluginSchema(call: TS.CallExpression): TS.Expression | undefined {
  const isPlugin = memberAccess(call.expression)?.name === 'register';
  const reader = isPlugin ? call.arguments[0] : call.expression;
  const options = call.arguments[isPlugin ? 1 : 0];
  if (!reader || !options || !isJsonSchemaReader(reader)) return undefined;
  const given = valueOf(options);
  return ts.isObjectLiteralExpression(given) ? memberOf(given, 'schema') : undefined;
}

function isJsonSchemaReader(node: TS.Expression): boolean {
  const value = unwrap(node);
  const declared = ts.isIdentifier(value) ? declarationOf(value.text, value) : undefined;
  if (!declared) return jsonSchemaReader.test(requiredSpecifier(value) ?? '');
  if (isImport(declared)) return jsonSchemaReader.test(importOf(declared).specifier ?? '');
  const given = ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
  return given !== undefined && jsonSchemaReader.test(requiredSpecifier(given) ?? '');
}

function keysOfJsonSchema(schema: TS.Expression): SchemaKey[] {
  const value = valueOf(schema);
  const properties = ts.isObjectLiteralExpression(value) ? memberOf(value, 'properties') : undefined;
  const members = properties && valueOf(properties);
  if (!members || !ts.isObjectLiteralExpression(members)) return [];
  return members.properties.flatMap(({ name }) => {
    const text = name && staticName(name);
    return name && text !== undefined ? [{ key: name, name: text }] : [];
  });
}

function memberOf(object: TS.ObjectLiteralExpression, name: string): TS.Expression | undefined {
  const property = object.properties.find((item) => item.name && staticName(item.name) === name);
  if (property && ts.isPropertyAssignment(property)) return property.initializer;
  return property && ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
}

/** The value of a variable of the same file. */
function valueOf(node: TS.Expression): TS.Expression {
  const value = unwrap(node);
  const declared = ts.isIdentifier(value) ? declarationOf(value.text, value) : undefined;
  return declared && ts.isVariableDeclaration(declared) && declared.initializer ? unwrap(declared.initializer) : value;
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
