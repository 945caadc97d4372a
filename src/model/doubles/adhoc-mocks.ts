import { posix } from 'node:path';
import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import type { ClientExportsFinder, ClientModuleTarget } from '../connections/client-exports.js';
import { namedClientType } from '../connections/client-type-nodes.js';
import { ts } from '../typescript/load-ts-morph.js';
import { spanOf } from '../typescript/syntax.js';
import type { AdhocMock } from './adhoc-mock.js';
import { castsIn } from './client-casts.js';
import { declarationOf } from './declarations.js';
import { isBareStub, laterAnswers } from './later-answers.js';
import { memberStubsIn } from './member-stubs.js';
import { loadingPackages, type ModuleMock, moduleMocksIn } from './module-mocks.js';
import { replacedExports } from './replaced-exports.js';
import { originOf } from './value-origin.js';

/** The inputs of the search. */
export interface AdhocMockInput {
  readonly project: Project;
  /** Returns the syntax tree of any file of the project. */
  readonly parse: (file: string) => TS.SourceFile;
  /** Created at the first file that may have a double. */
  readonly finder: () => ClientExportsFinder;
  readonly isTest: (file: string) => boolean;
  /** Whether the settings name the file as a part of the service: the shared double may be there. */
  readonly isService: (file: string) => boolean;
  /** Whether the file constructs clients. */
  readonly constructs: (file: string) => boolean;
}

