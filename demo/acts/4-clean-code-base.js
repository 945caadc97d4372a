import { lintWithESLint, lintWithOxlint } from '../linters.js';

/** @type {import('../act.js').Act} */
export default {
  title: 'The repaired code base, linted with all rules',

  async play(stage, { after }) {
    const linted = { ESLint: await lintWithESLint(after, 'strict'), oxlint: await lintWithOxlint(after, 'strict') };
    for (const [linter, { files, findings }] of Object.entries(linted)) {
      for (const { file, line, rule, message } of findings) stage.show(`${file}:${line}  ${rule}\n${message}`);
      stage.claim(`${linter}: ${files} files, ${findings.length} findings`, files > 0 && findings.length === 0);
    }
  },
};
