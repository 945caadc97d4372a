import { posix } from 'node:path';
import type { ProjectAnalysis } from '../engine/project-analysis.js';
import { runtimePackage } from '../model/clients/client-packages.js';
import type { ConnectionCode } from '../model/architecture/connection-map.js';
import { deployableFinder } from '../model/factories/deployables.js';
import type { ModuleVerdict } from '../model/factories/verdicts.js';
import { spanOf } from '../model/typescript/syntax.js';
import type { Span } from '../findings/finding.js';
import { relativeTo } from '../project/paths.js';
import type { AuditFinding, AuditGraph, AuditNode } from './audit-result.js';
import { placeOf } from './place-of.js';
import { GraphBuilder } from './graph-builder.js';
import { addRecursions } from './graph-recursions.js';

const runtimeNode: AuditNode = { id: runtimePackage, kind: 'runtime', label: runtimePackage };

/** The server of a client whose address the code does not show. */
const unknownServer = 'ClickHouse';

/** Returns the graph of the result. `findings` hold the paths of the recursions. */
export function describeGraph(analysis: ProjectAnalysis, findings: readonly AuditFinding[]): AuditGraph {
  const { model, project } = analysis;
  const { calls, consumers, servers } = model.connectionMap();
  const verdicts = model.factories().verdicts;
  const path = (file: string): string => relativeTo(project.root, file) || '.';
  const deployableOf = deployableFinder(project);
  const builder = new GraphBuilder();
  const add = (kind: AuditNode['kind'], span: Span, name?: string): string => {
    const file = path(span.file);
    return builder.add({
      id: name === undefined ? file : `${file}#${name}`,
      kind,
      label: name ?? file,
      deployable: path(deployableOf(span.file)),
      place: placeOf(span, analysis),
    });
  };
  const nodeOf = (code: ConnectionCode): string | undefined => {
    switch (code.kind) {
      case 'accessor':
        return add('accessor', spanOf(code.accessor.callable), code.accessor.name);
      case 'manager': {
        const [first] = code.manager.callables;
        return first && add('manager', spanOf(first), code.manager.name);
      }
      case 'construction': {
        const { span } = code.construction;
        const verdict = verdicts.get(span.file);
        return verdict && !isLeftOut(verdict) ? add(verdict.kind === 'factory' ? 'factory' : 'construction', span) : undefined;
      }
    }
  };

  const accessors = model.accessors.map((accessor) => nodeOf({ kind: 'accessor', accessor }));
  const managers = model.managers.map((manager) => nodeOf({ kind: 'manager', manager }));
  for (const construction of model.constructions) {
    const from = nodeOf({ kind: 'construction', construction });
    const server = servers.get(construction) ?? unknownServer;
    if (from !== undefined) builder.connect(from, builder.add({ id: `server:${server}`, kind: 'server', label: server }), 'connects');
  }
  for (const { from, to } of calls) builder.connect(nodeOf(from), nodeOf(to), 'calls');
  for (const { file, module, names } of consumers) {
    // An edit of a file outside the slice must not change the result, so its place is its begin.
    const [id, place] = [path(file), { file: path(file), line: 1, column: 1 }];
    const from = builder.add({ id, kind: 'consumer', label: id, deployable: path(deployableOf(file)), place });
    if (module === runtimePackage) builder.connect(from, builder.add(runtimeNode), 'uses');
    const own = builder.nodesIn(path(module));
    const named = own.filter(({ id, label }) => [...accessors, ...managers].includes(id) && names.includes(label.split('.')[0] ?? label));
    for (const { id } of named.length > 0 ? named : own.slice(0, 1)) builder.connect(from, id, 'uses');
  }
  if (builder.has(runtimePackage))
    builder.connect(runtimePackage, builder.add({ id: `server:${unknownServer}`, kind: 'server', label: unknownServer }), 'connects');
  addRecursions(builder, findings, (file) => path(deployableOf(posix.join(project.root, file))));
  return builder.graph();
}

function isLeftOut({ kind }: ModuleVerdict): boolean {
  return kind === 'test' || kind === 'example' || kind === 'vendored';
}