/** A test that may replace a member of an import, or pass off an object as another type. */
const mayStubOrCast: TextQuestion = {
  kind: 'matches',
  patterns: [
    patternText(
      /\bas\s+(?:unknown|any|never|[\w$.]*(?:Client|Mock|Service|Return|Awaited))|spyOn|\bstub|\.replace\(|\bmock|\.fn\(|<[\w$.]+>\s*[({]/,
    ),
  ],
};

/** A text that names ClickHouse. Only its types are looked for behind modules that pass them on. */
const namesClickHouse: TextQuestion = { kind: 'matches', patterns: [patternText(/click_?house|chdb/i)] };

/** Methods of a client. */
const clientMethods = new Set(['query', 'insert', 'command', 'exec', 'ping', 'close']);

/** Returns the doubles of clients and factories that tests make for themselves, by file and position. Called by `buildModel`. */
export function findAdhocMocks(input: AdhocMockInput): AdhocMock[] {
  const found: AdhocMock[] = [];
  for (const file of [...input.project.sources].sort()) {
    if (input.isService(file)) continue;
    const mocks = mayMockClient(file, input);
    const others = input.isTest(file) && mayUseClient(file, input);
    if (!mocks && !others) continue;
    const source = input.parse(file);
    if (isTestOfFactory(file, input)) continue;
    const own = [
      ...(mocks ? moduleMocksIn(source).flatMap((mock) => judgeModule(mock, source, input)) : []),
      ...(others ? [...stubs(source, input), ...(isShared(file, input) ? [] : casts(source, input))] : []),
    ];
    found.push(...own.sort((a, b) => a.span.start - b.span.start));
  }
  return found;
}

function mayMockClient(file: string, { project, finder }: AdhocMockInput): boolean {
  const mocked = project.mockedModulesOf(file);
  if (mocked.length === 0) return false;
  // A loader resolves the names of its replacements in the module that it loads.
  return (
    mocked.some((specifier) => finder().of(file, specifier) !== undefined) ||
    project.specifiersOf(file).some((specifier) => loadingPackages.has(specifier))
  );
}

function mayUseClient(file: string, { project, finder }: AdhocMockInput): boolean {
  if (project.ask(file, mayStubOrCast) === '') return false;
  const depth = project.ask(file, namesClickHouse) === '' ? 'slice' : 'all';
  return project.specifiersOf(file).some((specifier) => finder().of(file, specifier, depth) !== undefined);
}

/** A double in a module that several files import is shared. */
function isShared(file: string, { project }: AdhocMockInput): boolean {
  return project.importersOf(file).size > 1;
}

/** The test of the factory has to look at what the factory passes to the package. The names of both files tell. */
function isTestOfFactory(file: string, { project, finder, constructs }: AdhocMockInput): boolean {
  return [...project.importsOf(file)].some(
    (target) => stemOf(target) === stemOf(file) && constructs(target) && finder().ofFile(target).values.size > 0,
  );
}

function stemOf(file: string): string {
  const base = posix.basename(file).split('.')[0] ?? '';
  return base === 'index' ? posix.basename(posix.dirname(file)) : base;
}

function judgeModule(mock: ModuleMock, source: TS.SourceFile, { project, finder }: AdhocMockInput): AdhocMock[] {
  const { specifier, loadedBy, by, replacement } = mock;
  const from = loadedBy === undefined ? source.fileName : project.resolve(source.fileName, loadedBy);
  const target = from === undefined ? undefined : finder().of(from, specifier.text);
  if (!target || (replacement && isReplacedByAnother(replacement))) return [];
  const name = replacedName(mock, target, source);
  if (name === undefined) return [];
  return [{ kind: 'module', span: spanOf(specifier), by, name, module: moduleOf(target) }];
}

/** An export that gives a client and that the mock replaces by a double of its own. */
function replacedName(
  { replacement, keepsOthers }: ModuleMock,
  { kind, values }: ClientModuleTarget,
  source: TS.SourceFile,
): string | undefined {
  const [first] = values;
  if (!replacement) return [...values].every((name) => isAnsweredElsewhere(name, source)) ? undefined : first;
  const replaced = replacedExports(replacement);
  if (!replaced) return undefined;
  for (const name of values) {
    const value = replaced.values.get(name);
    if (value && originOf(value) === 'hand-written' && !isStubAnsweredElsewhere(name, value, source)) return name;
  }
  // A mock of a package without its constructors takes them away.
  const isWiped = kind === 'package' && !keepsOthers && !replaced.hasOthers && [...values].every((name) => !replaced.values.has(name));
  return isWiped && !spreads(replacement) ? first : undefined;
}

/** Whether all answers that the stub gets later are made elsewhere, such as the client of a test container. */
function isAnsweredElsewhere(name: string, source: TS.SourceFile): boolean {
  const given = laterAnswers(name, source);
  return given.length > 0 && !given.includes('hand-written');
}

/** Also of a stub in a variable, which gets its answers by that name. */
function isStubAnsweredElsewhere(name: string, value: TS.Node, source: TS.SourceFile): boolean {
  if (!isBareStub(value)) return false;
  return isAnsweredElsewhere(name, source) || (ts.isIdentifier(value) && isAnsweredElsewhere(value.text, source));
}

/** Whether the replacement is another module as a whole. */
function isReplacedByAnother(replacement: TS.Expression): boolean {
  if (!ts.isIdentifier(replacement)) return false;
  const declaration = declarationOf(replacement.text, replacement);
  return declaration !== undefined && (ts.isImportDeclaration(declaration) || ts.isImportEqualsDeclaration(declaration));
}

/** Whether the replacement takes over the members of another object. */
function spreads(replacement: TS.Expression): boolean {
  const visit = (node: TS.Node): boolean =>
    ts.isSpreadAssignment(node) || ts.isSpreadElement(node) || (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  return visit(replacement);
}

function stubs(source: TS.SourceFile, { finder }: AdhocMockInput): AdhocMock[] {
  return memberStubsIn(source).flatMap(({ object, member, node, by }) => {
    const target = finder().of(source.fileName, object.specifier);
    if (!target) return [];
    const isModule = object.name === '*' || (object.name === 'default' && !target.values.has('default'));
    const isReplaced = isModule ? target.values.has(member) : target.values.has(object.name) && clientMethods.has(member);
    if (!isReplaced) return [];
    return [
      { kind: 'member' as const, span: spanOf(node), by, name: isModule ? member : `${object.name}.${member}`, module: moduleOf(target) },
    ];
  });
}

function casts(source: TS.SourceFile, { finder }: AdhocMockInput): AdhocMock[] {
  return castsIn(source).flatMap(({ type, by }) => {
    const named = namedClientType(aliased(type), finder());
    if (!named) return [];
    const { target, name } = named;
    const made =
      by === undefined ? { kind: 'cast' as const, by: type.getText(), name } : { kind: 'typed' as const, by, name: type.getText() };
    return [{ ...made, span: spanOf(type), module: moduleOf(target) }];
  });
}

/** The type behind an alias of the same file. */
function aliased(type: TS.TypeNode): TS.TypeNode {
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return type;
  const declaration = declarationOf(type.typeName.text, type);
  return declaration && ts.isTypeAliasDeclaration(declaration) ? declaration.type : type;
}

function moduleOf({ kind, name }: ClientModuleTarget): AdhocMock['module'] {
  return { kind, name };
}
