import type { Span } from '../findings/finding.js';
import { type Position, positionAt } from '../findings/position.js';
import type { Model } from '../model/model.js';
import { relativeTo } from '../project/paths.js';
import type { Project } from '../project/project.js';
import { matcherOf } from '../settings/globs.js';
import type { Settings } from '../settings/load-settings.js';

/** All that a rule reads: what the code means, and what the user declared in the settings. */
export interface RuleContext {
  readonly model: Model;
  /** The globs of the declared factories, relative to the root. Empty: the factories are inferred. */
  readonly factories: readonly string[];
  /** The globs of the declared configuration modules, relative to the root. Empty: they are inferred. */
  readonly config: readonly string[];
  /** The globs of the declared service modules, relative to the root. */
  readonly service: readonly string[];
  /** Returns those of `factories` that match no source file. */
  readonly missingFactories: () => readonly string[];
  /** Returns the path of a file from the root, for a message. */
  readonly pathOf: (file: string) => string;
  /** Returns the path from the root and the 1-based position of a span's start, for a message. */
  readonly locate: (span: Span) => Position & { readonly file: string };
  /** Returns the text of a span, for a message or an edit. */
  readonly textOf: (span: Span) => string;
}

/** Returns the context of one run of a rule. `runRule` calls it. */
export function createRuleContext(project: Project, settings: Settings, model: Model): RuleContext {
  return {
    model,
    factories: settings.factories,
    config: settings.config,
    service: settings.service,
    missingFactories: () => {
      const sources = [...project.sources].map((file) => relativeTo(project.root, file));
      return settings.factories.filter((glob) => !sources.some(matcherOf([glob])));
    },
    pathOf: (file) => relativeTo(project.root, file),
    locate: ({ file, start }) => ({ file: relativeTo(project.root, file), ...positionAt(project.text(file) ?? '', start) }),
    textOf: ({ file, start, end }) => (project.text(file) ?? '').slice(start, end),
  };
}
