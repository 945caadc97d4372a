import type { AuditNode } from '../../audit/audit-result.js';
import { collapse, groupsOf, groupsToClose, nameOfDeployable } from '../diagram/collapse.js';
import type { DiagramEdge, DiagramGraph, DiagramNode } from '../diagram/diagram-graph.js';
import type { AuditGraph } from '../../audit/audit-result.js';
import { visible } from './escape.js';
import type { Hops } from './hops.js';

/** A larger diagram cannot be read in a comment; GitHub draws up to 50,000 characters, and Mermaid up to 500 edges. */
const limits = { characters: 12_000, edges: 150 };

/** Returns a Mermaid flowchart of a graph, collapsed until it can be read; undefined if it is too large even then, or empty. */
export function flowchart(graph: AuditGraph, hops: Hops = new Map()): string | undefined {
  if (graph.edges.length === 0) return undefined;
  const groups = groupsOf(graph);
  const equal = groups.flatMap(({ id, kind }) => (kind === 'same-neighbours' ? [id] : []));
  const steps = [groupsToClose(graph, groups), groups.map(({ id }) => id)].map((closed) => new Set([...equal, ...closed]));
  const drawn = steps.map((closed) => draw(collapse(graph, closed, groups), hops));
  return drawn.find(({ text, edges }) => text.length <= limits.characters && edges <= limits.edges)?.text;
}

interface Drawn {
  readonly text: string;
  readonly edges: number;
}

function draw({ nodes, edges }: DiagramGraph, hops: Hops): Drawn {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const deployables = [...new Set(nodes.flatMap(({ deployable }) => (deployable === undefined ? [] : [deployable])))].sort();
  const isGrouped = deployables.length > 1;
  const lineOf = (node: DiagramNode): string => `${names.get(node.id) ?? ''}${shape(node)}`;
  const inside = (node: DiagramNode): boolean => isGrouped && node.deployable !== undefined && node.kind !== 'group';
  const lines = [
    'flowchart LR',
    ...deployables.flatMap((deployable, index) => {
      const own = nodes.filter((node) => inside(node) && node.deployable === deployable);
      const title = `  subgraph d${index}["${labelText(nameOfDeployable(deployable))}"]`;
      return own.length === 0 ? [] : [title, ...own.map((node) => `    ${lineOf(node)}`), '  end'];
    }),
    ...nodes.filter((node) => !inside(node)).map((node) => `  ${lineOf(node)}`),
    ...edges.map((edge) => `  ${names.get(edge.from) ?? ''} ${arrow(edge, hopsOf(edge, nodes, hops))} ${names.get(edge.to) ?? ''}`),
    ...linkStyles(edges),
    ...classes(nodes, edges, names),
  ];
  return { text: `${lines.join('\n')}\n`, edges: edges.length };
}

/** The hops of an edge, also if one of its ends stands for several nodes. */
function hopsOf({ from, to }: DiagramEdge, nodes: readonly DiagramNode[], hops: Hops): string[] {
  const membersOf = (id: string): readonly string[] => nodes.find((node) => node.id === id)?.members ?? [id];
  return membersOf(from).flatMap((one) => membersOf(to).flatMap((other) => hops.get(`${one}\0${other}`) ?? []));
}

/** Numbers behind the third would hide the arrow. */
const maxHops = 3;

function arrow({ kind, recursion }: DiagramEdge, hops: readonly string[]): string {
  if (recursion === undefined) return kind === 'connects' ? '-.->' : '-->';
  const line = recursion === 'proven' ? '==>' : '-.->';
  const shown = hops.length > maxHops ? [...hops.slice(0, maxHops), '…'] : hops;
  return shown.length === 0 ? line : `${line}|"${labelText(shown.join(', '))}"|`;
}

function linkStyles(edges: readonly DiagramEdge[]): string[] {
  const indexes = edges.flatMap(({ recursion }, index) => (recursion === undefined ? [] : [index]));
  return indexes.length === 0 ? [] : [`  linkStyle ${indexes.join(',')} stroke:#d1242f,stroke-width:3px,color:#d1242f`];
}

