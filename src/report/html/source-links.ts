import { posix } from 'node:path';
import type { AuditPlace } from '../../audit/audit-result.js';

/** Where the links of a report lead to. */
export interface LinkTargets {
  /** Absolute path of the root for links to the editor. Unset if readers have other files than the audit, as in CI. */
  readonly editorRoot?: string;
  /** The repository on a forge. Unset if there is none. */
  readonly forge?: Forge;
}

/** A commit of a repository on a forge. */
export interface Forge {
  readonly kind: 'github' | 'gitlab' | 'bitbucket';
  /** Address of the repository, without a slash at its end. */
  readonly url: string;
  readonly commit: string;
  /** Path of the audit's root in the repository. Empty if the root is the repository. */
  readonly prefix: string;
}

const names: Readonly<Record<Forge['kind'], string>> = { github: 'GitHub', gitlab: 'GitLab', bitbucket: 'Bitbucket' };

/** A link to a place, and its name for readers. */
export interface SourceLink {
  readonly href: string;
  readonly name: string;
}

/** Returns the links of a place: to the editor, and to the forge. */
export function linksOf({ file, line, column }: AuditPlace, { editorRoot, forge }: LinkTargets): SourceLink[] {
  const editor =
    editorRoot === undefined
      ? []
      : [{ name: 'VS Code', href: `vscode://file/${encode(trimStart(posix.join(editorRoot, file)))}:${line}:${column}` }];
  return [...editor, ...(forge ? [{ name: names[forge.kind], href: forgeUrl(forge, file, line) }] : [])];
}

function forgeUrl({ kind, url, commit, prefix }: Forge, file: string, line: number): string {
  const path = encode(posix.join(prefix, file));
  switch (kind) {
    case 'github':
      return `${url}/blob/${commit}/${path}#L${line}`;
    case 'gitlab':
      return `${url}/-/blob/${commit}/${path}#L${line}`;
    case 'bitbucket':
      return `${url}/src/${commit}/${path}#lines-${line}`;
  }
}

function encode(path: string): string {
  // A name that is not valid UTF-16 cannot be encoded; the buffer replaces what is invalid.
  return Buffer.from(path)
    .toString()
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replace(/^(\w)%3A/, '$1:');
}

function trimStart(path: string): string {
  return path.replace(/^\/+/, '');
}
