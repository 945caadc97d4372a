import type { Span } from '../findings/finding.js';
import { type Position, positionAt } from '../findings/position.js';
import { runtimePackage } from '../model/clients/client-packages.js';
import type { Model } from '../model/model.js';
import { relativeTo } from '../project/paths.js';
import type { Project } from '../project/project.js';
import { matcherOf } from '../settings/globs.js';
import type { Settings } from '../settings/load-settings.js';
import { type Factories, findFactories } from './factories.js';

/** All that a rule reads: what the code means, and what the user declared in the settings. */
export interface RuleContext {
  readonly model: Model;
  /** Where clients may be constructed: as the settings declare, or as the code shows. */
  readonly factories: Factories;
  /** Whether the file is a declared or an inferred factory. */
  readonly isFactory: (file: string) => boolean;
  /** Whether the file is a test, by the setting `tests`. */
  readonly isTest: (file: string) => boolean;
  /** Returns the path from the root and the 1-based position of a span's start, for a message. */
  readonly locate: (span: Span) => Position & { readonly file: string };
  /** Returns the text of a span, for a message or an edit. */
  readonly textOf: (span: Span) => string;
}

/** Returns the context of one run of a rule. `runRule` calls it. */
export function createRuleContext(project: Project, settings: Settings, model: Model): RuleContext {
  const isTest = matcherOf(settings.tests);
  const factories = findFactories({
    declared: settings.factories,
    usesRuntime: project.dependsOn(runtimePackage),
    constructions: model.constructions,
    pathOf: ({ span }) => relativeTo(project.root, span.file),
    textOf: ({ span }) => project.text(span.file) ?? '',
    importersOf: ({ span }) => project.importersOf(span.file).size,
    isTest,
  });
  const isFactory = matcherOf(factories.kind === 'inferred' ? [factories.file] : settings.factories);
  return {
    model,
    factories,
    isFactory: (file) => isFactory(relativeTo(project.root, file)),
    isTest: (file) => isTest(relativeTo(project.root, file)),
    locate: ({ file, start }) => ({ file: relativeTo(project.root, file), ...positionAt(project.text(file) ?? '', start) }),
    textOf: ({ file, start, end }) => (project.text(file) ?? '').slice(start, end),
  };
}
