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
  /** Absolute path of the project's folder. Of several projects, the deepest folder that contains all of them. */
  readonly root: string;
  /** The preset that was asked for. */
  readonly preset: 'recommended' | 'strict';
  /** Names of the rules that ran, without the prefix `clickhouse-ssot/`. */
  readonly rules: readonly string[];
  /** The audited projects: one, unless the paths of the command belong to several. */
  readonly projects: readonly AuditProject[];
  /** Files and folders that the result is limited to. Empty: it covers the projects completely. */
  readonly paths: readonly string[];
  /** Number of source files in the projects. */
  readonly files: number;
  /** Number of source files that were analysed in depth: those that can affect ClickHouse connections. */
  readonly sliceFiles: number;
  /** Calls that construct a ClickHouse client, allowed or not, sorted by position. */
  readonly constructions: readonly AuditConstruction[];
  /** The modules that may construct clients, and those among which the code does not decide, sorted by path. */
  readonly factories: readonly AuditFactory[];
  /** Whether a package of the projects is or depends on `@clickhouse-ssot/runtime`. */
  readonly usesRuntime: boolean;
  /** Code of the project that creates or exports clients: constructions of second order. For information; no rule reports them. */
  readonly wrappers: readonly AuditWrapper[];
  /** Functions that other code asks for a client, sorted by position. */
  readonly accessors: readonly AuditRole[];
  /** Code that owns clients for other code, sorted by position. */
  readonly managers: readonly AuditRole[];
  /** The code between the callers and ClickHouse, as a graph. Tests, examples and third-party code are not in it. */
  readonly graph: AuditGraph;
  /**
   * The compliance checklist: one line for each requirement on the connections of a code base. Empty if no code uses ClickHouse, or if the
   * audit is limited to paths or single rules.
   */
  readonly checklist: readonly AuditCheck[];
  /** Findings of these rules that neither the settings, a comment, the baseline nor an earlier revision permit, sorted by position. Empty: the exit code is 0. */
  readonly findings: readonly AuditFinding[];
  /** Findings that the settings sanction, each with the reason, sorted by position. */
  readonly sanctioned: readonly AuditSanctioned[];
  /** Findings that a comment in the code disables, sorted by position. They are not among `findings`. */
  readonly disabled: readonly AuditDisabled[];
  /** The known findings, which are not in `findings`. Default: unset, if the audit ran without a baseline. */
  readonly baseline?: AuditBaseline;
  /** The comparison with an earlier revision, whose findings are not in `findings`. Default: unset, if the audit ran without `--since`. */
  readonly since?: AuditSince;
  /** Sentences about entries of the settings or the baseline that match nothing, or everything where that is a mistake. With `--strict-settings` the exit code is 1 if there is one. */
  readonly staleSettings: readonly string[];
  /** Source files that no rule judged, and paths of the command without a source file. */
  readonly notJudged: readonly AuditNotJudged[];
  /** Sentences about calls for a connection that the analysis may have missed, as by a limit. They are among `information` as well. */
  readonly incomplete: readonly string[];
  /** Sentences about comments that disable nothing, inferred factories, and the accessors and managers that were used. */
  readonly information: readonly string[];
  /** The sentences of `notJudged`, `staleSettings`, `information` and `baseline.update`. */
  readonly notices: readonly string[];
}

/** A project that was audited: a folder whose files are analysed together. */
export interface AuditProject {
  /** Path of its folder from `root`; `.` if that is the root itself. */
  readonly path: string;
  /** Number of its source files. */
  readonly files: number;
  /** Number of its source files that were analysed in depth. */
  readonly sliceFiles: number;
}

/** A file that no rule judged. */
export interface AuditNotJudged {
  /** Path relative to the root. */
  readonly file: string;
  /** A sentence that says why. */
  readonly message: string;
}

/** A module that may construct clients. */
export interface AuditFactory {
  /** Path relative to the root. */
  readonly file: string;
  /** `declared`: in the settings. `inferred`: from the code. `undecided`: a candidate among several. */
  readonly status: 'declared' | 'inferred' | 'undecided';
  /** Why it is the factory or a candidate, as a clause. */
  readonly reason: string;
  /** The deployables that use it. */
  readonly deployables: readonly string[];
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
  /** The export of that package that constructs, as in `createClient`; of a default export the name that the code uses. */
  readonly constructor: string;
  /** Whether the construction is allowed: as a factory, as sanctioned for `no-direct-client`, or by a comment. */
  readonly sanctioned: boolean;
  /** Why it is allowed: the reason in the settings or the comment, or that the file is a factory. Unset if it is not allowed. */
  readonly reason?: string;
}

/** Code of the project that creates or exports clients. The position is that of its name. */
export interface AuditWrapper extends AuditPlace {
  /** Name, as in `createStore`, `Store` or `Store.client`. */
  readonly name: string;
  /** `function`: each call constructs a client. `class`: each instance does. `client`: a module exports the client itself. */
  readonly kind: 'function' | 'class' | 'client';
  /** Places that are known to call, construct or import it. A container may create further instances of a class. */
  readonly uses: readonly AuditPlace[];
}

