import { resolve } from 'node:path';
import { AnswerCache } from '../cache/answer-cache.js';
import type { Question } from '../cache/answer-entry.js';
import { type CacheChoice, type CachePlace, cachePlaceOf, noCache } from '../cache/cache-location.js';
import { Snapshot } from '../cache/snapshot.js';
import { toolIdentity } from '../engine/tool-identity.js';
import { toPosix } from '../project/paths.js';
import { ReadRecord } from '../project/read-record.js';
import { readSettings, readSettingsFile, settingsText } from '../settings/load-settings.js';
import { noTrace } from '../trace/trace.js';
import { audit, type AuditOptions, type AuditOutcome } from './audit.js';

/** A project to audit, and where answers of earlier audits are. */
export interface CachedAuditOptions extends AuditOptions {
  /** Where answers are kept. Default: nowhere. */
  readonly cache?: CacheChoice | undefined;
  /** Receives the folder for compiled code, beside the answers, before an analysis loads TypeScript. Default: not called. */
  readonly useCodeFolder?: ((folder: string) => void) | undefined;
}

/**
 * Audits a code base, or returns the outcome of an earlier audit if nothing has changed that the audit reads. Then neither TypeScript nor
 * any other dependency is loaded. `auditProject` calls it.
 */
export function cachedAudit(options: CachedAuditOptions): AuditOutcome {
  const { settingsFile, override, selection, trace = noTrace } = options;
  const root = toPosix(resolve(options.root));
  const settings = settingsText(root, override, settingsFile);
  const cache = settings === undefined ? undefined : AnswerCache.open(root, placeOf(root, settings, options), trace);
  if (!cache) return audit(options);
  const question: Question = { root, tool: toolIdentity(), text: JSON.stringify(['audit', settings, selection ?? null]) };
  const snapshot = new Snapshot(root);
  const known = cache.find(question, snapshot, isOutcome);
  if (known) return known;
  const codeFolder = options.useCodeFolder && cache.codeFolder;
  if (codeFolder !== undefined) options.useCodeFolder?.(codeFolder);
  const record = new ReadRecord();
  const outcome = audit({ ...options, disk: { listing: snapshot.listing, record } });
  if (outcome.kind === 'done') cache.keep(question, snapshot, record, outcome);
  return outcome;
}

/** The settings are validated only if they can say something about the cache. */
function placeOf(root: string, text: string, { cache = noCache, settingsFile, override }: CachedAuditOptions): CachePlace {
  if (cache.kind !== 'settings') return cache;
  if (!text.includes('cache')) return { kind: 'default' };
  const result = settingsFile === undefined ? readSettings(root, override) : readSettingsFile(settingsFile);
  return cachePlaceOf(result.ok && result.settings.cache, root);
}

type DoneOutcome = AuditOutcome & { readonly kind: 'done' };

function isOutcome(value: unknown): value is DoneOutcome {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'done' && 'result' in value;
}
