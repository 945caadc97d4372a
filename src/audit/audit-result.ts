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
  /** Names of the rules that were run. */
  readonly rules: readonly string[];
  /** Findings of these rules that are neither sanctioned nor in the baseline, sorted by position. Empty: the exit code is 0. */
  readonly findings: readonly AuditFinding[];
  /** Findings that the settings sanction, each with the reason, sorted by position. */
  readonly sanctioned: readonly AuditSanctioned[];
  /** Findings that a comment in the code disables, sorted by position. */
  readonly disabled: readonly AuditDisabled[];
  /** What a baseline keeps out of `findings`. Default: unset, if the audit was run without a baseline. */
  readonly baseline?: AuditBaseline;
  /** Sentences about settings and baseline entries that match nothing. */
  readonly staleSettings: readonly string[];
  /** Files that no rule judged. */
  readonly notJudged: readonly AuditNotJudged[];
  /** Sentences about unused settings, unread and skipped files, and the accessors and managers that were used. */
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
  /** Whether the settings allow the construction: as a factory, or as sanctioned for `no-direct-client`. */
  readonly sanctioned: boolean;
  /** Why it is allowed: the reason in the settings, or that the file is a factory. Unset if it is not allowed. */
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
  /** Names of the declarations around the finding, as in `Reports.run`. Empty if it is directly in a module. */
  readonly within: string;
  /** Identity of the finding inside its file, as 16 hexadecimal digits. It does not depend on line numbers or on the message. */
  readonly fingerprint: string;
  /** `test`: the finding is in a test. Default: unset, if it is in production code. */
  readonly scope?: 'test';
}

/** A finding that the settings sanction. */
export interface AuditSanctioned extends AuditFinding {
  /** The reason in the settings. */
  readonly reason: string;
}

/** A finding that a comment in the code disables. */
export interface AuditDisabled extends AuditPlace {
  /** Name of the rule, without the prefix `clickhouse-ssot/`. */
  readonly rule: string;
  /** The reason in the comment. Default: unset, if the comment has none. */
  readonly reason?: string;
}

/** The comparison of the findings with a baseline. */
export interface AuditBaseline {
  /** Absolute path of the baseline file. */
  readonly file: string;
  /** Findings that the baseline lists, sorted by position. They do not fail the audit. */
  readonly known: readonly AuditFinding[];
  /** Entries that match no finding any more. */
  readonly stale: readonly AuditBaselineEntry[];
}

/** A known finding, or several equal ones, as a baseline file lists them. */
export interface AuditBaselineEntry {
  /** Path relative to the folder of the baseline file, with forward slashes. */
  readonly file: string;
  /** Name of the rule, without the prefix `clickhouse-ssot/`. */
  readonly rule: string;
  /** `within` of the finding. For readers; it is part of the fingerprint. */
  readonly within: string;
  /** `fingerprint` of the finding. */
  readonly fingerprint: string;
  /** Number of equal findings in the file. Default: 1. */
  readonly count?: number;
  /** `scope` of the finding. Default: unset, if it is in production code. */
  readonly scope?: 'test';
}

/** A source file that no rule judged. */
export interface AuditNotJudged {
  /** Path relative to the root. */
  readonly file: string;
  /** A sentence that says why. */
  readonly message: string;
}

/** One step of a path. The position is that of the call or the import. */
export interface AuditPathStep extends AuditPlace {
  /** Name of the calling function; in an import path the role of the importing module. */
  readonly name: string;
}
