import type { ts as TS } from 'ts-morph';
import { type AbstractState, copyState, joinStates } from './abstract-state.js';
import { type AbstractEnv, type AbstractValue, join, toBoolean, undefinedValue, unknown } from './abstract-value.js';
import { bindParameters } from './bindings.js';
import { evaluateArguments } from './calls.js';
import { evaluateExpression } from './expressions.js';
import { runConstruction, thisAt } from './instances.js';
import type { JumpTarget, ProgramFacts, StatementInterpretation } from './interpretation.js';
import { runStatement } from './statements.js';
import { isStatic, type Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The known values at the point where a node runs. */
export interface RunPoint {
  readonly state: AbstractState;
  /** Returns the values of arguments; undefined if a spread has an unknown length. */
  argumentsOf(expressions: readonly TS.Expression[]): AbstractValue[] | undefined;
  /** Returns the object that `this` is at a node inside the callable. */
  thisAt(node: TS.Node): AbstractValue | undefined;
  /** Returns the value of an expression that has run. */
  valueOf(node: TS.Node): AbstractValue;
}

/** Called for a node that can run. */
export type OnNode = (node: TS.Node, point: RunPoint) => void;

/**
 * Runs the body of a callable on abstract values, statement by statement. `CallGraph` runs one for each context. It holds the state of the
 * run; `statements.ts` and `expressions.ts` say how each kind of node changes it.
 */
export class BodyInterpreter implements StatementInterpretation {
  state: AbstractState;
  readonly values = new Map<TS.Node, AbstractValue>();
  readonly jumpTargets: JumpTarget[] = [];
  /** The outcome of each expression that was evaluated: undefined if it differs between visits or is not known. */
  readonly truths = new Map<TS.Node, boolean | undefined>();
  readonly #returned: AbstractValue[] = [];
  readonly #exits: AbstractState[] = [];

  constructor(
    readonly program: ProgramFacts,
    env: AbstractEnv,
    private readonly onNode: OnNode = () => undefined,
  ) {
    this.state = { env: new Map(env), doubt: undefined };
  }

  /** Runs the callable. `args`: the values of the arguments; undefined if the environment binds the parameters already. */
  run(callable: Callable, args?: readonly AbstractValue[]): void {
    if (ts.isSourceFile(callable)) this.runStatements(callable.statements);
    else if (ts.isClassLike(callable)) this.#runFields(callable);
    else {
      if (args) bindParameters(this, callable.parameters, args);
      else for (const parameter of callable.parameters) this.#runDefaults(parameter);
      if (!callable.body) return;
      const completes = ts.isBlock(callable.body) ? this.runStatement(callable.body) : this.exit(this.evaluate(callable.body));
      if (completes) this.exit(undefinedValue);
    }
  }

  /** Runs the construction of an instance and returns it. */
  construct(owner: TS.ClassLikeDeclaration, args: readonly AbstractValue[], made: TS.ClassLikeDeclaration): AbstractValue | undefined {
    runConstruction(this, owner, args, made, ({ body }) => {
      if (body && this.runStatement(body)) this.exit(undefinedValue);
    });
    return (this.#exits.length > 0 ? this.envAfter : this.env).get(owner);
  }

  /** Runs the default values of a parameter whose value is bound already, and the iterators of its patterns. */
  #runDefaults(declaration: TS.ParameterDeclaration | TS.BindingElement): void {
    if (declaration.initializer) this.evaluate(declaration.initializer);
    this.visit(declaration);
    if (!ts.isIdentifier(declaration.name))
      for (const element of declaration.name.elements) if (!ts.isOmittedExpression(element)) this.#runDefaults(element);
  }

  /** The known values at the current point. */
  get env(): AbstractEnv {
    return this.state.env;
  }

  /** The value that the callable returns. */
  get returned(): AbstractValue {
    const [first, ...others] = this.#returned;
    const value = first === undefined ? unknown : others.reduce(join, first);
    const doubt = this.#exits.find((exit) => exit.doubt)?.doubt;
    return value.kind === 'unknown' && doubt && this.#returned.length > 1 ? { kind: 'opaque', node: doubt.node } : value;
  }

  /** The known values after the callable. */
  get envAfter(): AbstractEnv {
    return joinStates(this.#exits)?.env ?? new Map();
  }

  evaluate(node: TS.Node): AbstractValue {
    const value = evaluateExpression(this, node);
    this.values.set(node, value);
    this.visit(node);
    return value;
  }

  visit(node: TS.Node): void {
    const value = this.values.get(node);
    const truth = value && toBoolean(value);
    this.truths.set(node, !this.truths.has(node) || this.truths.get(node) === truth ? truth : undefined);
    this.onNode(node, {
      state: this.state,
      argumentsOf: (expressions) => evaluateArguments(this, expressions),
      thisAt: (inner) => thisAt(this, inner),
      valueOf: (expression) => this.values.get(expression) ?? unknown,
    });
  }

  runStatement(node: TS.Statement): boolean {
    return runStatement(this, node);
  }

  runStatements(statements: readonly TS.Statement[]): boolean {
    for (const statement of statements)
      if (ts.isFunctionDeclaration(statement)) this.state.env.set(statement, { kind: 'closure', node: statement, env: this.state.env });
    return statements.every((statement) => this.runStatement(statement));
  }

  exit(value: AbstractValue): false {
    this.#returned.push(value);
    this.#exits.push(copyState(this.state));
    return false;
  }

  runClass(node: TS.ClassLikeDeclaration): void {
    const decorated: readonly TS.Node[] = [node, ...node.members];
    for (const item of decorated)
      if (ts.canHaveDecorators(item)) for (const decorator of ts.getDecorators(item) ?? []) this.evaluate(decorator);
    for (const clause of node.heritageClauses ?? [])
      if (clause.token === ts.SyntaxKind.ExtendsKeyword) for (const type of clause.types) this.evaluate(type);
    for (const member of node.members) {
      if (member.name && ts.isComputedPropertyName(member.name)) this.evaluate(member.name.expression);
      if (ts.isClassStaticBlockDeclaration(member)) this.runStatement(member.body);
      else if (ts.isPropertyDeclaration(member) && isStatic(member) && member.initializer)
        this.state.env.set(member, this.evaluate(member.initializer));
    }
  }

  /** Runs the field initialisers. A class without a constructor of its own runs that of its base. */
  #runFields(node: TS.ClassLikeDeclaration): void {
    for (const { types } of node.heritageClauses ?? []) for (const type of types) this.visit(type);
    for (const member of node.members)
      if (ts.isPropertyDeclaration(member) && !isStatic(member) && member.initializer)
        this.state.env.set(member, this.evaluate(member.initializer));
  }
}
