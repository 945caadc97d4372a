import type { AuditFinding, AuditPlace } from '../audit/audit-result.js';
import type { Preset } from '../rule/rule.js';
import type { Section } from './markdown.js';

/** What `explain` tells, as `--format json` prints it. Paths are relative to `root`, lines and columns start at 1. */
export type Explanation = RuleExplanation | LineExplanation | FileExplanation;

/** The explanation of a rule, from its page and its metadata. */
export interface RuleExplanation {
  readonly kind: 'rule';
  readonly rule: string;
  readonly description: string;
  /** The presets that contain the rule. */
  readonly presets: readonly Preset[];
  /** Whether `--fix` repairs some findings. */
  readonly fixable: boolean;
  /** The sections of the page: why, examples, messages, options and settings, limits. */
  readonly sections: readonly Section[];
  /** The options of the rule in the configuration of a linter. */
  readonly options: readonly NamedEffect[];
  /** The settings that change its findings. */
  readonly settings: readonly NamedEffect[];
  /** Address of the page. */
  readonly url: string;
}

/** An option or a setting. */
export interface NamedEffect {
  readonly name: string;
  readonly effect: string;
  /** Default: unset, if the page does not tell it. */
  readonly default?: string;
}

/** The explanation of one line. */
export interface LineExplanation extends FileSummary {
  readonly kind: 'line';
  readonly line: number;
  /** The code of the line, without indentation. */
  readonly code: string;
  /** The findings at the line. */
  readonly findings: readonly ExplainedFinding[];
  /** What else is known of the line, as sentences. */
  readonly facts: readonly Fact[];
}

/** The explanation of a file. */
export interface FileExplanation extends FileSummary {
  readonly kind: 'file';
  /** The deployables whose code loads it; `.` is the root. */
  readonly deployables: readonly string[];
  /** The number of files that import it. */
  readonly importers: number;
  /** Findings in the file that nothing permits. */
  readonly findings: readonly AuditFinding[];
  /** Findings in the file that are permitted, and by what. */
  readonly permitted: readonly PermittedFinding[];
  /** The clients that it constructs, accessors, managers and the like, as sentences with their places. */
  readonly facts: readonly Fact[];
}

/** What each explanation of a file or line tells of the file. */
export interface FileSummary {
  readonly root: string;
  readonly file: string;
  /** What the file was taken for; never empty. */
  readonly roles: readonly FileRole[];
  /** Whether it was analysed in depth, and why, as a sentence. */
  readonly analysis: { readonly inDepth: boolean; readonly reason: string };
  /** Why rules do not judge the file, as sentences. Empty: they do. */
  readonly notJudged: readonly string[];
}

/** What a file was taken for, with the evidence as a clause. */
export interface FileRole {
  readonly role:
    | 'factory (declared)'
    | 'factory (inferred)'
    | 'factory (undecided)'
    | 'second client'
    | 'accessor'
    | 'manager'
    | 'wrapper'
    | 'service'
    | 'configuration module'
    | 'consumer'
    | 'test'
    | 'script'
    | 'example'
    | 'third-party code'
    | 'generated'
    | 'no source file'
    | 'none';
  readonly evidence: string;
}

/** A sentence about a place. */
export interface Fact {
  readonly text: string;
  /** Unset if the sentence is about the line or the file itself. */
  readonly place?: AuditPlace;
  /** The code of the line of the place. */
  readonly code?: string;
}

/** The setting, comment or baseline that permits a finding. */
export type Permission =
  | { readonly by: 'setting'; readonly reason: string }
  | { readonly by: 'comment'; readonly line: number; readonly reason?: string }
  | { readonly by: 'baseline'; readonly file: string };

/** A finding that is permitted. */
export interface PermittedFinding {
  readonly finding: AuditFinding;
  readonly permission: Permission;
}

/** A finding with all that explains it. */
export interface ExplainedFinding {
  readonly finding: AuditFinding;
  /** Unset if nothing permits it. */
  readonly permission?: Permission;
  /** The presets that report it. */
  readonly presets: readonly Preset[];
  /** The code of its line. */
  readonly code: string;
  /** The steps of the path, with the code of each line. */
  readonly path: readonly (AuditPlace & { readonly name: string; readonly code: string })[];
  /** The conditions that decide whether the path runs. */
  readonly guards: readonly Fact[];
  /** What would permit it, or make the rule judge otherwise. Empty if it is permitted. */
  readonly remedies: readonly Remedy[];
}

/** A text to paste that permits a finding or changes what the rule takes the code for. */
export interface Remedy {
  readonly kind: 'comment' | 'setting' | 'baseline';
  /** Where the text belongs and what it does, as sentences. */
  readonly effect: string;
  /** The text: a comment, JSON, or a command. */
  readonly text: string;
}
