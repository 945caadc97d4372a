import type { RuleContext } from './rule-context.js';
import type { PathStep } from '../findings/finding.js';

/** Returns a call path as the text of a message: one `name (file:line)` per line, and `end` as the last line. */
export function formatCallPath(steps: readonly PathStep[], end: string, { locate }: RuleContext): string {
  const lines = steps.map(({ name, span }) => {
    const { file, line } = locate(span);
    return `${name} (${file}:${line})`;
  });
  return [...lines, end].map((line, index) => `  ${index === 0 ? '' : '-> '}${line}`).join('\n');
}
