import type { ts as TS } from 'ts-morph';
import { exportEqualsType, moduleSymbol, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { ConstraintGraph, type ConstraintNode } from './constraint-graph.js';
import type { TypeInfo } from './type-info.js';
import type { AbstractObject } from './abstract-object.js';
import { KeyedValues } from './keyed-values.js';

/** A node of the value flow: the set of values that a variable, parameter, property, expression or return value may have. */
export type FlowNode = ConstraintNode<AbstractObject>;

/** Maximum number of functions, objects and collections of a node. A node with more is a hub, whose values do not distinguish callers. */
const maxValues = 24;

/** Maps the syntax nodes and symbols of a program to flow nodes. Created by `ValueFlow`; used by all modules of `dataflow`. */
export class FlowNodes {
  /** The constraints between the nodes. A full node still accepts constructors, classes, instances and modules. */
  readonly graph = new ConstraintGraph<AbstractObject>(
    maxValues,
    ({ kind }) => kind === 'constructor' || kind === 'class' || kind === 'module' || kind === 'instance',
  );
  /** The variants of values that depend on a key. */
  readonly keyed = new KeyedValues();
  readonly #declared = new Map<TS.Node, FlowNode>();
  readonly #returns = new Map<TS.Node, FlowNode>();
  readonly #contents = new Map<TS.Node, FlowNode>();
  readonly #values = new Map<TS.Node, Map<AbstractObject['kind'], AbstractObject>>();

  constructor(private readonly typeInfo: TypeInfo) {}

  /** Returns the node for the values of a variable, parameter, property or expression. */
  at(node: TS.Node): FlowNode {
    return this.#getOrCreate(this.#declared, node);
  }

  /** Returns the node for the awaited return values of a function. */
  returnsOf(node: TS.Node): FlowNode {
    return this.#getOrCreate(this.#returns, node);
  }

  /** Returns the node for the contents of the array, map or set that is created at this syntax node. */
  contentsOf(node: TS.Node): FlowNode {
    return this.#getOrCreate(this.#contents, node);
  }

  /** Returns the abstract object of a syntax node and kind. It is cached, so that sets compare by identity. */
  value<Kind extends Exclude<AbstractObject['kind'], 'constructor'>>(
    kind: Kind,
    node: Extract<AbstractObject, { kind: Kind }>['node'],
  ): AbstractObject {
    const byKind = this.#values.get(node) ?? new Map<AbstractObject['kind'], AbstractObject>();
    this.#values.set(node, byKind);
    const cached = byKind.get(kind);
    if (cached) return cached;
    const created = { kind, node } as AbstractObject;
    byKind.set(kind, created);
    return created;
  }

  /** Returns the declarations of a name, through import and export aliases. */
  declarationsOf(name: TS.Node): readonly TS.Declaration[] {
    return this.declarations(this.typeInfo.symbolAt(name));
  }

  /** Whether the name is declared by the code under analysis, not by the ES library or a stub. */
  isProjectDeclared(name: TS.Node): boolean {
    return this.declarationsOf(name).some((declaration) => !declaration.getSourceFile().isDeclarationFile);
  }

  /** Returns the declarations of a property in the declared type of the object. */
  propertyDeclarations(object: TS.Node, name: string): readonly TS.Declaration[] {
    return this.declarations(this.typeInfo.typeAt(object)?.getProperty(name));
  }

  /** Returns the declarations of a member in the interface or class that a heritage clause names. */
  memberDeclarations(heritage: TS.ExpressionWithTypeArguments, name: string): readonly TS.Declaration[] {
    return this.declarations(this.typeInfo.typeAt(heritage)?.getProperty(name));
  }

  /** Returns the declarations of a name that a module exports. */
  exportDeclarations(module: TS.SourceFile, name: string): readonly TS.Declaration[] {
    const { checker } = this.typeInfo;
    const symbol = moduleSymbol(module, checker);
    const exported = symbol && checker.tryGetMemberInModuleExports(name, symbol);
    return this.declarations(exported ?? exportEqualsType(module, checker)?.getProperty(name));
  }

  /** Returns the declarations of a symbol, through import and export aliases. */
  declarations(symbol: TS.Symbol | undefined): readonly TS.Declaration[] {
    return (symbol && this.typeInfo.resolved(symbol).declarations) ?? [];
  }

  #getOrCreate(map: Map<TS.Node, FlowNode>, node: TS.Node): FlowNode {
    const cached = map.get(node);
    if (cached) return cached;
    const created = this.graph.createNode();
    map.set(node, created);
    return created;
  }
}

/** Returns the properties of an object literal that have the name (all if it is undefined), and the spread expressions. */
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
