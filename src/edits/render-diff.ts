import type { createColors } from 'picocolors';
import type { FileEdit } from './file-edit.js';

/** Returns the edits as one unified diff. */
export async function renderDiff(edits: readonly FileEdit[], colors: ReturnType<typeof createColors>): Promise<string> {
  const { structuredPatch } = await import('diff');
  return edits
    .map(({ file, before, after }) => {
      const { hunks } = structuredPatch(file, file, before ?? '', after, '', '', { context: 3 });
      const header = [before === undefined ? '--- /dev/null' : `--- a/${file}`, `+++ b/${file}`].map((line) => colors.bold(line));
      const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: ofHunk }) => [
        colors.cyan(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`),
        ...ofHunk.map((line) => (line.startsWith('+') ? colors.green(line) : line.startsWith('-') ? colors.red(line) : line)),
      ]);
      return `${[...header, ...lines].map((line) => line.replace(/\r$/, '')).join('\n')}\n`;
    })
    .join('\n');
}
