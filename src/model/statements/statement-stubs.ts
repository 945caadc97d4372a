import { officialClients, runtimePackage } from '../clients/client-packages.js';
import { clientInterface, stubFile, type Stubs } from '../clients/stubs.js';

/** Names of the interfaces that the typed stubs declare. The type of a value tells by them what is to be read of it. */
export const resultInterface = 'ClickHouseSsotResult';
/** Like `resultInterface`, for what `exec` gives. */
export const execInterface = 'ClickHouseSsotExec';
/** Like `resultInterface`, for the stream of a result. */
export const streamInterface = 'ClickHouseSsotStream';

/** The results of the methods of the official client and of the runtime's service. */
const results = `
interface ${streamInterface} { [member: string]: any }
interface ${resultInterface} { stream<Row = any>(): ${streamInterface}; readonly query_id: string; [member: string]: any }
interface ${execInterface} { readonly stream: ${streamInterface}; readonly query_id: string; [member: string]: any }
interface ${clientInterface} {
  query<A = any, B = any>(...options: any[]): Promise<${resultInterface}>;
  exec<A = any, B = any>(...options: any[]): Promise<${execInterface}>;
  [member: string]: any;
}`;

/** The interface of a client in the stubs of the model, whose members are all `any`. */
const untypedClient = `interface ${clientInterface} { [member: string]: any }`;

const exportedTypes = `
export type ResultSet<A = any, B = any> = ${resultInterface};
export type BaseResultSet<A = any, B = any> = ${resultInterface};
export type QueryResult<A = any, B = any> = ${resultInterface};
export type ExecResult<A = any, B = any> = ${execInterface};
export declare class ClickHouseError extends Error { readonly code: string; readonly type: string | undefined }`;

const runtime = `
declare module '${runtimePackage}' {
  ${results}
  export type ClickHouseService = ${clientInterface};
  export type ManagedClient = ${clientInterface};
  export type Session = ${clientInterface};
  export class ClickHouseConnectionManager {
    constructor(...options: any[]);
    session(task: (session: Session) => any, ...options: any[]): Promise<any>;
    session(options?: any): Promise<Session>;
    readonly service: ${clientInterface};
    [member: string]: any;
  }
  export function getClickHouseConnectionManager(...options: any[]): ClickHouseConnectionManager;
  export interface LazyClickHouseService extends ${clientInterface} { readonly manager: ClickHouseConnectionManager }
  export function clickHouse(...options: any[]): LazyClickHouseService;
  export function getClickHouseClient(...options: any[]): Promise<${clientInterface}>;
  export class ClickHouseTenants { constructor(...options: any[]); for(...options: any[]): LazyClickHouseService; [member: string]: any }
}`;

/**
 * Returns the stubs with the types of results: of the official clients and of the runtime. The stubs of the model have none, because types
 * that no search needs take time.
 */
export function typedStubs(stubs: Stubs): Stubs {
  const files = new Map(stubs.files);
  for (const name of officialClients) {
    const path = stubs.ofPackage(name);
    const text = path === undefined ? undefined : files.get(path);
    if (path !== undefined && text !== undefined) files.set(path, text.replace(untypedClient, results) + exportedTypes);
  }
  const host = files.get(stubFile) ?? '';
  files.set(
    stubFile,
    host.replace(new RegExp(`declare module '${runtimePackage}' \\{[^]*?\\n\\}`), () => runtime.trim()),
  );
  return { ...stubs, files };
}