/** A function or class with a role. The position is that of its declaration. */
export interface AuditRole extends AuditPlace {
  /** Name, as in `getClient` or `Store.open`; of a declared manager the name of its file. */
  readonly name: string;
  /** Why it has the role, as a clause. */
  readonly evidence: string;
  /** Last line of the declaration, from 1. */
  readonly endLine: number;
  /** Of an accessor, how a call goes past the manager, as in `bypassManager` or `mode = 'direct'`. Unset if it has no bypass. */
  readonly bypass?: string;
}

/** How the code reaches ClickHouse. */
export interface AuditGraph {
  /** Sorted by identity. */
  readonly nodes: readonly AuditNode[];
  /** Sorted by the identities of their nodes. */
  readonly edges: readonly AuditEdge[];
}

/** A part of the way to ClickHouse. */
export interface AuditNode {
  /** Identity in the graph: `file#name`, `file` or `server:address`. It does not depend on line numbers. */
  readonly id: string;
  /**
   * `consumer`: a file that uses what connection code exports. `function`: code between two others on a recursion. `construction`: a file
   * that constructs clients and is no factory. `runtime`: the package `@clickhouse-ssot/runtime`.
   */
  readonly kind: 'consumer' | 'accessor' | 'manager' | 'factory' | 'construction' | 'function' | 'runtime' | 'server';
  /** Name for readers: of a file its path, of a server the address as the code writes it, without credentials. */
  readonly label: string;
  /** Folder of the program that the code belongs to, relative to the root. Unset for servers and the runtime. */
  readonly deployable?: string;
  /** Position of the code. Unset for servers and the runtime. */
  readonly place?: AuditPlace;
}

/** Code that asks other code, or a server, for a connection. */
export interface AuditEdge {
  /** Identity of the node that asks. */
  readonly from: string;
  /** Identity of the node that answers. */
  readonly to: string;
  /** `uses`: a file uses an export. `calls`: code calls code. `connects`: a client of the file connects to the server. */
  readonly kind: 'uses' | 'calls' | 'connects';
  /** `proven` or `possible`: the edge is part of a recursion. Default: unset, if it is part of none. */
  readonly recursion?: 'proven' | 'possible';
}

/** One line of the compliance checklist. */
export interface AuditCheck {
  /** Identity of the requirement, in kebab-case. It does not change between versions. */
  readonly id: string;
  /** The requirement, as a sentence without a full stop. */
  readonly requirement: string;
  /** `unknown`: the audit cannot tell; the evidence says what is missing. */
  readonly verdict: 'pass' | 'fail' | 'unknown';
  /** Why the verdict holds, as sentences. */
  readonly evidence: string;
  /** Where the requirement is broken, sorted by position. Empty unless the verdict is `fail`. */
  readonly places: readonly AuditPlace[];
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
  /** The conditions that decide whether the path runs, as far as the analysis knows. Default: unset, if the rule asks for no condition. */
  readonly guards?: readonly AuditGuard[];
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

/** The comparison of the findings with a baseline. */
export interface AuditBaseline {
  /** Absolute path of the baseline file. */
  readonly file: string;
  /** Findings that the baseline lists, sorted by position. They do not fail the audit. */
  readonly known: readonly AuditFinding[];
  /** Entries that match no finding any more. */
  readonly stale: readonly AuditBaselineEntry[];
  /** A sentence that says what `--update-baseline` or `--prune-baseline` changed in the file. Default: unset, without these options. */
  readonly update?: string;
}

/** The comparison of the findings with those of an earlier revision. `findings` then holds the new ones. */
export interface AuditSince {
  /** The revision as the user named it, as in `origin/main`. */
  readonly revision: string;
  /** Its commit. */
  readonly commit: string;
  /** Findings that the revision has already and the baseline does not list, sorted by position. They do not fail the audit. */
  readonly known: readonly AuditFinding[];
  /** Findings of the revision that do not exist any more. Paths are relative to the root. */
  readonly gone: readonly AuditBaselineEntry[];
}

/** A known finding, or several equal ones, as a baseline file lists them. */
export interface AuditBaselineEntry {
  /** Path relative to the folder of the baseline file, or in `since` to the root, with forward slashes. */
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

/** A finding that a comment such as `eslint-disable-next-line` disables. The position is that of the finding. */
export interface AuditDisabled extends AuditFinding {
  /** Line of the comment, from 1. */
  readonly commentLine: number;
  /** The text behind `--` in the comment. Unset if there is none. */
  readonly reason?: string;
}

/** A sentence about a condition that decides whether a path runs. */
export interface AuditGuard {
  /** The sentence. */
  readonly text: string;
  /** The condition, or the code that was not understood. Unset if the sentence is about no single place. */
  readonly place?: AuditPlace;
}

/** One step of a path. The position is that of the call or the import. */
export interface AuditPathStep extends AuditPlace {
  /** Name of the calling function; in an import path the importing module with its roles. */
  readonly name: string;
}
