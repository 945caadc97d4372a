import type { ts as TS } from 'ts-morph';
import { moduleSymbol, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { ConstraintGraph, type ConstraintNode } from './constraint-graph.js';
import type { TypeInfo } from './type-info.js';
import type { Value } from './abstract-object.js';

export type FlowNode = ConstraintNode<Value>;

/** The places of one program, and how its symbols lead to them. A place is keyed by the node that declares it. */
export class FlowNodes {
  readonly graph = new ConstraintGraph<Value>(
    24,
    ({ kind }) => kind === 'constructor' || kind === 'class' || kind === 'module' || kind === 'instance',
  );
  readonly #declared = new Map<TS.Node, FlowNode>();
  readonly #returns = new Map<TS.Node, FlowNode>();
  readonly #contents = new Map<TS.Node, FlowNode>();
  readonly #values = new Map<TS.Node, Map<Value['kind'], Value>>();

  constructor(private readonly typeInfo: TypeInfo) {}

  /** What a variable, parameter, property or expression may hold. */
  at(node: TS.Node): FlowNode {
    return this.#in(this.#declared, node);
  }

  /** What calling the function may give, awaited. */
  returnsOf(node: TS.Node): FlowNode {
    return this.#in(this.#returns, node);
  }

  /** What an array, map or set made at this node may contain. */
  contentsOf(node: TS.Node): FlowNode {
    return this.#in(this.#contents, node);
  }

  /** One value per node and kind, so that sets of values compare by identity. */
  value<Kind extends Exclude<Value['kind'], 'constructor'>>(kind: Kind, node: Extract<Value, { kind: Kind }>['node']): Value {
    const byKind = this.#values.get(node) ?? new Map<Value['kind'], Value>();
    this.#values.set(node, byKind);
    const known = byKind.get(kind);
    if (known) return known;
    const made = { kind, node } as Value;
    byKind.set(kind, made);
    return made;
  }

  /** Where the thing behind a name is declared, through import and export aliases. */
  declarationsOf(name: TS.Node): readonly TS.Declaration[] {
    return this.declarations(this.typeInfo.symbolAt(name));
  }

  /** Declared by the code under analysis, not by the ES library or a stub. */
  isOurs(name: TS.Node): boolean {
    return this.declarationsOf(name).some((declaration) => !declaration.getSourceFile().isDeclarationFile);
  }

  /** The declarations of a property, as the declared type of its object knows them. */
  propertyDeclarations(object: TS.Node, name: string): readonly TS.Declaration[] {
    return this.declarations(this.typeInfo.typeAt(object)?.getProperty(name));
  }

  /** The declarations of a member of the interface or class that a heritage clause names. */
  memberDeclarations(heritage: TS.ExpressionWithTypeArguments, name: string): readonly TS.Declaration[] {
    return this.declarations(this.typeInfo.typeAt(heritage)?.getProperty(name));
  }

  exportDeclarations(module: TS.SourceFile, name: string): readonly TS.Declaration[] {
    const symbol = moduleSymbol(module, this.typeInfo.checker);
    return this.declarations(symbol && this.typeInfo.checker.tryGetMemberInModuleExports(name, symbol));
  }

  declarations(symbol: TS.Symbol | undefined): readonly TS.Declaration[] {
    return (symbol && this.typeInfo.resolved(symbol).declarations) ?? [];
  }

  #in(map: Map<TS.Node, FlowNode>, node: TS.Node): FlowNode {
    const known = map.get(node);
    if (known) return known;
    const made = this.graph.node();
    map.set(node, made);
    return made;
  }
}

/** Finds `name` among the properties of an object literal; spread parts come as they are. */
export function propertyOf(
  object: TS.ObjectLiteralExpression,
  name: string | undefined,
): { readonly own: TS.ObjectLiteralElementLike[]; readonly spread: TS.Expression[] } {
  const own = object.properties.filter(
    (property) => !ts.isSpreadAssignment(property) && (name === undefined || staticName(property.name) === name),
  );
  const spread = object.properties.filter(ts.isSpreadAssignment).map(({ expression }) => expression);
  return { own, spread };
}
