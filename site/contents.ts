import type { Preset } from '../src/rule/rule.js';

/** What a group of the site contains: one page, or all pages of a kind. */
export type Entry =
  /** A whole Markdown file. */
  | { readonly kind: 'file'; readonly source: string; readonly path: string }
  /** Sections of a file, by their headings of level 2. The first one gives the title, unless the page has the introduction of the file. */
  | {
      readonly kind: 'sections';
      readonly source: string;
      readonly path: string;
      readonly headings: readonly string[];
      readonly withIntroduction?: boolean;
    }
  /** A page for each section of a file that no other entry names. */
  | { readonly kind: 'other-sections'; readonly source: string; readonly folder: string }
  /**
   * A page for each Markdown file of a folder that no other entry names, in the order of their names. With `linkedFrom`, each is placed
   * below the first page of that file that links to it.
   */
  | { readonly kind: 'other-files'; readonly sources: string; readonly folder: string; readonly linkedFrom?: string }
  /** A page for each rule whose smallest preset is this one. */
  | { readonly kind: 'rules'; readonly preset: Preset };

/** A group of the sidebar. */
export interface Group {
  readonly title: string;
  readonly entries: readonly Entry[];
}

const readme = 'README.md';
const runtimeReadme = 'runtime/README.md';
const architecture = 'docs/architecture.md';

/**
 * The site in the order in which a newcomer reads it. A new section of a README and a new file in `docs` or `docs/runtime` become a page
 * without an entry of their own. A file of `docs/runtime` is placed below the section of the runtime's README that links to it first.
 */
export const contents: readonly Group[] = [
  {
    title: 'Start',
    entries: [
      { kind: 'sections', source: readme, path: 'index', headings: ['What it finds'], withIntroduction: true },
      { kind: 'sections', source: readme, path: 'set-up', headings: ['Set up', 'Requirements'] },
      { kind: 'other-sections', source: readme, folder: '' },
    ],
  },
  {
    title: 'Rules',
    entries: [
      { kind: 'sections', source: readme, path: 'rules/index', headings: ['Rules', 'Presets'] },
      { kind: 'rules', preset: 'recommended' },
      { kind: 'rules', preset: 'strict' },
    ],
  },
  {
    title: 'Settings and commands',
    entries: [
      { kind: 'sections', source: readme, path: 'settings', headings: ['Settings'] },
      { kind: 'sections', source: readme, path: 'command-line', headings: ['Command line'] },
    ],
  },
  {
    title: 'Runtime',
    entries: [
      { kind: 'sections', source: runtimeReadme, path: 'runtime/index', headings: ['Quick start'], withIntroduction: true },
      { kind: 'other-sections', source: runtimeReadme, folder: 'runtime' },
      { kind: 'other-files', sources: 'docs/runtime', folder: 'runtime/guides', linkedFrom: runtimeReadme },
    ],
  },
  {
    title: 'Guides',
    entries: [
      { kind: 'other-files', sources: 'docs', folder: '' },
      { kind: 'file', source: 'docs/migrate.md', path: 'migrate' },
      { kind: 'file', source: 'docs/ci.md', path: 'ci' },
      { kind: 'file', source: 'docs/hosts.md', path: 'hosts' },
      { kind: 'file', source: 'docs/reports.md', path: 'reports' },
    ],
  },
  {
    title: 'Architecture',
    entries: [
      {
        kind: 'sections',
        source: architecture,
        path: 'architecture/index',
        headings: ['1 What the project consists of'],
        withIntroduction: true,
      },
      { kind: 'other-sections', source: architecture, folder: 'architecture' },
    ],
  },
  {
    title: 'Project',
    entries: [
      { kind: 'file', source: 'docs/official-client-tests.md', path: 'official-client-tests' },
      { kind: 'file', source: 'CONTRIBUTING.md', path: 'contributing' },
    ],
  },
];

/** Sections without a page: other pages say the same, or they are about the repository alone. */
export const leftOut: Readonly<Record<string, readonly string[]>> = {
  [readme]: ['Editors and caches', 'Runtime', 'Test', 'Contributing', 'License'],
};
