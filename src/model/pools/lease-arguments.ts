import type { ts as TS } from 'ts-morph';
import type { CallSite } from '../dataflow/call-sites.js';
import { parametersOf } from '../dataflow/called-parameters.js';
import { memberAccess, type Callable, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isDecidedAgainst } from './decided-paths.js';
import type { Place, Places } from './places.js';
import { resultIfPresent } from './presence-conditions.js';

/**
 * Follows a held lease into the parameters of called functions, and finds the calls that a function skips if it was given one:
 * `given ? given.query(…) : pool.use(…)`. Created by `findNestedAcquires`.
 */
export class LeaseArguments {
  constructor(private readonly places: Places) {}

  /** Whether the expression is the lease itself. */
  isLease(expression: TS.Expression, aliases: ReadonlySet<Place>): boolean {
    const place = this.places.of(expression);
    return place !== undefined && aliases.has(place);
  }

  /** Returns the parameters and pattern elements of the target that receive the lease. */
  given(site: CallSite, target: Callable, isLease: (expression: TS.Expression) => boolean): ReadonlySet<TS.Node> {
    const given = new Set<TS.Node>();
    const bind = (name: TS.BindingName, declaration: TS.Node, value: TS.Expression): void => {
      const argument = unwrap(value);
      if (isLease(argument)) given.add(declaration);
      if (!ts.isObjectLiteralExpression(argument) || !ts.isObjectBindingPattern(name)) return;
      for (const element of name.elements) {
        const key = staticName(element.propertyName ?? element.name);
        const property = argument.properties.find((candidate) => staticName(candidate.name) === key);
        if (property && ts.isPropertyAssignment(property)) bind(element.name, element, property.initializer);
        if (property && ts.isShorthandPropertyAssignment(property) && isLease(property.name)) given.add(element);
      }
    };
    for (const [index, parameter] of parametersOf(target).entries()) {
      const argument = site.arguments?.[index];
      if (argument) bind(parameter.name, parameter, argument);
    }
    return given;
  }

  /** Whether the function runs the node only if one of the given parameters is absent. */
  isSkipped(node: TS.Node, callable: Callable, given: ReadonlySet<TS.Node>): boolean {
    if (given.size === 0) return false;
    if (isDecidedAgainst(node, callable, (condition) => this.#truth(condition, given))) return true;
    const isDefault = (parent: TS.Node, child: TS.Node): boolean =>
      (ts.isParameter(parent) || ts.isBindingElement(parent)) && parent.initializer === child && given.has(parent);
    for (let child = node; child !== callable; child = child.parent) if (isDefault(child.parent, child)) return true;
    return false;
  }

  /** The result of a condition on a given parameter; undefined for other conditions. */
  #truth(condition: TS.Expression, given: ReadonlySet<TS.Node>): boolean | undefined {
    return resultIfPresent(condition, (expression) => this.#isGiven(expression, given));
  }

  #isGiven(expression: TS.Expression, given: ReadonlySet<TS.Node>): boolean {
    const value = unwrap(expression);
    const place = memberAccess(value) ? undefined : this.places.of(value);
    return place !== undefined && typeof place !== 'string' && given.has(place);
  }
}
