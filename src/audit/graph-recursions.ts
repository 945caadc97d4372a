import type { AuditEdge, AuditFinding, AuditNode, AuditPathStep } from './audit-result.js';
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

/**
 * Returns the node of a step among those of its file. A step names the calling function: an accessor, a method of a manager, or a function
 * between them.
 */
export function findStepNode({ name }: Pick<AuditPathStep, 'name'>, inFile: readonly AuditNode[]): AuditNode | undefined {
  const nodes = inFile.filter(({ kind }) => kind === 'accessor' || kind === 'manager' || kind === 'function');
  return nodes.find(({ label }) => label === name) ?? nodes.find(({ kind, label }) => kind === 'manager' && name.startsWith(`${label}.`));
}

function nodeOf(step: AuditPathStep, builder: GraphBuilder): string {
  const { name, file, line, column } = step;
  const inFile = builder.nodesIn(file);
  const deployable = inFile.find(({ kind }) => kind === 'accessor' || kind === 'manager' || kind === 'function')?.deployable;
  return (
    findStepNode(step, inFile)?.id ??
    builder.add({
      id: `${file}#${name}`,
      kind: 'function',
      label: name,
      ...(deployable === undefined ? {} : { deployable }),
      place: { file, line, column },
    })
  );
}
