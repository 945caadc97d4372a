import type { ts as TS } from 'ts-morph';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { AbstractObject } from './abstract-object.js';
import type { FlowNode, FlowNodes } from './flow-nodes.js';
import { dependsOn, tagOf } from './keyed-values.js';
import { type ParameterPart, partAt } from './parameter-parts.js';
import type { TypeInfo } from './type-info.js';

/** A key as a constant, or as the parameter that holds it. Both fields are undefined if the code does not show the key. */
export interface AccessKey {
  readonly constant: string | undefined;
  readonly part: ParameterPart | undefined;
}

/** The cells of one object: one for each constant key, and one for the keys that are not known. */
interface Cells {
  readonly byKey: Map<string | undefined, FlowNode>;
  readonly loads: ((key: string | undefined, cell: FlowNode) => void)[];
}

/**
 * The contents of maps and records by key. A value under a constant key reaches only reads of this key and of unknown keys. A value under
 * a key that a parameter holds reaches the calls that pass the same constant. `FlowNodes.contentsOf` has the contents of all keys.
 * Created by `ValueFlow`.
 */
export class KeyedContents {
  readonly #cells = new Map<TS.Node, Cells>();

  constructor(
    private readonly nodes: FlowNodes,
    private readonly typeInfo: TypeInfo,
  ) {}

  /** Returns what is known of a key. */
  keyOf(expression: TS.Expression | undefined): AccessKey {
    const constant = constantKeyOf(expression, this.typeInfo);
    return { constant, part: expression && constant === undefined ? partAt(expression, this.typeInfo) : undefined };
  }

  /** Returns the node for what an object holds under a key; an undefined key stands for what is stored under keys that are not known. */
  cell(object: TS.Node, key: string | undefined): FlowNode {
    const cells = this.#cellsOf(object);
    const known = cells.byKey.get(key);
    if (known) return known;
    const cell = this.nodes.graph.createNode();
    cells.byKey.set(key, cell);
    for (const load of cells.loads) load(key, cell);
    return cell;
  }

  /** Adds a value to what an object holds under a key. */
  store(object: TS.Node, { constant, part }: AccessKey, value: AbstractObject): void {
    const key = constant ?? (part && dependsOn(value, part) ? tagOf(value)?.key : undefined);
    this.nodes.graph.addValue(this.nodes.keyed.plain(value), this.cell(object, key));
  }

  /** Adds what an object holds under a key to `target`. */
  load(object: TS.Node, { constant, part }: AccessKey, target: FlowNode): void {
    const { graph, keyed } = this.nodes;
    const load = (key: string | undefined, cell: FlowNode): void => {
      if (key === undefined)
        // A list or an object that is made for each key holds other values for each.
        graph.addMappedEdge(cell, target, (value) =>
          (value.kind === 'collection' || value.kind === 'object') && (part !== undefined || constant !== undefined)
            ? keyed.under(value, { part, key: constant })
            : value,
        );
      else if (part) graph.addMappedEdge(cell, target, (value) => keyed.under(value, { part, key }));
      else if (constant === undefined || key === constant) graph.addEdge(cell, target);
    };
    const cells = this.#cellsOf(object);
    cells.loads.push(load);
    for (const [key, cell] of cells.byKey) load(key, cell);
  }

  /** Adds the entries of `new Map([[key, value]])` to the cells; those of any other argument to the cell of the keys that are not known. */
  loadEntries(map: TS.Node, argument: TS.Expression, entries: FlowNode, write: (value: TS.Expression, cell: FlowNode) => void): void {
    const pairs = literalPairs(argument);
    for (const { key, value } of pairs ?? []) if (value) write(value, this.cell(map, constantKeyOf(key, this.typeInfo)));
    if (!pairs) this.nodes.graph.addEdge(entries, this.cell(map, undefined));
  }

  #cellsOf(object: TS.Node): Cells {
    const known = this.#cells.get(object);
    if (known) return known;
    const created: Cells = { byKey: new Map(), loads: [] };
    this.#cells.set(object, created);
    return created;
  }
}

/** Whether the node constructs a map of the language. */
export function isMap(node: TS.Node): boolean {
  return ts.isNewExpression(node) && ts.isIdentifier(node.expression) && /^(?:Weak)?Map$/.test(node.expression.text);
}

/**
 * Returns the key that an expression surely is: a string literal, or a name whose type is one or is a member of an enum. A symbol and a
 * class have a text of their own.
 */
export function constantKeyOf(key: TS.Expression | undefined, typeInfo: TypeInfo): string | undefined {
  if (!key) return undefined;
  const node = unwrap(key);
  if (ts.isStringLiteralLike(node)) return node.text;
  // The type of a call or literal costs much, and is no constant.
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return undefined;
  const type = typeInfo.typeAt(node);
  if (type?.isStringLiteral() === true) return type.value;
  if (type?.isNumberLiteral() && type.flags & ts.TypeFlags.EnumLiteral) return String(type.value);
  if (type && type.flags & ts.TypeFlags.UniqueESSymbol) return keyOfSymbol(type.symbol.valueDeclaration);
  if (type && type.flags & ts.TypeFlags.ESSymbol) return keyOfSymbol(memberOfConstant(node, typeInfo));
  const symbol = ts.isIdentifier(node) ? typeInfo.symbolAt(node) : undefined;
  const declaration = symbol && typeInfo.resolved(symbol).valueDeclaration;
  return declaration && ts.isClassDeclaration(declaration) ? keyOfNode(declaration) : undefined;
}

/** Returns the text that stands for the class that is declared here, or for the symbol that is made here, as a key. */
export function keyOfNode(node: TS.Node): string {
  return `${node.getSourceFile().fileName}:${String(node.pos)}`;
}

/** The text that stands for the symbol that a constant or a member of one holds. `Symbol.for` gives the same one for the same text. */
function keyOfSymbol(declaration: TS.Declaration | undefined): string | undefined {
  const isHolder =
    declaration && (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration) || ts.isPropertyAssignment(declaration));
  const made = isHolder ? declaration.initializer && unwrap(declaration.initializer) : undefined;
  if (!made || !ts.isCallExpression(made)) return undefined;
  const [text] = made.arguments;
  if (memberAccess(made.expression)?.name !== 'for') return keyOfNode(made);
  return text && ts.isStringLiteralLike(text) ? text.text : undefined;
}

/** The member of a constant object that an expression names: `pool` of `tokens.pool`. */
function memberOfConstant(node: TS.Expression, typeInfo: TypeInfo): TS.Declaration | undefined {
  const access = memberAccess(node);
  const member = access && typeInfo.symbolAt(access.key)?.valueDeclaration;
  const object = member && ts.isPropertyAssignment(member) ? member.parent : undefined;
  const constant = object && ts.findAncestor(object, ts.isVariableDeclaration);
  const isConstant =
    constant?.initializer && unwrap(constant.initializer) === object && ts.getCombinedNodeFlags(constant) & ts.NodeFlags.Const;
  return isConstant ? member : undefined;
}

function literalPairs(
  argument: TS.Expression,
): readonly { readonly key: TS.Expression | undefined; readonly value: TS.Expression | undefined }[] | undefined {
  const list = unwrap(argument);
  if (!ts.isArrayLiteralExpression(list)) return undefined;
  const pairs = list.elements.map((element) => unwrap(element));
  return pairs.every(ts.isArrayLiteralExpression) ? pairs.map(({ elements: [key, value] }) => ({ key, value })) : undefined;
}
