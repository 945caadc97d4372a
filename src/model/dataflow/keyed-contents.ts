import type { ts as TS } from 'ts-morph';
import { unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { FlowNode } from './flow-nodes.js';
import type { TypeInfo } from './type-info.js';
import type { ValueFlow } from './value-flow.js';

/**
 * The contents of maps by key. A value under a constant key reaches only reads of this key and of unknown keys. `FlowNodes.contentsOf` has
 * the contents of all keys. Created by `ExternalCalls`.
 */
export class KeyedContents {
  readonly #cells = new Map<TS.Node, Map<string | undefined, FlowNode>>();

  constructor(private readonly flow: ValueFlow) {}

  /** Returns the node for what a map holds under a key; an undefined key stands for what is stored under keys that are not known. */
  cell(map: TS.Node, key: string | undefined): FlowNode {
    const cells = this.#cells.get(map) ?? new Map<string | undefined, FlowNode>();
    this.#cells.set(map, cells);
    const cell = cells.get(key) ?? this.flow.nodes.graph.createNode();
    cells.set(key, cell);
    return cell;
  }

  /** Adds what the maps in `receiver` hold under a constant key to `target`; of other objects all contents. */
  load(receiver: FlowNode, key: string, target: FlowNode): void {
    const { graph } = this.flow.nodes;
    const others = graph.createNode();
    this.flow.loadContents(others, target);
    graph.addListener(receiver, (value) => {
      if (value.kind !== 'collection' || !isMap(value.node)) graph.addValue(value, others);
      else for (const cell of [this.cell(value.node, key), this.cell(value.node, undefined)]) graph.addEdge(cell, target);
    });
  }

  /** Adds the entries of `new Map([[key, value]])` to the cells; those of any other argument to the cell of the keys that are not known. */
  loadEntries(map: TS.Node, argument: TS.Expression, entries: FlowNode): void {
    if (!isMap(map)) return;
    const pairs = literalPairs(argument);
    for (const { key, value } of pairs ?? []) this.flow.write(value, this.cell(map, constantKeyOf(key, this.flow.typeInfo)));
    if (pairs) return;
    this.flow.nodes.graph.addEdge(entries, this.cell(map, undefined));
    this.flow.loadContents(entries, this.cell(map, undefined));
  }
}

/** Whether the node constructs a map of the language. */
export function isMap(node: TS.Node): boolean {
  return ts.isNewExpression(node) && ts.isIdentifier(node.expression) && /^(?:Weak)?Map$/.test(node.expression.text);
}

/** Returns the key that an expression surely is: a string literal, or a name whose type is one. */
export function constantKeyOf(key: TS.Expression | undefined, typeInfo: TypeInfo): string | undefined {
  if (!key) return undefined;
  const node = unwrap(key);
  if (ts.isStringLiteralLike(node)) return node.text;
  // The type of a call or literal costs much, and is no constant.
  const type = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) ? typeInfo.typeAt(node) : undefined;
  return type?.isStringLiteral() === true ? type.value : undefined;
}

function literalPairs(
  argument: TS.Expression,
): readonly { readonly key: TS.Expression | undefined; readonly value: TS.Expression | undefined }[] | undefined {
  const list = unwrap(argument);
  if (!ts.isArrayLiteralExpression(list)) return undefined;
  const pairs = list.elements.map((element) => unwrap(element));
  return pairs.every(ts.isArrayLiteralExpression) ? pairs.map(({ elements: [key, value] }) => ({ key, value })) : undefined;
}
