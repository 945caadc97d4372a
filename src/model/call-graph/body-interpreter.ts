import type { ts as TS } from 'ts-morph';
import type { Doubt } from '../dataflow/doubt.js';
import { type AbstractState, copyState, isSameEnv, joinStates } from './abstract-state.js';
import { type AbstractEnv, type AbstractValue, join, toBoolean, undefinedValue, unknown } from './abstract-value.js';
import { ExpressionInterpreter, type ProgramFacts } from './expression-interpreter.js';
import { strictlyEqual } from './operators.js';
import { isFunction, isStatic, type Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The known values at the point where a node runs. */
export interface RunPoint {
  readonly state: AbstractState;
  /** Returns the values of arguments; undefined if a spread has an unknown length. */
  argumentsOf(expressions: readonly TS.Expression[]): AbstractValue[] | undefined;
  /** Returns the value of an expression that has run. */
  valueOf(node: TS.Node): AbstractValue;
}

/** Called for a node that can run. */
export type OnNode = (node: TS.Node, point: RunPoint) => void;

/** A statement that `break` or `continue` can leave, and what holds where they do. */
interface JumpTarget {
  readonly statement: TS.Node;
  readonly breaks: AbstractState[];
  readonly continues: AbstractState[];
}

/** A loop runs so often before its state counts as stable. */
const maxLaps = 3;

/** Runs the body of a callable on abstract values, statement by statement. `CallGraph` runs one for each context. */
export class BodyInterpreter extends ExpressionInterpreter {
  /** The outcome of each expression that was evaluated: undefined if it differs between visits or is not known. */
  readonly truths = new Map<TS.Node, boolean | undefined>();
  readonly #returned: AbstractValue[] = [];
  readonly #exits: AbstractState[] = [];
  readonly #targets: JumpTarget[] = [];

  constructor(
    program: ProgramFacts,
    env: AbstractEnv,
    private readonly onNode: OnNode = () => undefined,
  ) {
    super(program, env);
  }

  /** Runs the callable. `args`: the values of the arguments; undefined if the environment binds the parameters already. */
  run(callable: Callable, args?: readonly AbstractValue[]): void {
    if (ts.isSourceFile(callable)) this.#statements(callable.statements);
    else if (ts.isClassLike(callable)) this.#fields(callable);
    else {
      if (args) this.bindParameters(callable.parameters, args);
      else for (const { initializer } of callable.parameters) if (initializer) this.evaluate(initializer);
      if (!callable.body) return;
      const completes = ts.isBlock(callable.body) ? this.#statement(callable.body) : this.#return(this.evaluate(callable.body));
      if (completes) this.#return(undefinedValue);
    }
  }

  /** Binds parameters, and the names that are destructured from them, to the values of the arguments. */
  bindParameters(parameters: readonly TS.ParameterDeclaration[], args: readonly AbstractValue[] | undefined): void {
    for (const [index, parameter] of parameters.entries()) {
      const value =
        args === undefined ? unknown : parameter.dotDotDotToken ? restArray(args.slice(index)) : (args[index] ?? undefinedValue);
      this.bind(parameter, value, parameter.initializer);
    }
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

  protected override visit(node: TS.Node): void {
    const value = this.values.get(node);
    const truth = value && toBoolean(value);
    this.truths.set(node, !this.truths.has(node) || this.truths.get(node) === truth ? truth : undefined);
    this.onNode(node, {
      state: this.state,
      argumentsOf: (expressions) => this.evaluateArguments(expressions),
      valueOf: (expression) => this.values.get(expression) ?? unknown,
    });
  }

  protected override runClass(node: TS.ClassLikeDeclaration): void {
    const decorated: readonly TS.Node[] = [node, ...node.members];
    for (const item of decorated)
      if (ts.canHaveDecorators(item)) for (const decorator of ts.getDecorators(item) ?? []) this.evaluate(decorator);
    for (const clause of node.heritageClauses ?? [])
      if (clause.token === ts.SyntaxKind.ExtendsKeyword) for (const type of clause.types) this.evaluate(type);
    for (const member of node.members) {
      if (member.name && ts.isComputedPropertyName(member.name)) this.evaluate(member.name.expression);
      if (ts.isClassStaticBlockDeclaration(member)) this.#statement(member.body);
      else if (ts.isPropertyDeclaration(member) && isStatic(member) && member.initializer)
        this.state.env.set(member, this.evaluate(member.initializer));
    }
  }

  /** Runs the field initialisers. A class without a constructor of its own runs that of its base. */
  #fields(node: TS.ClassLikeDeclaration): void {
    for (const { types } of node.heritageClauses ?? []) for (const type of types) this.visit(type);
    for (const member of node.members)
      if (ts.isPropertyDeclaration(member) && !isStatic(member) && member.initializer)
        this.state.env.set(member, this.evaluate(member.initializer));
  }

  /** Runs the statements in order. Returns whether control reaches the end. */
  #statements(statements: readonly TS.Statement[]): boolean {
    for (const statement of statements)
      if (ts.isFunctionDeclaration(statement)) this.state.env.set(statement, { kind: 'closure', node: statement, env: this.state.env });
    return statements.every((statement) => this.#statement(statement));
  }

  /** Runs a statement. Returns whether control reaches the next one. */
  #statement(node: TS.Statement): boolean {
    this.visit(node);
    if (isFunction(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
    if (ts.isClassLike(node)) return (this.runClass(node), true);
    if (ts.isBlock(node)) return this.#labelled(node, () => this.#statements(node.statements));
    if (ts.isVariableStatement(node)) return (this.#variables(node.declarationList), true);
    if (ts.isIfStatement(node)) return this.#if(node);
    if (ts.isReturnStatement(node)) return this.#return(node.expression ? this.evaluate(node.expression) : undefinedValue);
    if (ts.isThrowStatement(node)) return (this.evaluate(node.expression), false);
    if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) return this.#jump(node);
    if (ts.isSwitchStatement(node)) return this.#switch(node);
    if (ts.isTryStatement(node)) return this.#try(node);
    if (ts.isIterationStatement(node, false)) return this.#loop(node);
    if (ts.isLabeledStatement(node)) return this.#statement(node.statement);
    if (ts.isExpressionStatement(node)) return (this.evaluate(node.expression), true);
    ts.forEachChild(node, (child) => {
      if (!ts.isTypeNode(child)) this.evaluate(child);
    });
    return true;
  }

  #return(value: AbstractValue): false {
    this.#returned.push(value);
    this.#exits.push(copyState(this.state));
    return false;
  }

  #variables({ declarations }: TS.VariableDeclarationList): void {
    for (const declaration of declarations) {
      const value = declaration.initializer ? this.evaluate(declaration.initializer) : undefinedValue;
      this.bind(declaration, value, undefined);
      this.visit(declaration);
    }
  }

  #if(node: TS.IfStatement): boolean {
    const truth = toBoolean(this.evaluate(node.expression));
    const otherwise = () => !node.elseStatement || this.#statement(node.elseStatement);
    return this.#alternatives(node.expression, truth, [() => this.#statement(node.thenStatement), otherwise]);
  }

  /** Runs the alternatives of a condition. Only those that reach their end count for what follows. */
  #alternatives(condition: TS.Expression, truth: boolean | undefined, [then, otherwise]: readonly [() => boolean, () => boolean]): boolean {
    if (truth !== undefined) return truth ? then() : otherwise();
    const before = this.state;
    const ends: AbstractState[] = [];
    const record = (run: () => boolean) => () => {
      if (run()) ends.push(this.state);
    };
    this.branch(condition, truth, record(then), record(otherwise));
    const end = joinStates(ends);
    // If both ways arrive, the direction does not decide whether the next statement runs.
    this.state = end ? { ...end, doubt: ends.length === 2 ? before.doubt : end.doubt } : before;
    return end !== undefined;
  }

  #jump(node: TS.BreakOrContinueStatement): false {
    const isContinue = ts.isContinueStatement(node);
    const { label } = node;
    const target = this.#targets.findLast(({ statement }) =>
      label
        ? ts.isLabeledStatement(statement.parent) && statement.parent.label.text === label.text
        : ts.isIterationStatement(statement, false) || (!isContinue && ts.isSwitchStatement(statement)),
    );
    target?.[isContinue ? 'continues' : 'breaks'].push(copyState(this.state));
    return false;
  }

  /** Runs a statement that `break` can leave. Control also goes on where a `break` leaves it. */
  #labelled(statement: TS.Node, run: (target: JumpTarget) => boolean): boolean {
    const target: JumpTarget = { statement, breaks: [], continues: [] };
    this.#targets.push(target);
    const completes = run(target);
    this.#targets.pop();
    return this.#arrive([...(completes ? [this.state] : []), ...target.breaks]);
  }

  #arrive(states: readonly AbstractState[]): boolean {
    const state = joinStates(states);
    if (state) this.state = state;
    return state !== undefined;
  }

  #switch(node: TS.SwitchStatement): boolean {
    const subject = this.evaluate(node.expression);
    return this.#labelled(node, () => {
      const { clauses } = node.caseBlock;
      const labels = clauses.map((clause) => (ts.isCaseClause(clause) ? this.evaluate(clause.expression) : undefined));
      const matches = labels.map((label) => label && strictlyEqual(subject, label));
      const opaque = [subject, ...labels].find((value) => value?.kind === 'opaque');
      const doubt: Doubt | undefined = opaque?.kind === 'opaque' ? { kind: 'expression', node: opaque.node } : undefined;
      const chosen = matches.indexOf(true);
      const isEntered = (index: number): boolean => {
        const clause = clauses[index];
        if (clause && ts.isDefaultClause(clause)) return chosen < 0;
        return matches[index] !== false && (chosen < 0 || index <= chosen);
      };
      const before = { ...this.state, doubt: this.state.doubt ?? doubt };
      let fallsThrough: AbstractState | undefined;
      for (const [index, clause] of clauses.entries()) {
        const start = joinStates([fallsThrough, isEntered(index) ? copyState(before) : undefined]);
        fallsThrough = undefined;
        if (!start) continue;
        this.state = start;
        if (ts.isCaseClause(clause) && matches[index] === undefined) this.assumeEqual(node.expression, labels[index]);
        this.visit(clause);
        if (this.#statements(clause.statements)) fallsThrough = this.state;
      }
      const isExhausted = chosen >= 0 || clauses.some(ts.isDefaultClause);
      return this.#arrive([...(fallsThrough ? [fallsThrough] : []), ...(isExhausted ? [] : [before])]);
    });
  }

  #try(node: TS.TryStatement): boolean {
    const before = copyState(this.state);
    const ends: AbstractState[] = [];
    if (this.#statement(node.tryBlock)) ends.push(this.state);
    if (node.catchClause) {
      this.state = joinStates([before, this.state]) ?? before;
      this.state = { ...copyState(this.state), doubt: before.doubt };
      if (this.#statement(node.catchClause.block)) ends.push(this.state);
    }
    const completes = this.#arrive(ends);
    if (!node.finallyBlock) return completes;
    if (!completes) this.state = joinStates([before, this.state]) ?? before;
    return this.#statement(node.finallyBlock) && completes;
  }

  #loop(node: TS.IterationStatement): boolean {
    return this.#labelled(node, (target) => {
      if (ts.isForStatement(node) && node.initializer) {
        if (ts.isVariableDeclarationList(node.initializer)) this.#variables(node.initializer);
        else this.evaluate(node.initializer);
      }
      if (ts.isForOfStatement(node) || ts.isForInStatement(node)) this.evaluate(node.expression);
      const condition = ts.isForStatement(node)
        ? node.condition
        : ts.isWhileStatement(node) || ts.isDoStatement(node)
          ? node.expression
          : undefined;
      const isEndless = ts.isForStatement(node) && !condition;
      const exits: AbstractState[] = [];
      for (let lap = 0; lap < maxLaps; lap++) {
        const start = copyState(this.state);
        if (condition && !ts.isDoStatement(node)) {
          const truth = toBoolean(this.evaluate(condition));
          if (truth !== true) exits.push(copyState(this.state));
          if (truth === false) break;
          this.assume(condition, true);
        } else if (!condition && !isEndless) exits.push(copyState(this.state));
        this.#loopVariable(node);
        const completes = this.#statement(node.statement);
        if (!this.#arrive([...(completes ? [this.state] : []), ...target.continues.splice(0)])) break;
        if (ts.isForStatement(node) && node.incrementor) this.evaluate(node.incrementor);
        if (condition && ts.isDoStatement(node)) {
          const truth = toBoolean(this.evaluate(condition));
          if (truth !== true) exits.push(copyState(this.state));
          if (truth === false) break;
        }
        this.state = joinStates([start, this.state]) ?? start;
        if (lap > 0 && isSameEnv(start.env, this.state.env)) break;
      }
      return this.#arrive(exits);
    });
  }

  #loopVariable(node: TS.IterationStatement): void {
    if (!ts.isForOfStatement(node) && !ts.isForInStatement(node)) return;
    if (!ts.isVariableDeclarationList(node.initializer)) return this.write(node.initializer, unknown);
    for (const declaration of node.initializer.declarations) {
      this.bind(declaration, unknown, undefined);
      this.visit(declaration);
    }
  }
}

/** The array that a rest parameter receives: its properties are the indexes. */
function restArray(args: readonly AbstractValue[]): AbstractValue {
  const properties = new Map<string, AbstractValue>(args.map((value, index) => [String(index), value]));
  return { kind: 'object', properties: properties.set('length', { kind: 'literal', value: args.length }), isExact: false };
}