/** Colours that can be read on a light and on a dark page. */
const styles: Readonly<Record<string, string>> = {
  recursion: 'fill:#ffebe9,stroke:#d1242f,stroke-width:3px,color:#82071e',
  outside: 'fill:#fff8c5,stroke:#9a6700,stroke-dasharray:4 3,color:#4d2d00',
  factory: 'fill:#dafbe1,stroke:#1a7f37,color:#044f1e',
  server: 'fill:#ddf4ff,stroke:#0969da,color:#0a3069',
};

function classes(nodes: readonly DiagramNode[], edges: readonly DiagramEdge[], names: ReadonlyMap<string, string>): string[] {
  const recursive = new Set(edges.flatMap(({ from, to, recursion }) => (recursion === undefined ? [] : [from, to])));
  const classOf = ({ id, kind, recursion }: DiagramNode): string | undefined => {
    if (recursive.has(id) || recursion !== undefined) return 'recursion';
    if (kind === 'construction') return 'outside';
    if (kind === 'factory' || kind === 'runtime') return 'factory';
    return kind === 'server' ? 'server' : undefined;
  };
  return Object.entries(styles).flatMap(([name, style]) => {
    const own = nodes.filter((node) => classOf(node) === name).flatMap(({ id }) => names.get(id) ?? []);
    return own.length === 0 ? [] : [`  classDef ${name} ${style}`, `  class ${own.join(',')} ${name}`];
  });
}

const roles: Readonly<Record<DiagramNode['kind'], readonly [one: string, several: string]>> = {
  consumer: ['file', 'files'],
  accessor: ['accessor', 'accessors'],
  manager: ['manager', 'managers'],
  factory: ['factory', 'factories'],
  construction: ['constructs a client', 'files that construct clients'],
  function: ['function', 'functions'],
  runtime: ['runtime', 'runtimes'],
  server: ['server', 'servers'],
  group: ['part', 'parts'],
};

const brackets: Readonly<Record<DiagramNode['kind'], readonly [open: string, close: string]>> = {
  consumer: ['[', ']'],
  accessor: ['([', '])'],
  manager: ['{{', '}}'],
  factory: ['[[', ']]'],
  construction: ['[', ']'],
  function: ['(', ')'],
  runtime: ['[[', ']]'],
  server: ['[(', ')]'],
  group: ['[', ']'],
};

function shape(node: DiagramNode): string {
  const [open, close] = brackets[node.kind];
  return `${open}"${label(node).map(labelText).join('<br>')}"${close}`;
}

/** A name, and what it is. A node for several says how many, and where. */
function label({ kind, label: name, members, place }: DiagramNode): string[] {
  const [one, several] = roles[kind];
  if (members !== undefined) return [`${members.length} ${several}`, kind === 'server' ? '' : `in ${name}`].filter((line) => line !== '');
  const file = place !== undefined && place.file !== name ? ` in ${place.file}` : '';
  return kind === 'consumer' || kind === 'server' ? [name] : [name, `${one}${file}`];
}

/** A label of more characters makes a box that no comment can show. */
const maxLabel = 64;

/**
 * Returns text for a quoted label. All that Mermaid could read as its own syntax, as HTML or as Markdown is an entity. Of a long text, the
 * end of a path tells more than its beginning.
 */
export function labelText(text: string): string {
  const shown = visible(text);
  const short = shown.length <= maxLabel ? shown : `${shown.slice(0, maxLabel / 2 - 1)}…${shown.slice(1 - maxLabel / 2)}`;
  return short.replace(/[\p{Cs}]/gu, '\uFFFD').replace(/[^\p{L}\p{N} ./,()…-]/gu, (sign) => `#${sign.codePointAt(0) ?? 63};`);
}

/** Returns what the colours and shapes of a graph's flowchart mean, as a sentence. */
export function legend({ nodes, edges }: AuditGraph): string {
  const has = (kind: AuditNode['kind']): boolean => nodes.some((node) => node.kind === kind);
  const parts = [
    ...(edges.some(({ recursion }) => recursion === 'proven') ? ['red: a recursion, its hops numbered'] : []),
    ...(edges.some(({ recursion }) => recursion === 'possible') ? ['red and dashed: a possible recursion'] : []),
    ...(has('construction') ? ['yellow: a client outside of a factory'] : []),
    ...(has('factory') || has('runtime') ? ['green: a factory'] : []),
    ...(has('server') ? ['blue: a server'] : []),
  ];
  const text = parts.join('; ');
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
