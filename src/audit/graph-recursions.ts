import type { AuditEdge, AuditFinding, AuditPathStep } from './audit-result.js';
import type { GraphBuilder } from './graph-builder.js';

/** The rules whose findings have the path of a recursion, with what they prove. */
const recursionRules: ReadonlyMap<string, NonNullable<AuditEdge['recursion']>> = new Map([
  ['no-connection-recursion', 'proven'],
  ['no-possible-connection-recursion', 'possible'],
]);

/** Marks the edges of each recursion, and adds the functions between its accessors and managers. */
export function addRecursions(builder: GraphBuilder, findings: readonly AuditFinding[]): void {
  for (const { rule, path } of findings) {
    const recursion = recursionRules.get(rule);
    if (recursion === undefined) continue;
    const nodes = path.map((step) => nodeOf(step, builder));
    nodes.forEach((from, index) => {
      const to = nodes[(index + 1) % nodes.length];
      if (from !== to || nodes.length === 1) builder.connect(from, to, 'calls', recursion);
    });
  }
}

/** A step names the calling function: an accessor, a method of a manager, or a function between them. */
function nodeOf({ name, file, line, column }: AuditPathStep, builder: GraphBuilder): string {
  const inFile = builder.nodesIn(file).filter(({ kind }) => kind === 'accessor' || kind === 'manager' || kind === 'function');
  const known =
    inFile.find(({ label }) => label === name) ?? inFile.find(({ kind, label }) => kind === 'manager' && name.startsWith(`${label}.`));
  const deployable = inFile[0]?.deployable;
  return (
    known?.id ??
    builder.add({
      id: `${file}#${name}`,
      kind: 'function',
      label: name,
      ...(deployable === undefined ? {} : { deployable }),
      place: { file, line, column },
    })
  );
}
