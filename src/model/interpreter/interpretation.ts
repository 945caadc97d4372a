import type { ts as TS } from 'ts-morph';
import type { AbstractState } from './abstract-state.js';
import type { AbstractEnv, AbstractValue } from './abstract-value.js';
import type { WriteIndex } from './variable-writes.js';
import type { Callable } from '../typescript/syntax.js';

/** Facts of the program around the function that the interpreter runs. `ProgramValues` has them. */
export interface ProgramFacts {
  readonly checker: TS.TypeChecker;
  readonly writes: WriteIndex;
  /** Returns the callables that a call can run. */
  targetsAt(call: TS.Node): readonly Callable[];
  /** Whether a call constructs a client. */
  constructsClient(call: TS.Node): boolean;
  /** Returns the value of a variable, field or import that the function did not declare itself. */
  declaredValue(declaration: TS.Declaration): AbstractValue;
  /** Returns the result of a function of the program; undefined if it is not interpreted. `self`: the object whose method it is. */
  resultOf(callable: Callable, args: readonly AbstractValue[], env: AbstractEnv, self?: AbstractValue): CallResult | undefined;
  /** Returns the object that `new` makes, of the class `made` or of a base of it; undefined if the construction is not interpreted. */
  instanceOf(
    owner: TS.ClassLikeDeclaration,
    args: readonly AbstractValue[],
    env: AbstractEnv,
    made?: TS.ClassLikeDeclaration,
  ): AbstractValue | undefined;
  /** Returns the base class of the program. */
  baseOf(owner: TS.ClassLikeDeclaration): TS.ClassLikeDeclaration | undefined;
  /** Whether a method call on this object can run the callable. */
  canRun(callable: Callable, receiver: AbstractValue | undefined): boolean;
  /** Returns what a getter of the object's class gives; undefined if the class has none of this name. */
  gotten(object: AbstractValue, name: string): AbstractValue | undefined;
  /** Returns what is known of an object once other code may have changed it. */
  afterOtherCode(value: AbstractValue): AbstractValue;
}

/** The result of a call, and the values of its arguments after it. */
export interface CallResult {
  readonly returned: AbstractValue;
  readonly args: readonly AbstractValue[];
  /** The object whose method ran, after the call. */
  readonly self: AbstractValue | undefined;
}

/**
 * One run of a body on abstract values. The modules of this folder evaluate expressions and run statements on it, in the order in which
 * they run, and change its state. `BodyInterpreter` implements it.
 */
export interface Interpretation {
  readonly program: ProgramFacts;
  /** The known values at the current point. */
  state: AbstractState;
  /** The latest value of each expression. */
  readonly values: Map<TS.Node, AbstractValue>;
  /** Returns the value of an expression and applies its effects. */
  evaluate(node: TS.Node): AbstractValue;
  /** Called for each node that can run, after the nodes inside it. */
  visit(node: TS.Node): void;
  /** Runs what a class declaration runs: static fields, static blocks and decorators. */
  runClass(node: TS.ClassLikeDeclaration): void;
}

/** An interpretation that runs statements. A statement returns whether control reaches the next one. */
export interface StatementInterpretation extends Interpretation {
  /** The statements around the current one that `break` and `continue` can leave. */
  readonly jumpTargets: JumpTarget[];
  runStatement(node: TS.Statement): boolean;
  runStatements(statements: readonly TS.Statement[]): boolean;
  /** Notes that the callable returns a value here. */
  exit(value: AbstractValue): false;
}

/** A statement that `break` or `continue` can leave, and what holds where they do. */
export interface JumpTarget {
  readonly statement: TS.Node;
  readonly breaks: AbstractState[];
  readonly continues: AbstractState[];
}
