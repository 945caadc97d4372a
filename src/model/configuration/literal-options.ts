import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { addressKindOf } from './addresses.js';
import type { Origin } from './origin.js';

/** Returns what a literal says that is an option of a client. A database or a user name may be part of the purpose of a client. */
export function literalKind(text: string, key: string | undefined): 'address' | 'credentials' | undefined {
  if (text === '') return undefined;
  if (key !== undefined && /^(?:password|access_token)$/.test(key)) return 'credentials';
  if (key !== undefined && /^(?:host|hostname)$/.test(key)) return 'address';
  return key !== undefined && /^(?:url|dsn)$/.test(key) ? addressKindOf(text) : undefined;
}

/** The passwords that a client gets as they are: a default behind a setting is none. */
export function writtenPasswords(origins: readonly Origin[]): TS.Node[] {
  return origins.flatMap((origin) => {
    if (origin.kind !== 'literal' || literalKind(origin.node.text, origin.key) !== 'credentials') return [];
    const { parent } = origin.node;
    return ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent) ? [origin.node] : [];
  });
}
