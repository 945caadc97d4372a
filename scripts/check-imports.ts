import { type FolderOrder, folderOrders } from './folder-order.js';
import { type FileImport, findCycles, folderOf, groupImports, type ImportGraph, readImportGraph } from './import-graph.js';

/** Returns a message for each file cycle, each folder cycle, each import against the folder order and each folder without a layer. */
export function checkImports(graph: ImportGraph = readImportGraph(), orders: readonly FolderOrder[] = folderOrders): string[] {
  return [...fileCycles(graph), ...folderCycles(graph), ...foldersWithoutLayer(graph, orders), ...wrongArrows(graph, orders)];
}

function fileCycles(graph: ImportGraph): string[] {
  const files = groupImports(graph, (file) => file);
  return findCycles(files).map((cycle) =>
    [
      `File cycle: ${closed(cycle)}`,
      ...pairsOf(cycle).map(([from, to]) => importBetween(graph, (file) => file, from, to)),
      '  Expected no cycle; imports of types and import() count. Move what the files share to a file of its own, or pass it as an argument.',
    ].join('\n'),
  );
}

function folderCycles(graph: ImportGraph): string[] {
  return findCycles(groupImports(graph, folderOf)).map((cycle) =>
    [
      `Folder cycle: ${closed(cycle)}`,
      ...pairsOf(cycle).map(([from, to]) => importBetween(graph, folderOf, from, to)),
      '  Expected no cycle. Move the imported code to the lower folder, or pass it as an argument.',
    ].join('\n'),
  );
}

function foldersWithoutLayer({ files }: ImportGraph, orders: readonly FolderOrder[]): string[] {
  return [...new Set(files.map(folderOf))]
    .filter((folder) => placeOf(folder, orders) === undefined)
    .map(
      (folder) => `Folder without a layer: ${folder}\n  Expected it in scripts/folder-order.ts. Add it above the folders that it imports.`,
    );
}

function wrongArrows({ imports }: ImportGraph, orders: readonly FolderOrder[]): string[] {
  return imports.flatMap((found) => {
    const [from, to] = [folderOf(found.from), folderOf(found.to)];
    const [source, target] = [placeOf(from, orders), placeOf(to, orders)];
    if (from === to || !source || isBelow(target, source)) return [];
    return [
      [
        `Wrong arrow: ${from} -> ${to}`,
        describe(found),
        `  Expected ${from} to import only ${allowedFor(source)}. Move the imported code to one of these, or pass it as an argument.`,
      ].join('\n'),
    ];
  });
}

interface Place {
  readonly order: FolderOrder;
  readonly layer: number;
}

function isBelow(lower: Place | undefined, upper: Place): boolean {
  return lower?.order === upper.order && lower.layer < upper.layer;
}

function placeOf(folder: string, orders: readonly FolderOrder[]): Place | undefined {
  for (const order of orders) {
    const layer = order.findIndex((folders) => folders.includes(folder));
    if (layer !== -1) return { order, layer };
  }
  return undefined;
}

function allowedFor({ order, layer }: Place): string {
  const lower = order.slice(0, layer).flat();
  return lower.length === 0 ? 'itself' : `itself and ${lower.join(', ')}`;
}

function closed(cycle: readonly string[]): string {
  return [...cycle, ...cycle.slice(0, 1)].join(' -> ');
}

function pairsOf(cycle: readonly string[]): [string, string][] {
  return cycle.map((from, index) => [from, cycle[(index + 1) % cycle.length] ?? from]);
}

function importBetween({ imports }: ImportGraph, groupOf: (file: string) => string, from: string, to: string): string {
  const found = imports.find((each) => groupOf(each.from) === from && groupOf(each.to) === to);
  return found ? describe(found) : '';
}

const kinds = { value: '', type: ' (types only)', dynamic: ' (import())' };

function describe({ from, line, to, kind }: FileImport): string {
  return `  ${from}:${line} imports ${to}${kinds[kind]}`;
}
