import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import { runtimePackage } from '../clients/client-packages.js';
import { isStubbed } from '../clients/constructor-types.js';
import type { ClientCalls } from '../statements/client-calls.js';
import { ts } from '../typescript/load-ts-morph.js';
import { returnedBy } from '../typescript/returned-values.js';
import { calleeSpan, isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { assignmentsTo } from './error-declarations.js';
import { maxDepth } from './error-value.js';
import { callOfName, type Names } from './names.js';

/** The call that made a client. */
export interface ClientOrigin {
  /** The callee. Of a construction it is the span that the model has. */
  readonly span: Span;
  /** Whether the runtime made the client. */
  readonly isOfRuntime: boolean;
}

/** Values are followed through this many steps: names, members, arguments and returned values. */
const maxSteps = maxDepth * 4;

/** Tells which constructions made a client, or the client of a result: it follows the value back through modules, fields and parameters. */
export class ClientOrigins {
  constructor(
    private readonly names: Names,
    private readonly calls: ClientCalls,
  ) {}

  /** Returns the constructions of the clients of some statements or results; empty if the code shows none. */
  of(nodes: readonly TS.Node[]): readonly ClientOrigin[] {
    const found = new Map<TS.Node, ClientOrigin>();
    const seen = new Set<TS.Node>();
    for (const node of nodes) if (ts.isExpression(node)) this.#follow(node, found, seen, 0);
    return [...found.values()];
  }

  #follow(expression: TS.Expression, found: Map<TS.Node, ClientOrigin>, seen: Set<TS.Node>, depth: number): void {
    const value = unwrap(expression);
    if (depth > maxSteps || seen.has(value)) return;
    seen.add(value);
    for (const next of this.#sources(value, found)) this.#follow(next, found, seen, depth + 1);
  }

  /** The values that a value comes from. A construction is noted. */
  #sources(value: TS.Expression, found: Map<TS.Node, ClientOrigin>): readonly TS.Expression[] {
    if (ts.isConditionalExpression(value)) return [value.whenTrue, value.whenFalse];
    if (ts.isBinaryExpression(value))
      return value.operatorToken.kind === ts.SyntaxKind.EqualsToken ? [value.right] : [value.left, value.right];
    if (ts.isCallExpression(value) || ts.isNewExpression(value)) return this.#sourcesOfCall(value, found);
    const member = memberAccess(value);
    if (member) return this.#sourcesOfMember(member.object, member.key);
    return ts.isIdentifier(value) ? this.#sourcesOfDeclaration(this.names.declarationOf(value)) : [];
  }

  #sourcesOfCall(call: TS.CallExpression | TS.NewExpression, found: Map<TS.Node, ClientOrigin>): readonly TS.Expression[] {
    const member = memberAccess(unwrap(call.expression));
    // A statement, or a method of a result or its stream.
    if (member && (this.calls.of(call) || this.calls.kindOf(member.object) !== undefined)) return [member.object];
    const declaration = this.names.checker.getResolvedSignature(call)?.declaration;
    if (declaration && isStubbed(declaration)) {
      if (this.calls.isClient(call)) found.set(call, { span: calleeSpan(call), isOfRuntime: isOfRuntime(declaration) });
      return [];
    }
    const callable = this.names.calledBy(call);
    if (callable?.body) return returnedBy(callable);
    // `clients.get(name)`, `list.at(0)`
    return member && /^(?:get|at|pop|shift|find)$/.test(member.name ?? '') ? this.#contentsOf(member.object) : [];
  }

  #sourcesOfMember(object: TS.Expression, key: TS.Node): readonly TS.Expression[] {
    const declaration = this.names.declarationOf(key);
    // `const { query } = client` has the client as its object, and so has a member of a result.
    if (declaration === undefined || isStubbed(declaration))
      return this.calls.isClient(object) || this.calls.kindOf(object) !== undefined ? [object] : this.#contentsOf(object);
    return this.#sourcesOfDeclaration(declaration);
  }

  #sourcesOfDeclaration(declaration: TS.Declaration | undefined): readonly TS.Expression[] {
    if (!declaration) return [];
    if (ts.isBindingElement(declaration)) return this.#sourcesOfBinding(declaration);
    if (ts.isParameter(declaration)) return [...this.#argumentsFor(declaration), ...this.#writesTo(declaration)];
    if (ts.isVariableDeclaration(declaration)) {
      const loop = declaration.parent.parent;
      if (ts.isForOfStatement(loop)) return [loop.expression];
      const assigned = ts.isIdentifier(declaration.name) ? assignmentsTo(declaration.name, this.names) : [];
      return declaration.initializer ? [declaration.initializer, ...assigned] : assigned;
    }
    if (ts.isPropertyDeclaration(declaration))
      return [...(declaration.initializer ? [declaration.initializer] : []), ...this.#writesTo(declaration)];
    if (ts.isPropertyAssignment(declaration)) return [declaration.initializer];
    if (ts.isShorthandPropertyAssignment(declaration)) return [declaration.name];
    if (ts.isPropertySignature(declaration)) return this.#propertiesNamed(declaration.name);
    if (ts.isExportAssignment(declaration)) return [declaration.expression];
    return isFunction(declaration) && declaration.body ? returnedBy(declaration) : [];
  }

  #sourcesOfBinding(element: TS.BindingElement): readonly TS.Expression[] {
    const key = element.propertyName ?? element.name;
    const type = this.names.checker.getTypeAtLocation(element.parent);
    const name = staticName(key);
    const property = name === undefined ? undefined : type.getProperty(name)?.valueDeclaration;
    if (property && !isStubbed(property) && property !== element) return this.#sourcesOfDeclaration(property);
    const owner = element.parent.parent;
    if (ts.isBindingElement(owner)) return this.#sourcesOfBinding(owner);
    if (ts.isParameter(owner)) return this.#argumentsFor(owner);
    return owner.initializer ? [owner.initializer] : [];
  }

  /** The arguments that callers pass for a parameter, and its default. */
  #argumentsFor(parameter: TS.ParameterDeclaration): readonly TS.Expression[] {
    const callable = parameter.parent;
    if (!isFunction(callable)) return [];
    const index = callable.parameters.indexOf(parameter);
    const calls = ts.isConstructorDeclaration(callable)
      ? this.#instancesOf(callable.parent)
      : this.names.usesOf(callable).flatMap((use) => callOfName(use) ?? []);
    return [...calls.flatMap((call) => call.arguments?.[index] ?? []), ...(parameter.initializer ? [parameter.initializer] : [])];
  }

  /** Each `new` of a class or of one that extends it. */
  #instancesOf(owner: TS.ClassLikeDeclaration): readonly (TS.NewExpression | TS.CallExpression)[] {
    const { name } = owner;
    if (!name) return [];
    const exported = this.#localNames(name.text);
    return exported.flatMap((mention) => {
      const { parent } = mention;
      if (ts.isNewExpression(parent) && parent.expression === mention && this.names.declarationOf(mention) === owner) return [parent];
      if (!ts.isExpressionWithTypeArguments(parent) || this.names.declarationOf(mention) !== owner) return [];
      const heir = parent.parent.parent;
      if (!ts.isClassLike(heir)) return [];
      const constructor = heir.members.find(ts.isConstructorDeclaration);
      return constructor ? superCalls(constructor) : this.#instancesOf(heir);
    });
  }

  /** The identifiers of a name, also under the names that imports give it. */
  #localNames(name: string): readonly TS.Identifier[] {
    const own = this.names.mentions(name);
    const renamed = own.flatMap(({ parent }) =>
      (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) && parent.name.text !== name ? [parent.name.text] : [],
    );
    return [...own, ...renamed.flatMap((other) => this.names.mentions(other))];
  }

  /** The values of `this.client = …` and `owner.client = …`. */
  #writesTo(declaration: TS.PropertyDeclaration | TS.ParameterDeclaration): readonly TS.Expression[] {
    const { name } = declaration;
    if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return [];
    const written: TS.Expression[] = [];
    const visit = (node: TS.Node): void => {
      if (ts.isBinaryExpression(node) && isAssignment(node)) {
        const target = memberAccess(unwrap(node.left));
        if (target?.name === name.text && this.names.declarationOf(target.key) === declaration) written.push(node.right);
      }
      ts.forEachChild(node, visit);
    };
    visit(declaration.getSourceFile());
    return written;
  }

  /** The values of the properties of that name whose values are clients: an interface shows no more. */
  #propertiesNamed(name: TS.PropertyName): readonly TS.Expression[] {
    return this.names.mentions(staticName(name) ?? '').flatMap((mention) => {
      const { parent } = mention;
      const value =
        ts.isPropertyAssignment(parent) && parent.name === mention
          ? parent.initializer
          : ts.isShorthandPropertyAssignment(parent)
            ? parent.name
            : undefined;
      return value && this.calls.isClient(value) ? [value] : [];
    });
  }

  /** The values that are put into a list or a map: literals, and the arguments of `set`, `push` and `add`. */
  #contentsOf(container: TS.Expression): readonly TS.Expression[] {
    const inner = unwrap(container);
    const key = memberAccess(inner)?.key ?? inner;
    const declaration = this.names.declarationOf(key);
    if (!declaration || !ts.isIdentifier(key)) return [];
    const added = this.names.mentions(key.text).flatMap((mention) => {
      const value = memberAccess(mention.parent)?.key === mention ? mention.parent : mention;
      const method = memberAccess(value.parent);
      const call = method?.object === value && ts.isCallExpression(value.parent.parent) ? value.parent.parent : undefined;
      if (!call || !/^(?:set|push|add|unshift)$/.test(method?.name ?? '') || this.names.declarationOf(mention) !== declaration) return [];
      return [...call.arguments];
    });
    const isValue = ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration) || ts.isPropertyAssignment(declaration);
    const initializer = isValue ? declaration.initializer : undefined;
    return [...added, ...(initializer ? literalParts(unwrap(initializer)) : [])].filter((value) => this.calls.isClient(value));
  }
}

function literalParts(value: TS.Expression): readonly TS.Expression[] {
  if (ts.isArrayLiteralExpression(value)) return value.elements;
  if (ts.isNewExpression(value)) return (value.arguments ?? []).flatMap((argument) => literalParts(unwrap(argument)));
  if (!ts.isObjectLiteralExpression(value)) return [value];
  return value.properties.flatMap((property) => (ts.isPropertyAssignment(property) ? [property.initializer] : []));
}

function superCalls(constructor: TS.ConstructorDeclaration): TS.CallExpression[] {
  const found: TS.CallExpression[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(constructor);
  return found;
}

function isAssignment({ operatorToken }: TS.BinaryExpression): boolean {
  const { kind } = operatorToken;
  return (
    kind === ts.SyntaxKind.EqualsToken || kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken
  );
}

function isOfRuntime(declaration: TS.Node): boolean {
  const module = ts.findAncestor(declaration, ts.isModuleDeclaration);
  return module?.name.text === runtimePackage;
}
