/**
 * Whether the value of the environment variable `DEBUG` asks for debug output of `clickhouse-ssot`. It is a list of names, separated by
 * commas or spaces, in which `*` stands for any text and a leading `-` excludes. The entry points call it once.
 */
export function isDebugRequested(variable: string | undefined): boolean {
  const names = (variable ?? '').split(/[\s,]+/).filter((name) => name !== '');
  const [excluded, included] = [names.filter((name) => name.startsWith('-')), names.filter((name) => !name.startsWith('-'))];
  return included.some(matchesOwnName) && !excluded.some((name) => matchesOwnName(name.slice(1)));
}

function matchesOwnName(pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test('clickhouse-ssot');
}
