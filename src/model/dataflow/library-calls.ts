import type { ts as TS } from 'ts-morph';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { importedName, type ImportNames } from './imported-name.js';
import {
  type CallbackTime,
  containerPackages,
  droppingNames,
  libraryFunctions,
  registrationNames,
  schedulerNames,
} from './library-functions.js';
import { type Call, calledName, isCall } from './normalize-call.js';
import { settledPromise } from './settled-promise.js';

/**
 * Returns when the callee runs its callbacks, if it is a function of a package or of the host. A timer whose callback settles a promise
 * that encloses it is waited for like the promise.
 */
export function callbackTime(node: Call, names: ImportNames): CallbackTime {
  const callee = unwrap(node.expression);
  const imported = importedName(callee, names);
  const listed = imported && functionsOf(imported.module)?.[nameIn(imported.module, imported.name)];
  if (listed !== undefined) return listed;
  const name = calledName(callee);
  if (name === undefined) return 'during';
  if (memberAccess(callee) && registrationNames.test(name)) return 'later';
  if (!schedulerNames.test(name)) return 'during';
  return (node.arguments ?? []).some((argument) => settledPromise(argument) !== undefined) ? 'during' : 'later';
}

/** Whether the result of a call waits for the promises of the callbacks that the callee runs. */
export function waitsForCallbacks(node: TS.Node, names: ImportNames): boolean {
  if (!isCall(node)) return true;
  const name = memberAccess(unwrap(node.expression))?.name;
  return callbackTime(node, names) === 'during' && (name === undefined || !droppingNames.test(name));
}

/** Whether the object comes from a package with a container: its import, the call that creates it, or its declared type. */
export function isContainer(object: TS.Expression, names: ImportNames, depth = 3): boolean {
  const node = unwrap(object);
  const imported = importedName(node, names);
  if (imported) return containerPackages.test(imported.module);
  if (depth === 0) return false;
  if (isCall(node)) return isContainer(node.expression, names, depth - 1);
  const access = memberAccess(node);
  const declaration = names.declarationOf(access?.key ?? node);
  if (declaration && (ts.isVariableDeclaration(declaration) || ts.isParameter(declaration) || ts.isPropertyDeclaration(declaration))) {
    const type = declaration.type && ts.isTypeReferenceNode(declaration.type) ? declaration.type.typeName : undefined;
    if (type && ts.isIdentifier(type)) return isContainer(type, names, 0);
    if (declaration.initializer) return isContainer(declaration.initializer, names, depth - 1);
  }
  return access !== undefined && isContainer(access.object, names, depth - 1);
}

/** The functions of a package, also if a file of it is imported: `lodash/memoize`, `lodash.memoize`. */
function functionsOf(module: string): Readonly<Record<string, CallbackTime>> | undefined {
  return libraryFunctions[module] ?? libraryFunctions[module.split(/[/.]/)[0] ?? ''];
}

function nameIn(module: string, name: string): string {
  const file = module in libraryFunctions ? undefined : /[/.]([\w-]+)(?:\.js)?$/.exec(module)?.[1];
  return name === 'default' || name === '*' ? (file ?? 'default') : name;
}
