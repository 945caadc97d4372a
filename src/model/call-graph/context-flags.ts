import type { ts as TS } from 'ts-morph';
import { type AbstractEnv, type AbstractValue, truthy, unknown } from '../interpreter/abstract-value.js';
import { keyOfNode } from '../dataflow/keyed-contents.js';
import { namesReadIn } from './flag-reads.js';
import type { Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Selects the values by which the contexts of a callable differ. `CallGraph` creates it. */
export class ContextFlags {
  #comparisons: Compared | undefined;

  /** `modes`: strings that act as flags. `callables`: where the program compares further strings. */
  constructor(
    private readonly checker: TS.TypeChecker,
    private readonly modes: ReadonlySet<string>,
    private readonly callables: () => Iterable<Callable>,
  ) {}

  /** Returns the flags of the bindings: booleans, absence, enum members, modes, small numbers if conditions compare numbers, and values that were not understood. Other strings and numbers are data. */
  of(bindings: AbstractEnv): AbstractEnv {
    const flags = new Map<TS.Node, AbstractValue>();
    for (const [declaration, value] of bindings) {
      const flag = this.#withoutData(value, () => this.checker.getTypeAtLocation(declaration));
      if (flag.kind !== 'unknown' && !(ts.isClassLike(declaration) && !holdsFlag(flag))) flags.set(declaration, flag);
    }
    return flags;
  }

  /** Returns the flags that conditions of the callable read. */
  ofGuards(callable: Callable, bindings: AbstractEnv): AbstractEnv {
    const { inConditions } = namesReadIn(callable);
    const isRead = (name: string) => inConditions.has(name);
    const kept = [...bindings].flatMap(([declaration, value]): [TS.Node, AbstractValue][] => {
      if (value.kind === 'object') {
        const properties = new Map([...value.properties].map(([name, property]) => [name, isRead(name) ? property : unknown]));
        return [[declaration, { kind: 'object', properties, isExact: value.isExact }]];
      }
      const name = ts.isParameter(declaration) || ts.isBindingElement(declaration) ? declaration.name : undefined;
      return name && ts.isIdentifier(name) && isRead(name.text) ? [[declaration, value]] : [];
    });
    return new Map(kept);
  }

  #withoutData(value: AbstractValue, typeOf: () => TS.Type | undefined): AbstractValue {
    if (value.kind === 'opaque' || value.kind === 'unknown') return value;
    if (value.kind === 'closure') return ts.isClassLike(value.node) && this.modes.has(keyOfNode(value.node)) ? value : truthy;
    if (value.kind === 'object') {
      const propertyType = (name: string) => {
        const property = typeOf()?.getProperty(name);
        return property && this.checker.getTypeOfSymbol(property);
      };
      const properties = [...value.properties].map(
        ([name, property]) => [name, this.#withoutData(property, () => propertyType(name))] as const,
      );
      return { ...value, properties: new Map(properties) };
    }
    if (typeof value.value === 'number') {
      const isCount = isSmall(value.value) && this.#compared.hasNumbers;
      return value.isFlag || isCount || isModeType(typeOf(), this.checker) ? value : unknown;
    }
    if (typeof value.value !== 'string') return value;
    const isMode = this.modes.has(value.value) || this.#compared.strings.has(value.value) || isModeType(typeOf(), this.checker);
    // Of other strings only whether they are empty can decide a condition.
    return isMode || value.value === '' ? value : truthy;
  }

  /** The strings and numbers that the program compares values with. */
  get #compared(): Compared {
    this.#comparisons ??= findComparisons(new Set([...this.callables()].map((callable) => callable.getSourceFile())), this.checker);
    return this.#comparisons;
  }
}

/** Whether the fields of an object, or of objects inside it, decide anything. */
function holdsFlag(value: AbstractValue): boolean {
  if (value.kind === 'object') return value.isExact || [...value.properties.values()].some(holdsFlag);
  return value.kind === 'literal' || value.kind === 'opaque';
}

/** Whether the number may be a depth or a count of attempts. Larger numbers are data. */
function isSmall(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 16;
}

/** Whether the type lists its strings or numbers: `'direct' | 'managed'`. */
function isModeType(type: TS.Type | undefined, checker: TS.TypeChecker): boolean {
  const value = type && checker.getNonNullableType(type);
  return (
    value?.isUnion() === true && value.types.length <= 12 && value.types.every((part) => part.isStringLiteral() || part.isNumberLiteral())
  );
}

function isEquality(operator: TS.SyntaxKind): boolean {
  return (
    operator === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    operator === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
    operator === ts.SyntaxKind.EqualsEqualsToken ||
    operator === ts.SyntaxKind.ExclamationEqualsToken
  );
}

/** The constants in the conditions of a program. */
interface Compared {
  readonly strings: ReadonlySet<string>;
  /** Whether a condition compares a name or a member, other than a length, with a number. */
  readonly hasNumbers: boolean;
}

function findComparisons(files: ReadonlySet<TS.SourceFile>, checker: TS.TypeChecker): Compared {
  const strings = new Set<string>();
  let hasNumbers = false;
  const visit = (node: TS.Node): void => {
    hasNumbers ||= comparesNumber(node);
    const operands =
      ts.isBinaryExpression(node) && isEquality(node.operatorToken.kind)
        ? [node.left, node.right]
        : ts.isCaseClause(node)
          ? [node.expression]
          : [];
    for (const operand of operands) {
      const type = ts.isStringLiteralLike(operand) ? undefined : checker.getTypeAtLocation(operand);
      if (ts.isStringLiteralLike(operand)) strings.add(operand.text);
      else if (type?.isStringLiteral() === true) strings.add(type.value);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  return { strings, hasNumbers };
}

function comparesNumber(node: TS.Node): boolean {
  if (!ts.isBinaryExpression(node)) return false;
  const { operatorToken, left, right } = node;
  const isOrder = operatorToken.kind >= ts.SyntaxKind.LessThanToken && operatorToken.kind <= ts.SyntaxKind.GreaterThanEqualsToken;
  if (!isOrder && !isEquality(operatorToken.kind)) return false;
  const isCount = (operand: TS.Expression) => !/(?:length|size)$/.test(operand.getText());
  return (ts.isNumericLiteral(right) || (isOrder && ts.isIdentifier(right))) && isCount(left);
}
