import type { ts as TS } from 'ts-morph';
import { isFunction, type Callable, callableOf } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type ParameterPart, partAt } from './parameter-parts.js';
import type { TypeInfo } from './type-info.js';

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
    const part = partAt(expression, this.typeInfo);
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
