import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { AuditResult } from '../../audit/audit-result.js';
import { runtimePackage } from '../../model/clients/client-packages.js';
import { Markup, markup, type Content } from '../markup/markup.js';
import { nextSteps } from '../next-steps.js';
import { count } from '../page.js';
import { isRuntimeFactory } from '../summary.js';
import { checklistMarkup } from './checklist-section.js';
import { diagramData, diagramMarkup, diagramsOf } from './diagrams-section.js';
import { exceptionsMarkup, notesMarkup } from './exceptions-section.js';
import { findingsMarkup } from './findings-section.js';
import { inventoryMarkup } from './inventory-section.js';
import { type PageContext, prose } from './page-context.js';
import { verdictOf } from './verdict.js';

/** The style sheet and the script of the page. */
export interface PageAssets {
  readonly style: string;
  readonly script: string;
}

/** What a page needs besides the result. */
export interface HtmlOptions extends PageContext {
  readonly assets: PageAssets;
}

/** Returns the result as one HTML file for people. It loads nothing: it works from a disk and as a file of a CI run. */
export function toHtml(result: AuditResult, { assets, ...context }: HtmlOptions): string {
  const name = posix.basename(result.root) || result.root;
  const { kind, sentence } = verdictOf(result);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(assets)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>ClickHouse connections of ${name}</title>
<style>${new Markup(assets.style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header><div><p class="product">ClickHouse connections</p><h1><bdi>${name}</bdi></h1></div><div id="page-actions"></div></header>
<main id="main" tabindex="-1">
<section class="verdict ${kind}" aria-label="Verdict"><p>${sentence}</p>${facts(result)}</section>
${sectionsOf(result, context)}
</main>
<footer><p>${footer(result)}</p></footer>
${diagramData(diagramsOf(result.graph))}
<script>${new Markup(assets.script)}</script>
</body>
</html>
`;
  return page.text;
}

function sectionsOf(result: AuditResult, context: PageContext): Markup[] {
  const { checklist, findings, baseline, sanctioned, disabled } = result;
  const [current, target] = diagramsOf(result.graph);
  const steps = nextSteps(result);
  const notes = notesMarkup(result);
  return [
    ...section('checklist', 'Checklist', checklist.length > 0, () => checklistMarkup(checklist, context)),
    ...section(
      'next',
      'What to do next',
      steps.length > 0,
      () => markup`<ol class="steps">${steps.map((step) => markup`<li>${prose(sentenceCase(step))}</li>`)}</ol>`,
    ),
    ...(current ? section('current', 'Current state', true, () => [target ? undefined : sameState, diagramMarkup(current)]) : []),
    ...(target ? section('target', 'Target state', true, () => [targetText, diagramMarkup(target)]) : []),
    ...section('findings', 'Findings', findings.length > 0, () => findingsMarkup(findings, 'findings-table', 'Findings', context)),
    ...section('known', 'Known findings', baseline !== undefined && baseline.known.length > 0, () =>
      findingsMarkup(baseline?.known ?? [], 'known-table', 'Findings in the baseline', context),
    ),
    ...section('permitted', 'Exceptions', sanctioned.length + disabled.length > 0, () => exceptionsMarkup(result, context)),
    ...section('inventory', 'Code', result.constructions.length + result.graph.nodes.length > 0, () => inventoryMarkup(result, context)),
    ...section('notes', 'Notes', notes.length > 0, () => notes),
  ];
}

const sameState = markup`<p class="lead">No part and no connection of the diagram has to change: the target state is the current one. Findings are about code inside and beside these parts.</p>`;

const targetText = markup`<p class="lead">The same code as the rules ask for: consumers ask an accessor, managers and accessors ask one factory for each deployable, only factories connect, and no call leads back.</p>`;

function section(id: string, title: string, isShown: boolean, content: () => Content): Markup[] {
  return isShown
    ? [markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content()}</section>`]
    : [];
}

function facts(result: AuditResult): Markup {
  const { files, constructions, checklist, findings, graph, factories } = result;
  const allowed = constructions.filter(({ sanctioned }) => sanctioned).length;
  const failed = checklist.filter(({ verdict }) => verdict === 'fail').length;
  const rows: [string, string][] = [
    ['Findings', String(findings.length)],
    ['Checks failed', checklist.length === 0 ? '–' : `${failed} of ${checklist.length}`],
    ['Client constructions', constructions.length === 0 ? '0' : `${constructions.length}, ${allowed} allowed`],
    ['Factories', isRuntimeFactory(result) ? runtimePackage : String(factories.filter(({ status }) => status !== 'undecided').length)],
    ['Files that use ClickHouse', String(new Set(graph.nodes.flatMap(({ place }) => place?.file ?? [])).size)],
    ['Source files read', String(files)],
  ];
  return markup`<dl class="facts">${rows.map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function footer({ tool, preset, rules, root, paths }: AuditResult): Content {
  const scope = paths.length === 0 ? '' : ` The report shows what is in ${paths.join(', ')}.`;
  return [
    `${tool.name} ${tool.version}, preset ${preset}, ${count(rules.length, 'rule')}. Root: `,
    markup`<bdi>${root}</bdi>`,
    `.${scope}`,
  ];
}

/** Allows the style and the script of the page by their hashes, and no request at all. */
function policy({ style, script }: PageAssets): string {
  return `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
