import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { repository } from '../places.js';

interface Position {
  readonly line: number;
  /** In UTF-16 units. */
  readonly character: number;
}

interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A finding, as the language server protocol has it. */
export interface Diagnostic {
  readonly range: Range;
  readonly message: string;
  readonly code?: string | number;
}

interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

interface WorkspaceEdit {
  readonly changes?: Readonly<Record<string, readonly TextEdit[]>>;
  readonly documentChanges?: readonly { readonly textDocument: { readonly uri: string }; readonly edits: readonly TextEdit[] }[];
}

interface CodeAction {
  readonly title: string;
  readonly edit?: WorkspaceEdit;
  readonly command?: { readonly command: string; readonly arguments?: readonly unknown[] };
}

/** The settings that an editor's ESLint extension sends to the server. */
const eslintSettings = {
  validate: 'on',
  useFlatConfig: true,
  useESLintClass: true,
  experimental: {},
  packageManager: 'npm',
  nodePath: null,
  options: {},
  rulesCustomizations: [],
  quiet: false,
  onIgnoredFiles: 'off',
  run: 'onType',
  problems: { shortenToSingleLine: false },
  codeAction: { disableRuleComment: { enable: false, location: 'separateLine' }, showDocumentation: { enable: false } },
  codeActionOnSave: { mode: 'all' },
};

const languageServers = {
  eslint: [join(repository, 'node_modules/vscode-langservers-extracted/bin/vscode-eslint-language-server'), '--stdio'],
  oxlint: [join(repository, 'node_modules/oxlint/bin/oxlint'), '--lsp'],
} as const;

/** A linter with a language server. */
export type Linter = keyof typeof languageServers;

/** A client of a linter's language server. To the server, it is an editor with one open folder. */
export class Editor {
  readonly #connection: MessageConnection;
  readonly #versions = new Map<string, number>();
  readonly #texts = new Map<string, string>();
  readonly #edits: WorkspaceEdit[] = [];
  /** What the server announced at the start. */
  capabilities: { readonly diagnosticProvider?: { readonly interFileDependencies: boolean } } = {};
  /** The log messages of the server. */
  readonly log: string[] = [];

  private constructor(
    private readonly folder: string,
    private readonly server: ChildProcessWithoutNullStreams,
  ) {
    this.#connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    const workspaceFolder = { name: 'code', uri: String(pathToFileURL(folder)) };
    this.#connection.onRequest('workspace/configuration', ({ items }: { items: readonly unknown[] }) =>
      items.map(() => ({ ...eslintSettings, workspaceFolder })),
    );
    this.#connection.onRequest('workspace/applyEdit', ({ edit }: { edit: WorkspaceEdit }) => {
      this.#edits.push(edit);
      return { applied: true };
    });
    this.#connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.log.push(message);
    });
    // All other requests of the server (to register, to refresh, to show) succeed without effect.
    this.#connection.onRequest(() => null);
    this.#connection.listen();
  }

  /** Starts the server and opens the folder. */
  static async start(linter: Linter, folder: string): Promise<Editor> {
    const server = spawn(process.execPath, [...languageServers[linter]], { cwd: folder });
    const editor = new Editor(folder, server);
    const uri = String(pathToFileURL(folder));
    const { capabilities }: { capabilities: Editor['capabilities'] } = await editor.#connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: uri,
      // Without it, oxlint opens the folder after the first request, and the answer to that is empty.
      initializationOptions: [{ workspaceUri: uri, options: { run: 'onType' } }],
      workspaceFolders: [{ name: 'code', uri }],
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          diagnostics: { refreshSupport: true },
          applyEdit: true,
          workspaceEdit: { documentChanges: true },
        },
        textDocument: { diagnostic: {}, codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } } },
      },
    });
    editor.capabilities = capabilities;
    await editor.#connection.sendNotification('initialized', {});
    return editor;
  }

  /** Opens a document and returns its diagnostics. The text need not be saved. */
  async open(file: string, text: string): Promise<readonly Diagnostic[]> {
    const languageId = /\.[cm]?jsx?$/.test(file) ? 'javascript' : 'typescript';
    this.#versions.set(file, 1);
    this.#texts.set(file, text);
    await this.#connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: this.#uri(file), languageId, version: 1, text },
    });
    return this.diagnose(file);
  }

  /** Replaces the text of an open document without a save, and returns its diagnostics. */
  async type(file: string, text: string): Promise<readonly Diagnostic[]> {
    const version = (this.#versions.get(file) ?? 0) + 1;
    this.#versions.set(file, version);
    this.#texts.set(file, text);
    await this.#connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.#uri(file), version },
      contentChanges: [{ text }],
    });
    return this.diagnose(file);
  }

  /** Lints an open document again, as an editor does when a user switches to it. */
  async diagnose(file: string): Promise<readonly Diagnostic[]> {
    const report: { items: readonly Diagnostic[] } = await this.#connection.sendRequest('textDocument/diagnostic', {
      textDocument: { uri: this.#uri(file) },
    });
    return report.items;
  }

  /** Closes a document without a save. */
  async close(file: string): Promise<void> {
    await this.#connection.sendNotification('textDocument/didClose', { textDocument: { uri: this.#uri(file) } });
  }

  /** Returns the code actions for a diagnostic. */
  async offers(file: string, diagnostic: Diagnostic): Promise<readonly CodeAction[]> {
    return this.#connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri: this.#uri(file) },
      range: diagnostic.range,
      context: { diagnostics: [diagnostic] },
    });
  }

  /** Returns the text of an open document after a code action: the action is an edit, or a command that requests one. */
  async after(file: string, { edit, command }: CodeAction): Promise<string> {
    if (edit) this.#edits.push(edit);
    else if (command) await this.#connection.sendRequest('workspace/executeCommand', command);
    const uri = this.#uri(file);
    const edits = this.#edits
      .splice(0)
      .flatMap(({ changes, documentChanges = [] }) => [
        ...(changes?.[uri] ?? []),
        ...documentChanges.filter(({ textDocument }) => textDocument.uri === uri).flatMap((change) => change.edits),
      ]);
    return edits.reduce(applyTo, this.#texts.get(file) ?? '');
  }

  /** Stops the server. */
  async stop(): Promise<void> {
    await this.#connection.sendRequest('shutdown');
    await this.#connection.sendNotification('exit');
    this.#connection.dispose();
    this.server.kill();
  }

  /** The URI of a file, given by its path from the open folder. `untitled:…` is a document without a file. */
  #uri(file: string): string {
    return file.startsWith('untitled:') ? file : String(pathToFileURL(join(this.folder, file)));
  }
}

function applyTo(text: string, { range, newText }: TextEdit): string {
  return text.slice(0, offsetOf(text, range.start)) + newText + text.slice(offsetOf(text, range.end));
}

function offsetOf(text: string, { line, character }: Position): number {
  return text.split('\n').slice(0, line).join('\n').length + (line > 0 ? 1 : 0) + character;
}
