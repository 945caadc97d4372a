import type { ts as TS } from 'ts-morph';
import type { Origin } from '../configuration/origin.js';
import { ts } from '../typescript/load-ts-morph.js';
import { callableName, callableOf, isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';

type Unknown = Extract<Origin, { readonly kind: 'unknown' }>;

/** Names of what a server receives, of input forms, and of rows that describe the server of a user. */
const givenName =
  /^(?:req|request|ctx|context|c|event|evt|input|body|dto|payload|form\w*|values|credentials?|conn|connection\w*|data_?source\w*|integration\w*|destination\w*|tenant\w*|workspace\w*|account|project|organi[sz]ation|customer|team|warehouse|argv|answers|flags|opts\.url|searchParams|localStorage|sessionStorage|document|prompt)$/i;

/** Decorators of parameters that a server receives. */
const givenDecorator = /^@(?:Body|Query|Param|Headers|Req|Args|Input)\b/;

/** Calls that read input, storage or a database. */
const givenCall =
  /^(?:use[A-Z]\w*|prompt|parseArgs)$|(?:^|\.)(?:prisma|db|knex|drizzle|\w*[rR]epo(?:sitory)?|\w*Model)\.|\.(?:find\w*|getItem|formData|valid|safeParse|parseAsync)$/;

/** Functions that try the server of a user. */
const trial =
  /(?:test|check|verify|validate|try|probe)\w*(?:connection|credential|server|datasource|clickhouse)|(?:connection|credential)s?[\w-]*(?:test|check|tester|validator)/i;

/** Whether a value comes from a request, a form, the command line or a row: then the server is one of a user, and no client has its address. */
export function isGiven({ node, path }: Unknown): boolean {
  if (ts.isParameter(node)) return isGivenParameter(node, path);
  if (ts.isIdentifier(node)) return givenName.test(node.text) || (node.text === 'process' && path[0] === 'argv');
  if (!ts.isCallExpression(node)) return false;
  const callee = unwrap(node.expression).getText().replace(/\s/g, '');
  return givenCall.test(callee) || givenName.test(rootOf(node.expression));
}

function isGivenParameter(parameter: TS.ParameterDeclaration, path: readonly string[]): boolean {
  if (ts.canHaveDecorators(parameter) && ts.getDecorators(parameter)?.some((decorator) => givenDecorator.test(decorator.getText())))
    return true;
  const name = staticName(parameter.name) ?? '';
  if (givenName.test(name)) return true;
  // `({ input, ctx }) => …` of a procedure.
  if (
    path[0] !== undefined &&
    ts.isObjectBindingPattern(parameter.name) &&
    /^(?:input|body|req|request|params|query|form\w*|ctx)$/.test(path[0])
  )
    return true;
  return isTrial(parameter);
}

/** Whether a function around the node tries a server, by its name or that of its file. */
function isTrial(node: TS.Node): boolean {
  for (let callable = callableOf(node); isFunction(callable); callable = callableOf(callable))
    if (trial.test(callableName(callable))) return true;
  return trial.test(node.getSourceFile().fileName.split('/').at(-1) ?? '');
}

function rootOf(node: TS.Expression): string {
  const value = unwrap(node);
  const member = memberAccess(value);
  if (member) return rootOf(member.object);
  if (ts.isCallExpression(value)) return rootOf(value.expression);
  return ts.isIdentifier(value) ? value.text : '';
}
