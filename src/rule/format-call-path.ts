import type { RuleContext } from './rule-context.js';
import type { PathStep } from '../findings/finding.js';

/** A call path for a message: `name (file:line)`, one hop a line, ending where it began. */
export function formatCallPath(hops: readonly PathStep[], end: string, { locate }: RuleContext): string {
  const lines = hops.map(({ name, span }) => {
    const { file, line } = locate(span);
    return `${name} (${file}:${line})`;
  });
  return [...lines, end].map((line, index) => `${'  '.repeat(1)}${index === 0 ? '' : '-> '}${line}`).join('\n');
}
