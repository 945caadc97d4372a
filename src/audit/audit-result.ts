/** What an audit found: the whole document, ready to be written as JSON. Paths are relative to the root, positions 1-based. */
export interface AuditResult {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly root: string;
  /** How many source files the project has, and how many of them had to be looked at in depth. */
  readonly files: number;
  readonly sliceFiles: number;
  readonly constructions: readonly AuditConstruction[];
  /** Functions and classes of the project by which others construct, and clients that it exports raw: constructions of second order. */
  readonly wrappers: readonly AuditWrapper[];
  readonly findings: readonly AuditFinding[];
  /** What a reader should know about how the audit came to its result. */
  readonly notices: readonly string[];
}

export interface AuditPlace {
  readonly file: string;
  readonly line: number;
  /** In UTF-16 units. */
  readonly column: number;
}

export interface AuditConstruction extends AuditPlace {
  /** The package whose client it makes. */
  readonly client: string;
  readonly constructor: string;
  readonly sanctioned: boolean;
  /** Why it is allowed: it lies in the factory, or the reason written in the settings. */
  readonly reason?: string;
}

export interface AuditWrapper extends AuditPlace {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'client';
  readonly uses: readonly AuditPlace[];
}

export interface AuditFinding extends AuditPlace {
  readonly rule: string;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  readonly fixable: boolean;
  /** The call path behind the finding, first hop first; empty where no path is what is wrong. */
  readonly path: readonly AuditHop[];
}

export interface AuditHop extends AuditPlace {
  readonly name: string;
}
