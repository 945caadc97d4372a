import type { Project as MorphProject, ts as TS } from 'ts-morph';
import { loadTsMorph, ts } from '../../model/typescript/load-ts-morph.js';
import { configOf, readConfig } from './tsconfig.js';

/** Kinds of values that an option can have, as far as types show them. */
export interface ValueKind {
  /** Surely a string. */
  readonly isText: boolean;
  /** Surely `true`, `false` or `undefined`. */
  readonly isFlag: boolean;
  /** Surely a `URL` object. */
  readonly isUrl: boolean;
  /** The type includes `undefined` and is known otherwise. */
  readonly isOptional: boolean;
}

const unknownKind: ValueKind = { isText: false, isFlag: false, isUrl: false, isOptional: false };

/** Tells the types of expressions under the configuration of their files, with `strict` checks of `undefined`. One program for each configuration. */
export class ValueTypes {
  readonly #projects = new Map<string, MorphProject>();

  /** Returns the kind of the expression at a node of a tree that was parsed from the text of the file. */
  kindOf(source: TS.SourceFile, node: TS.Node): ValueKind {
    const found = this.#find(source, node);
    return found ? kindOfType(found.checker.getTypeAtLocation(found.node), found.checker) : unknownKind;
  }

  /** Returns the kind of a property of the value at a node; undefined if the type has no such property. */
  propertyKind(source: TS.SourceFile, node: TS.Node, name: string): ValueKind | undefined {
    const found = this.#find(source, node);
    if (!found) return undefined;
    const { checker } = found;
    const type = checker.getNonNullableType(checker.getTypeAtLocation(found.node));
    const property = checker.getPropertyOfType(type, name);
    return property ? kindOfType(checker.getTypeOfSymbolAtLocation(property, found.node), checker) : undefined;
  }

  /** Whether the value at a node may be undefined or null. */
  mayBeMissing(source: TS.SourceFile, node: TS.Node): boolean {
    const found = this.#find(source, node);
    return !found || partsOf(found.checker.getTypeAtLocation(found.node)).some(isMissing);
  }

  #find(source: TS.SourceFile, node: TS.Node): { readonly node: TS.Node; readonly checker: TS.TypeChecker } | undefined {
    const config = configOf(source.fileName);
    const project = this.#projects.get(config) ?? newProject(config);
    this.#projects.set(config, project);
    project.addSourceFileAtPathIfExists(source.fileName);
    const program = project.getProgram().compilerObject;
    const file = program.getSourceFile(source.fileName);
    const same = file && nodeAt(file, node.getStart(source), node.end, node.kind);
    return same ? { node: same, checker: program.getTypeChecker() } : undefined;
  }
}

function newProject(config: string): MorphProject {
  const { Project } = loadTsMorph();
  const { options, declarations } = readConfig(config);
  const project = new Project({
    compilerOptions: { ...options, strict: true, noEmit: true, incremental: false, composite: false },
    skipFileDependencyResolution: true,
  });
  project.addSourceFilesAtPaths([...declarations]);
  return project;
}

function nodeAt(file: TS.SourceFile, start: number, end: number, kind: TS.SyntaxKind): TS.Node | undefined {
  const visit = (node: TS.Node): TS.Node | undefined => {
    if (node.end < end || node.pos > start) return undefined;
    return node.kind === kind && node.end === end && node.getStart(file) === start ? node : ts.forEachChild(node, visit);
  };
  return visit(file);
}

function partsOf(type: TS.Type): readonly TS.Type[] {
  return type.isUnion() ? type.types : [type];
}

function isMissing({ flags }: TS.Type): boolean {
  return (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void)) !== 0;
}

function kindOfType(type: TS.Type, checker: TS.TypeChecker): ValueKind {
  const parts = partsOf(type);
  const all = (flags: TS.TypeFlags): boolean => parts.every((part) => (part.flags & flags) !== 0);
  return {
    isText: all(ts.TypeFlags.StringLike),
    isFlag: all(ts.TypeFlags.BooleanLike | ts.TypeFlags.Undefined),
    isUrl: parts.every((part) => checker.typeToString(part) === 'URL'),
    isOptional: parts.some(({ flags }) => (flags & ts.TypeFlags.Undefined) !== 0),
  };
}
