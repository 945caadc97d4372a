import type { ts as TS } from 'ts-morph';
import { type AbstractValue, isUnknown, join, propertyValue, undefinedValue, unknown } from './abstract-value.js';
import type { WriteIndex } from './variable-writes.js';
import { isFunction, isStatic, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The values of constants, fields and parameters of constructors that have one value only. Created by `ProgramValues`, which caches them. */
export class DeclaredValues {
  constructor(
    private readonly writes: WriteIndex,
    /** Returns the arguments of each construction of a class; undefined for a construction with unknown arguments. */
    private readonly constructionsOf: (node: TS.Node) => readonly (readonly TS.Expression[] | undefined)[],
    private readonly evaluate: (expression: TS.Expression) => AbstractValue,
  ) {}

  /** Returns the value of a declaration; unknown if more than one value can reach it. */
  valueOf(declaration: TS.Declaration): AbstractValue {
    if (isFunction(declaration)) return { kind: 'closure', node: declaration, env: new Map() };
    if (ts.isClassDeclaration(declaration)) return { kind: 'closure', node: declaration, env: new Map() };
    if (ts.isExportAssignment(declaration)) return this.evaluate(declaration.expression);
    if (ts.isBindingElement(declaration)) return this.#element(declaration);
    if (ts.isPropertyDeclaration(declaration)) return this.#field(declaration);
    if (ts.isParameter(declaration)) return this.#constructorParameter(declaration);
    if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return unknown;
    const { assigners, isMutated } = this.writes.of(declaration);
    if (assigners.size > 0) return unknown;
    const value = this.evaluate(declaration.initializer);
    return isMutated ? { kind: 'opaque', node: declaration } : value;
  }

  /** The parameter of a constructor has one value if all constructions of the class agree. */
  #constructorParameter(parameter: TS.ParameterDeclaration): AbstractValue {
    const { parent } = parameter;
    const isReadonly = (ts.getCombinedModifierFlags(parameter) & (ts.ModifierFlags.Readonly | ts.ModifierFlags.Private)) !== 0;
    const { assigners, isMutated } = this.writes.of(parameter);
    if (!ts.isConstructorDeclaration(parent) || parameter.dotDotDotToken || assigners.size > 0 || isMutated) return unknown;
    if (ts.isParameterPropertyDeclaration(parameter, parent) && !isReadonly) return unknown;
    const index = parent.parameters.indexOf(parameter);
    const [first, ...others] = this.constructionsOf(parent.parent).map((args): AbstractValue => {
      if (args === undefined || args.slice(0, index + 1).some(ts.isSpreadElement)) return unknown;
      const argument = args[index] ?? parameter.initializer;
      return argument ? this.evaluate(argument) : undefinedValue;
    });
    return first === undefined ? unknown : others.reduce(join, first);
  }

  #element(element: TS.BindingElement): AbstractValue {
    const owner = element.parent.parent;
    const key = staticName(element.propertyName ?? element.name);
    if (!ts.isObjectBindingPattern(element.parent) || key === undefined || element.dotDotDotToken) return unknown;
    if (!ts.isVariableDeclaration(owner) || !owner.initializer || this.writes.of(element).assigners.size > 0) return unknown;
    const value = propertyValue(this.evaluate(owner.initializer), key);
    const isMissing = value.kind === 'literal' && value.value === undefined;
    return isMissing && element.initializer ? this.evaluate(element.initializer) : value;
  }

  /** A field has one value if only its initialiser, or one statement of the constructor, assigns it. */
  #field(declaration: TS.PropertyDeclaration): AbstractValue {
    const { assigners, values, isMutated } = this.writes.of(declaration);
    const isClosed =
      (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Readonly | ts.ModifierFlags.Private)) !== 0 ||
      ts.isPrivateIdentifier(declaration.name) ||
      isStatic(declaration);
    const sources = [...(declaration.initializer ? [declaration.initializer] : []), ...values];
    const [source] = sources;
    const isByConstructor = [...assigners].every((assigner) => assigner !== undefined && ts.isConstructorDeclaration(assigner));
    if (!source || sources.length > 1 || !isByConstructor || !isClosed) return unknown;
    const value = this.evaluate(source);
    return isMutated && !isUnknown(value) ? { kind: 'opaque', node: declaration } : value;
  }
}
