import type { AuditEdge, AuditFinding, AuditNode, AuditPathStep } from './audit-result.js';
import type { GraphBuilder } from './graph-builder.js';

/** The rules whose findings have the path of a recursion, with what they prove. */
const recursionRules: ReadonlyMap<string, NonNullable<AuditEdge['recursion']>> = new Map([
  ['no-connection-recursion', 'proven'],
  ['no-possible-connection-recursion', 'possible'],
]);

/**
 * Marks the edges of each recursion, and adds the functions between its accessors and managers. A recursion in a test is left out, as tests
 * are. `deployableOf` gives the deployable of a file.
 */
export function addRecursions(builder: GraphBuilder, findings: readonly AuditFinding[], deployableOf: (file: string) => string): void {
  for (const { rule, path, scope } of findings) {
    const recursion = recursionRules.get(rule);
    if (recursion === undefined || scope === 'test') continue;
    const nodes = path.map((step) => nodeOf(step, builder, deployableOf));
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

function nodeOf(step: AuditPathStep, builder: GraphBuilder, deployableOf: (file: string) => string): string {
  const { name, file, line, column } = step;
  return (
    findStepNode(step, builder.nodesIn(file))?.id ??
    builder.add({ id: `${file}#${name}`, kind: 'function', label: name, deployable: deployableOf(file), place: { file, line, column } })
  );
}
