/**
 * The result of an audit, as `--format json` prints it. Paths are relative to `root`, with forward slashes. Lines and columns start at 1;
 * columns and offsets count UTF-16 units.
 */
export interface AuditResult {
  /** Version of this format. It changes when a property changes its meaning or is removed. Always 1. */
  readonly schemaVersion: 1;
  /** The program that made the result. */
  readonly tool: {
    /** Name of its npm package. */
    readonly name: string;
    /** Version of its npm package, in semver form. */
    readonly version: string;
  };
  /** Absolute path of the audited folder. */
  readonly root: string;
  /** Number of source files in the project. */
  readonly files: number;
  /** Number of source files that were analysed in depth: those that can affect ClickHouse connections. */
  readonly sliceFiles: number;
  /** Calls that construct a ClickHouse client, allowed or not, sorted by position. */
  readonly constructions: readonly AuditConstruction[];
  /** Code of the project by which other code gets clients: constructions of second order. For information; no rule reports them. */
  readonly wrappers: readonly AuditWrapper[];
  /** Findings of all rules that neither the settings nor a comment permit, sorted by position. Empty: the exit code is 0. */
  readonly findings: readonly AuditFinding[];
  /** Findings that a comment in the code disables, sorted by position. They are not among `findings`. */
  readonly disabled: readonly AuditDisabled[];
  /** Sentences about entries of the settings that match nothing, or everything where that is a mistake. */
  readonly staleSettings: readonly string[];
  /** Sentences about unread and skipped files, comments that disable nothing, and the accessors and managers that were used. */
  readonly notices: readonly string[];
}

/** A position in a source file. */
export interface AuditPlace {
  /** Path relative to the root. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1, in UTF-16 units. */
  readonly column: number;
}

/** A call that constructs a ClickHouse client. */
export interface AuditConstruction extends AuditPlace {
  /** The client package, as in `@clickhouse/client`. */
  readonly client: string;
  /** The export of that package that constructs, as in `createClient`. */
  readonly constructor: string;
  /** Whether the construction is allowed: as a factory, as sanctioned for `no-direct-client`, or by a comment. */
  readonly sanctioned: boolean;
  /** Why it is allowed: the reason in the settings or the comment, or that the file is a factory. Unset if it is not allowed. */
  readonly reason?: string;
}

/** Code of the project by which other code gets clients. The position is that of its name. */
export interface AuditWrapper extends AuditPlace {
  /** Name, as in `createStore`, `Store` or `Store.client`. */
  readonly name: string;
  /** `function`: each call constructs a client. `class`: each instance does. `client`: a module exports the client itself. */
  readonly kind: 'function' | 'class' | 'client';
  /** Places that call, construct or import it. */
  readonly uses: readonly AuditPlace[];
}

/** A problem that a rule found. The position is that of its first character. */
export interface AuditFinding extends AuditPlace {
  /** Name of the rule, without the prefix `clickhouse-ssot/`. */
  readonly rule: string;
  /** Line of the end, from 1. */
  readonly endLine: number;
  /** Column behind the last character, from 1, in UTF-16 units. */
  readonly endColumn: number;
  /** Text for users: the problem, the repair and the path, if there is one. Lines are separated by `\n`. */
  readonly message: string;
  /** Whether a linter can repair it with `--fix`. */
  readonly fixable: boolean;
  /** The call or import path behind the finding, first step first. Empty if the finding has none. */
  readonly path: readonly AuditPathStep[];
}

/** A finding that a comment such as `eslint-disable-next-line` disables. The position is that of the finding. */
export interface AuditDisabled extends AuditPlace {
  /** Name of the rule, without the prefix `clickhouse-ssot/`. */
  readonly rule: string;
  /** The text behind `--` in the comment. Unset if there is none. */
  readonly reason?: string;
}

/** One step of a path. The position is that of the call or the import. */
export interface AuditPathStep extends AuditPlace {
  /** Name of the calling function; in an import path the role of the importing module. */
  readonly name: string;
}
