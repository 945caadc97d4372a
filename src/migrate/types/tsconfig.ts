import { posix } from 'node:path';
import type { ts as TS } from 'ts-morph';
import { loadTsMorph, ts } from '../../model/typescript/load-ts-morph.js';

/** What a `tsconfig.json` says about its files. */
export interface CompilerConfig {
  readonly options: TS.CompilerOptions;
  /** The declaration files that it includes: they may declare globals. */
  readonly declarations: readonly string[];
}

/**
 * Returns the path of the configuration that a file is compiled under: the nearest `tsconfig.json`. If that one includes no such file and
 * has `references`, it is the first of them that includes it. Empty if there is none.
 */
export function configOf(file: string): string {
  loadTsMorph();
  const nearest = ts.findConfigFile(posix.dirname(file), (path) => ts.sys.fileExists(path), 'tsconfig.json') ?? '';
  return nearest === '' ? '' : (referenceOf(nearest, file, new Set()) ?? nearest);
}

/** Returns the configuration among a configuration and its references that includes the file; undefined if none does. */
function referenceOf(config: string, file: string, seen: Set<string>): string | undefined {
  if (seen.has(config)) return undefined;
  seen.add(config);
  const { fileNames, projectReferences = [] } = parse(config);
  if (fileNames.includes(file)) return config;
  for (const reference of projectReferences) {
    const path = ts.resolveProjectReferencePath(reference);
    const found = ts.sys.fileExists(path) ? referenceOf(path, file, seen) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Reads the configuration at a path. An empty path means the defaults. */
export function readConfig(config: string): CompilerConfig {
  loadTsMorph();
  if (config === '') return { options: { allowJs: true, module: ts.ModuleKind.NodeNext, strict: false }, declarations: [] };
  const { options, fileNames } = parse(config);
  return { options, declarations: fileNames.filter((file) => /\.d\.[cm]?ts$/.test(file)) };
}

function parse(config: string): TS.ParsedCommandLine {
  const { config: json } = ts.readConfigFile(config, (path) => ts.sys.readFile(path)) as { readonly config?: unknown };
  return ts.parseJsonConfigFileContent(json ?? {}, ts.sys, posix.dirname(config), undefined, config);
}

/** Whether the configuration of a file resolves imports as Node.js does, so that they need an extension. */
export function resolvesAsNode(file: string): boolean {
  const { module, moduleResolution } = readConfig(configOf(file)).options;
  const { Node16, NodeNext } = ts.ModuleKind;
  if (module !== undefined && module >= Node16 && module <= NodeNext) return true;
  return moduleResolution === ts.ModuleResolutionKind.Node16 || moduleResolution === ts.ModuleResolutionKind.NodeNext;
}
