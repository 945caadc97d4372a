import type { ts as TS } from 'ts-morph';
import { memberAccess, type Callable, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A variable, parameter or field: its declaration, or its text as the code names it if the declaration is unknown. */
export type Place = TS.Node | string;

/** Finds the place that an expression names, and the uses of a place. Used by the modules of `pools`. */
export class Places {
  readonly #names = new Map<TS.Node, Map<string, TS.Node[]>>();

  constructor(private readonly checker: TS.TypeChecker) {}

  /** Returns the place that an expression reads or writes: `x`, `this`, `this.x`, and `list` of `list[0]`. Undefined for other expressions. */
  of(expression: TS.Node): Place | undefined {
    const node = ts.isExpression(expression) ? unwrap(expression) : expression;
    if (ts.isIdentifier(node)) return this.declarationOf(node);
    if (node.kind === ts.SyntaxKind.ThisKeyword) return 'this';
    const access = memberAccess(node);
    if (!access) return undefined;
    if (ts.isElementAccessExpression(node) && access.name === undefined) return this.of(access.object);
    return this.declarationOf(access.key) ?? node.getText();
  }

  /** Returns the declaration of a name, through imports. */
  declarationOf(name: TS.Node): TS.Node | undefined {
    const isShorthand = ts.isShorthandPropertyAssignment(name.parent) && name.parent.name === name;
    const symbol = isShorthand ? this.checker.getShorthandAssignmentValueSymbol(name.parent) : this.checker.getSymbolAtLocation(name);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    return target?.valueDeclaration;
  }

  /** Returns the import that declares a name; for other names, their declaration. */
  importOf(name: TS.Identifier): TS.Node | undefined {
    return this.checker.getSymbolAtLocation(name)?.declarations?.[0];
  }

  /** Returns the expressions in a callable that name the place. */
  usesIn(place: Place, callable: Callable): TS.Node[] {
    const name = nameOf(place);
    if (name === undefined) return [];
    return (this.#namesIn(callable).get(name) ?? []).flatMap((node) => {
      const access = memberAccess(node.parent);
      const use = access?.key === node ? node.parent : node;
      return this.of(use) === place && !isDeclaredBy(node, place) ? [use] : [];
    });
  }

  #namesIn(callable: Callable): Map<string, TS.Node[]> {
    const known = this.#names.get(callable);
    if (known) return known;
    const names = new Map<string, TS.Node[]>();
    const visit = (node: TS.Node): void => {
      if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) names.set(node.text, [...(names.get(node.text) ?? []), node]);
      ts.forEachChild(node, visit);
    };
    visit(callable);
    this.#names.set(callable, names);
    return names;
  }
}

function nameOf(place: Place): string | undefined {
  if (typeof place === 'string') return /([\w$#]+)$/.exec(place)?.[1];
  const name = ts.isParameter(place) || ts.isBindingElement(place) ? place.name : ts.getNameOfDeclaration(place as TS.Declaration);
  return name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : undefined;
}

function isDeclaredBy(node: TS.Node, place: Place): boolean {
  return typeof place !== 'string' && node.parent === place;
}
