/** A rule by which a tool replaces specifiers. */
export interface Alias {
  /** Matches the specifiers that the rule replaces. */
  readonly pattern: RegExp;
  /** Replaces the match; it may refer to groups of the pattern as `$1`. A path is absolute. */
  readonly target: string;
  /** The name that the rule replaces, if it is a name and no pattern. */
  readonly name: string | undefined;
}

/** Returns the rule for a name as bundlers mean it: it stands for itself and for the paths below it. */
export function nameAlias(name: string, target: string): Alias {
  // Webpack's `name$` stands for itself only. `name/*` is the form of SvelteKit and TypeScript.
  const isExact = name.endsWith('$');
  const plain = name.replace(/\/\*$|\$$/, '');
  const end = isExact ? '$' : plain.endsWith('/') || plain === '' ? '' : '(?=/|$)';
  return { pattern: new RegExp(`^${escape(plain)}${end}`), target: escapeTarget(target.replace(/\/\*$/, '')), name: plain };
}

/** Returns the rule for a regular expression; undefined if it is invalid. `\1` in the target means `$1`. */
export function patternAlias(source: string, flags: string, target: string): Alias | undefined {
  try {
    return { pattern: new RegExp(source, flags.replace(/[gy]/g, '')), target: target.replace(/\\+(\d)/g, '$$$1'), name: undefined };
  } catch {
    return undefined;
  }
}

/** Returns the rule for a folder in which bare specifiers are looked up. */
export function folderAlias(folder: string): Alias {
  return { pattern: /^(?=[\w@~])/, target: escapeTarget(`${folder}/`), name: undefined };
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function escapeTarget(target: string): string {
  return target.replaceAll('$', '$$$$');
}
