import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, type Callable, callableOf, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { TypeInfo } from './type-info.js';

/** A parameter, or a property of what is passed for it: `options.create` is `create` of `options`. */
export interface ParameterPart {
  readonly parameter: TS.ParameterDeclaration;
  /** Empty for the parameter itself. */
  readonly member: string;
}

interface Passing {
  readonly from: ParameterPart;
  readonly targets: ReadonlySet<Callable>;
  readonly index: number;
}

/**
 * Which of its parameters a function calls. Who passes a callback to such a function calls the callback, there and then:
 * were it the function that calls every callback it is ever given, each helper that takes one would tie all its users together.
 */
export class CalledParameters {
  readonly #called = new Map<TS.ParameterDeclaration, Set<string>>();
  readonly #passings: Passing[] = [];

  constructor(private readonly typeInfo: TypeInfo) {}

  /** The parameter of its own routine that an expression names; one of an outer routine is kept, not passed. */
  partOf(expression: TS.Expression): ParameterPart | undefined {
    const part = this.#resolve(unwrap(expression));
    return part?.parameter.parent === callableOf(expression) ? part : undefined;
  }

  noteCall(callee: TS.Expression): void {
    const part = this.partOf(callee);
    if (part) this.#call(part);
  }

  /** `targets` may grow until `settle`. An unseen callee calls what it is given, or is said not to. */
  notePassing(argument: TS.Expression, index: number, targets: ReadonlySet<Callable>): void {
    const from = this.partOf(argument);
    if (from) this.#passings.push({ from, targets, index });
  }

  notePassingOut(argument: TS.Expression): void {
    const from = this.partOf(argument);
    if (from) this.#call(from);
  }

  /** Carries the calls back through functions that only pass a parameter on. */
  settle(): void {
    for (let isChanged = true; isChanged;) {
      isChanged = false;
      for (const { from, targets, index } of this.#passings)
        for (const target of targets)
          for (const member of this.membersCalled(parametersOf(target)[index]))
            if (this.#call({ parameter: from.parameter, member: from.member === '' ? member : from.member })) isChanged = true;
    }
  }

  /** The members of a parameter that are called; the empty name stands for the parameter itself. */
  membersCalled(parameter: TS.ParameterDeclaration | undefined): ReadonlySet<string> {
    return (parameter && this.#called.get(parameter)) ?? new Set();
  }

  #call({ parameter, member }: ParameterPart): boolean {
    const members = this.#called.get(parameter) ?? new Set<string>();
    this.#called.set(parameter, members);
    const isNew = !members.has(member);
    members.add(member);
    return isNew;
  }

  #resolve(expression: TS.Expression): ParameterPart | undefined {
    if (ts.isIdentifier(expression)) return this.#ofDeclaration(this.typeInfo.symbolAt(expression)?.valueDeclaration);
    const access = memberAccess(expression);
    if (access?.name === undefined) return undefined;
    const owner = this.#resolve(unwrap(access.object));
    return owner && { parameter: owner.parameter, member: owner.member || access.name };
  }

  #ofDeclaration(declaration: TS.Node | undefined): ParameterPart | undefined {
    if (!declaration) return undefined;
    if (ts.isParameter(declaration)) return { parameter: declaration, member: '' };
    if (!ts.isBindingElement(declaration)) return undefined;
    const owner = declaration.parent.parent;
    const from = ts.isVariableDeclaration(owner)
      ? owner.initializer && this.#resolve(unwrap(owner.initializer))
      : this.#ofDeclaration(owner);
    return from && { parameter: from.parameter, member: from.member || (staticName(declaration.propertyName ?? declaration.name) ?? '') };
  }
}

/** What a call's arguments are received as: those of the constructor for a class, without a declared `this`. */
export function parametersOf(callable: Callable): readonly TS.ParameterDeclaration[] {
  const target = ts.isSourceFile(callable)
    ? undefined
    : ts.isClassLike(callable)
      ? callable.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined)
      : callable;
  if (!target || !isFunction(target)) return [];
  return target.parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === 'this'));
}
