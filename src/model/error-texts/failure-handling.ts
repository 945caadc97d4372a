import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import { spanOf } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { brokenResultsAt } from './broken-results.js';
import { type ClientOrigin, ClientOrigins } from './client-origins.js';
import { ErrorOrigins } from './error-origins.js';
import { type ErrorTextInput, type ErrorTextMatch, findErrorTextMatches } from './error-text-matches.js';
import type { FoundHandling, HandlingKind } from './handling-search.js';
import { Names } from './names.js';
import { retriesAt } from './retries.js';
import { systemCodesAt } from './system-codes.js';

/** Code that handles failures of statements, and that means something else if another package makes the client. */
export interface FailureHandling {
  readonly span: Span;
  readonly handling: HandlingKind;
  /** The constructions of the clients of the statements; empty if the code shows none. */
  readonly origins: readonly ClientOrigin[];
}

/** All code that handles failures of statements. */
export interface FailureFacts {
  /** The branches that depend on texts. */
  readonly texts: readonly ErrorTextMatch[];
  /** Code that handles failures by other means. */
  readonly handling: readonly FailureHandling[];
}

/** Returns the code that handles failures of statements, by position. The model's `failureHandling` calls it. */
export function findFailureFacts(input: ErrorTextInput): FailureFacts {
  return { texts: findErrorTextMatches(input), handling: findHandling(input) };
}

function findHandling(input: ErrorTextInput): FailureHandling[] {
  const { errorSources, checker, calls } = input;
  const names = new Names(errorSources, checker);
  const search = { names, calls, errors: new ErrorOrigins(names, calls, input) };
  const origins = new ClientOrigins(names, calls);
  const found: FoundHandling[] = [];
  for (const source of errorSources) {
    const visit = (node: TS.Node): void => {
      found.push(...systemCodesAt(node, search), ...brokenResultsAt(node, search), ...retriesAt(node, search));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found
    .map(({ node, handling, failing }) => ({ span: spanOf(node), handling, origins: origins.of(failing) }))
    .sort((a, b) => (a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.start - b.span.start));
}
