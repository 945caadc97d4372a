import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, type Callable, callableOf, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { TypeInfo } from './type-info.js';

/** A parameter or a property of its argument: `options.create` is `create` of `options`. */
export interface ParameterPart {
  /** The declaration of the parameter. */
  readonly parameter: TS.ParameterDeclaration;
  /** Name of the property; empty for the parameter itself. */
  readonly member: string;
}

/** A parameter that a function passes on as an argument. */
interface ForwardedParameter {
  readonly from: ParameterPart;
  readonly targets: ReadonlySet<Callable>;
  readonly index: number;
}

/**
 * Finds the parameters that a function calls. A callback is attributed to the call site that passes it, not to the helper that calls it:
 * otherwise every user of `retry(callback)` would join one cycle. Used by `CallLinker` and `ExternalCalls`.
 */
export class CalledParameters {
  readonly #called = new Map<TS.ParameterDeclaration, Set<string>>();
  readonly #forwarded: ForwardedParameter[] = [];

  constructor(private readonly typeInfo: TypeInfo) {}

  /** Returns the parameter part that an expression names. Undefined for parameters of an outer callable, which are captured, not passed. */
  partOf(expression: TS.Expression): ParameterPart | undefined {
    const part = this.#resolvePart(unwrap(expression));
    return part?.parameter.parent === callableOf(expression) ? part : undefined;
  }

  /** Records that the callee, if it is a parameter, is called. */
  noteCall(callee: TS.Expression): void {
    const part = this.partOf(callee);
    if (part) this.#addCalled(part);
  }

  /** Records that a parameter is passed on as argument `index` to the targets, which may grow until `propagate`. */
  noteForwarded(argument: TS.Expression, index: number, targets: ReadonlySet<Callable>): void {
    const from = this.partOf(argument);
    if (from) this.#forwarded.push({ from, targets, index });
  }

  /** Records a parameter that is passed to an external callee as called. */
  notePassedToExternal(argument: TS.Expression): void {
    const from = this.partOf(argument);
    if (from) this.#addCalled(from);
  }

  /** Marks parameters as called if a function that receives them calls them. */
  propagate(): void {
    for (let isChanged = true; isChanged;) {
      isChanged = false;
      for (const { from, targets, index } of this.#forwarded)
        for (const target of targets)
          for (const member of this.calledMembers(parametersOf(target)[index]))
            if (this.#addCalled({ parameter: from.parameter, member: from.member === '' ? member : from.member })) isChanged = true;
    }
  }

  /** Returns the names of the called members of a parameter; the empty name stands for the parameter itself. */
  calledMembers(parameter: TS.ParameterDeclaration | undefined): ReadonlySet<string> {
    return (parameter && this.#called.get(parameter)) ?? new Set();
  }

  #addCalled({ parameter, member }: ParameterPart): boolean {
    const members = this.#called.get(parameter) ?? new Set<string>();
    this.#called.set(parameter, members);
    const isNew = !members.has(member);
    members.add(member);
    return isNew;
  }

  #resolvePart(expression: TS.Expression): ParameterPart | undefined {
    if (ts.isIdentifier(expression)) return this.#partOfDeclaration(this.typeInfo.symbolAt(expression)?.valueDeclaration);
    const access = memberAccess(expression);
    if (access?.name === undefined) return undefined;
    const owner = this.#resolvePart(unwrap(access.object));
    return owner && { parameter: owner.parameter, member: owner.member || access.name };
  }

  #partOfDeclaration(declaration: TS.Node | undefined): ParameterPart | undefined {
    if (!declaration) return undefined;
    if (ts.isParameter(declaration)) return { parameter: declaration, member: '' };
    if (!ts.isBindingElement(declaration)) return undefined;
    const owner = declaration.parent.parent;
    const from = ts.isVariableDeclaration(owner)
      ? owner.initializer && this.#resolvePart(unwrap(owner.initializer))
      : this.#partOfDeclaration(owner);
    return from && { parameter: from.parameter, member: from.member || memberOf(declaration) };
  }
}

/** Returns the name of the property that a binding element reads: its position in an array. */
function memberOf(element: TS.BindingElement): string {
  const pattern = element.parent;
  return ts.isArrayBindingPattern(pattern)
    ? String(pattern.elements.indexOf(element))
    : (staticName(element.propertyName ?? element.name) ?? '');
}

/** Returns the parameters that receive the arguments of a call, without a declared `this`. For a class, those of its constructor. */
export function parametersOf(callable: Callable): readonly TS.ParameterDeclaration[] {
  const target = ts.isSourceFile(callable)
    ? undefined
    : ts.isClassLike(callable)
      ? callable.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined)
      : callable;
  if (!target || !isFunction(target)) return [];
  return target.parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === 'this'));
}
