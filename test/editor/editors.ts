import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configureEslint, configureOxlint, copyOf } from '../e2e/hosts.js';
import { repository } from '../places.js';
import { type Diagnostic, Editor } from './language-server.js';

interface Session {
  readonly editor: Editor;
  /** Returns the text of a file on disk. */
  readonly read: (file: string) => string;
  /** Saves a file without the editor. */
  readonly write: (file: string, text: string) => void;
  /** Returns the absolute path of a file. */
  readonly path: (file: string) => string;
}

const startEditor = {
  'ESLint 10': (folder) => {
    configureEslint(folder);
    return Editor.start('eslint', folder);
  },
  'ESLint 9': (folder) => {
    configureEslint(folder);
    // The server loads the ESLint that is nearest to the file.
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(repository, 'node_modules/eslint9'), join(folder, 'node_modules/eslint'));
    return Editor.start('eslint', folder);
  },
  oxlint: (folder) => {
    configureOxlint(folder, '.oxlintrc.json');
    return Editor.start('oxlint', folder);
  },
} as const satisfies Record<string, (folder: string) => Promise<Editor>>;

type EditorName = keyof typeof startEditor;

/** The linters whose language servers are tested. */
export const editors: readonly EditorName[] = ['ESLint 10', 'ESLint 9', 'oxlint'];

/** Opens a copy of a fixture in an editor, and stops the editor at the end, also after a failure. */
export async function inEditor(name: EditorName, fixture: string, work: (session: Session) => Promise<void>): Promise<void> {
  const folder = copyOf(fixture);
  const path = (file: string) => join(folder, file);
  const editor = await startEditor[name](folder);
  try {
    await work({
      editor,
      path,
      read: (file) => readFileSync(path(file), 'utf8'),
      write: (file, text) => {
        mkdirSync(dirname(path(file)), { recursive: true });
        writeFileSync(path(file), text);
      },
    });
  } finally {
    await editor.stop();
  }
}

/** Returns the names of the rules that report, sorted. Other diagnostics, like those of a parser, appear by their message. */
export function rulesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, message }) => /^clickhouse-ssot[/(]([\w-]+)\)?$/.exec(String(code))?.[1] ?? message).sort();
}
