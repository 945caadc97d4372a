import { findStepNode } from '../../audit/graph-recursions.js';
import type { AuditFinding, AuditGraph } from '../../audit/audit-result.js';

/** The numbers of the hops on each edge of a recursion, by the identities of its ends with a zero character between them. */
export type Hops = ReadonlyMap<string, readonly string[]>;

/** Numbers the hops of each recursion: `3` is the third one; of several recursions, `2.3` is the third one of the second. */
export function hopsOf({ nodes, edges }: AuditGraph, findings: readonly AuditFinding[]): Hops {
  const known = new Set(edges.flatMap(({ from, to, recursion }) => (recursion === undefined ? [] : [`${from}\0${to}`])));
  const inFile = (file: string) => nodes.filter(({ place }) => place?.file === file);
  const recursions = findings.flatMap(({ path }) => {
    const ids = path.map((step) => findStepNode(step, inFile(step.file))?.id);
    const keys = ids.map((id, index) => `${id ?? ''}\0${ids[(index + 1) % ids.length] ?? ''}`);
    return keys.some((key) => known.has(key)) ? [keys] : [];
  });
  const hops = new Map<string, string[]>();
  recursions.forEach((keys, recursion) => {
    keys.forEach((key, index) => {
      if (!known.has(key)) return;
      const name = recursions.length === 1 ? `${index + 1}` : `${recursion + 1}.${index + 1}`;
      hops.set(key, [...(hops.get(key) ?? []), name]);
    });
  });
  return hops;
}
