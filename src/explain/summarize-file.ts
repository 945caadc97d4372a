import type { AuditFactory } from '../audit/audit-result.js';
import type { FileFacts } from '../audit/file-facts.js';
import type { AuditedFile } from './audit-file.js';
import type { FileRole, FileSummary } from './explanation.js';

/** Returns what a file was taken for, and whether it was analysed and judged. */
export function summarizeFile(audited: AuditedFile): FileSummary {
  const { file, result } = audited;
  const roles = rolesOf(audited);
  return {
    root: result.root,
    file,
    roles: roles.length > 0 ? roles : [noRole(audited)],
    analysis: analysisOf(audited),
    notJudged: result.notJudged.filter((entry) => entry.file === file).map(({ message }) => message),
  };
}

function rolesOf(audited: AuditedFile): FileRole[] {
  const { facts } = audited;
  const unread = unreadRole(facts);
  if (unread) return [unread];
  const own = connectionRoles(audited);
  const consumer = own.length === 0 ? consumerRole(audited) : undefined;
  return [...own, ...(consumer ? [consumer] : []), ...codeRole(facts)];
}

/** The roles that connect: those of the audit result. */
function connectionRoles({ file, result, modules, facts }: AuditedFile): FileRole[] {
  const isHere = (place: { readonly file: string }): boolean => place.file === file;
  const verdict = modules.find(isHere)?.verdict;
  return [
    ...result.factories
      .filter(isHere)
      .map((factory): FileRole => ({ role: `factory (${factory.status})`, evidence: factoryEvidence(factory) })),
    ...(verdict?.kind === 'second'
      ? [
          {
            role: 'second client',
            evidence: `it constructs clients, and the factory is ${listed(verdict.factories) || '@clickhouse-ssot/runtime'}`,
          } as const,
        ]
      : []),
    ...result.accessors
      .filter(isHere)
      .map(({ name, evidence, bypass }): FileRole => ({
        role: 'accessor',
        evidence: `${name}: ${evidence}; its bypass is ${bypass === undefined ? 'not known' : `"${bypass}"`}`,
      })),
    ...result.managers.filter(isHere).map(({ name, evidence }): FileRole => ({ role: 'manager', evidence: `${name}: ${evidence}` })),
    ...result.wrappers
      .filter(isHere)
      .map(({ name, kind, uses }): FileRole => ({
        role: 'wrapper',
        evidence: `${name} ${wrapperTexts[kind]}, with ${uses.length === 1 ? '1 known use' : `${uses.length} known uses`}`,
      })),
    ...(facts.isService ? [{ role: 'service', evidence: 'the setting "service" names it' } as const] : []),
    ...(facts.configuration === undefined
      ? []
      : [
          {
            role: 'configuration module',
            evidence:
              facts.configuration === 'declared'
                ? 'the setting "config" names it'
                : 'it reads variables that begin with CLICKHOUSE_ from the environment',
          } as const,
        ]),
  ];
}

const wrapperTexts = {
  function: 'creates a client at each call',
  class: 'creates a client for each instance',
  client: 'is a client that the module exports',
} as const;

function factoryEvidence({ status, reason, deployables }: AuditFactory): string {
  const programs = deployables.length === 0 ? '' : `, for ${deployables.map((name) => (name === '.' ? 'the root' : name)).join(', ')}`;
  return status === 'undecided' ? `it constructs clients, and ${reason}` : `${reason}${programs}`;
}

/** A file that imports a module with a role has no role of its own. */
function consumerRole({ result, facts, modules }: AuditedFile): FileRole | undefined {
  const roles = new Map<string, string>();
  const add = (role: string, places: readonly { readonly file: string }[]): void => {
    for (const place of places) roles.set(place.file, roles.get(place.file) ?? role);
  };
  add('factory', result.factories);
  add('accessor', result.accessors);
  add('manager', result.managers);
  add('wrapper', result.wrappers);
  const imported = facts.imports.filter((file) => roles.has(file));
  if (imported.length > 0)
    return { role: 'consumer', evidence: `it imports ${listed(imported.map((file) => `${file} (${roles.get(file) ?? ''})`))}` };
  const used = result.wrappers.filter(({ uses }) => uses.some((use) => use.file === facts.file)).map(({ name }) => name);
  if (used.length > 0) return { role: 'consumer', evidence: `it uses ${listed(used)}` };
  const module = modules.find(({ file }) => file === facts.file);
  return module === undefined ? undefined : { role: 'consumer', evidence: `it ${module.reason}` };
}

function codeRole({ codeKind, codeKindReason }: FileFacts): FileRole[] {
  if (codeKind === 'production') return [];
  return [{ role: codeKind === 'vendored' ? 'third-party code' : codeKind, evidence: codeKindReason }];
}

/** A file that the analysis does not read. */
function unreadRole({ status }: FileFacts): FileRole | undefined {
  switch (status.kind) {
    case 'analysed':
      return undefined;
    case 'other-language':
      return { role: 'no source file', evidence: 'it is no TypeScript, JavaScript, Vue, Svelte or Astro' };
    case 'build-output':
      return { role: 'no source file', evidence: 'it is a declaration file, minified, or in build output or node_modules' };
    case 'unlisted':
      return { role: 'no source file', evidence: 'git ignores it, or without git, it is in a folder of build output' };
    case 'unreadable':
      return { role: 'no source file', evidence: 'it cannot be read: it is a broken link, or the process has no permission' };
    case 'vendored':
      return {
        role: 'third-party code',
        evidence: `the setting "vendored" covers it with ${listed(status.globs.map((glob) => `"${glob}"`))}`,
      };
    case 'generated':
      return { role: 'generated', evidence: `its head says "${status.mark.slice(0, 80)}"` };
    case 'minified':
      return { role: 'generated', evidence: 'most of its code is on very long lines, as in minified code' };
  }
}

function noRole({ facts }: AuditedFile): FileRole {
  return {
    role: 'none',
    evidence:
      facts.importers === 0 ? 'nothing in it concerns a client' : 'nothing in it concerns a client, and it imports no module with a role',
  };
}

function analysisOf({ file, modules, facts, result, settings }: AuditedFile): FileSummary['analysis'] {
  const module = modules.find((candidate) => candidate.file === file);
  if (module) return { inDepth: true, reason: `It was analysed in depth: it ${module.reason}.` };
  if (facts.status.kind !== 'analysed') return { inDepth: false, reason: 'It was not analysed.' };
  const skipped = result.notJudged.find((entry) => entry.file === file && entry.message.includes('was skipped'));
  if (skipped) return { inDepth: false, reason: skipped.message };
  const slice = new Set(modules.map((candidate) => candidate.file));
  const imported = facts.imports.filter((path) => slice.has(path));
  const reason =
    imported.length > 0
      ? `It imports ${listed(imported)}, but no name by which it could construct a client.`
      : 'It names no client package, opens no session of the runtime, and imports nothing that gives a client.';
  const test = facts.codeKind === 'test' && imported.length > 0 ? ' A test that cannot construct a client is not analysed in depth.' : '';
  const clients =
    settings.clients.length === 0 ? ' If it talks to ClickHouse by a package or module of its own, name that under "clients".' : '';
  return { inDepth: false, reason: `It was not analysed in depth. ${reason}${test}${imported.length > 0 ? '' : clients}` };
}

const maxListed = 4;

/** Returns the items as a list for a sentence: the first ones, and how many more there are. */
export function listed(items: readonly string[]): string {
  return items.length > maxListed ? `${items.slice(0, maxListed).join(', ')} and ${items.length - maxListed} more` : items.join(', ');
}
