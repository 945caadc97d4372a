/**
 * Declarations of what `migrate --to runtime` writes, for projects that have not installed the runtime yet: without them each import of it
 * would be a type error. A test compares them with those of the runtime.
 */
export const runtimeDeclarations = `declare module '@clickhouse-ssot/runtime' {
  type Official = NonNullable<Parameters<typeof import('@clickhouse/client').createClient>[0]>;
  interface TenantInput {
    readonly url?: string | readonly string[] | undefined;
    readonly pathname?: string | undefined;
    readonly username?: string | undefined;
    readonly password?: string | undefined;
    readonly accessToken?: string | undefined;
    readonly role?: string | readonly string[] | undefined;
    readonly database?: string | undefined;
    readonly application?: string | undefined;
    readonly caFile?: string | undefined;
    readonly certFile?: string | undefined;
    readonly keyFile?: string | undefined;
    readonly compressRequests?: boolean | undefined;
    readonly compressResponses?: boolean | undefined;
    readonly requestTimeoutMs?: number | undefined;
    readonly maxConcurrentStatements?: number | undefined;
    readonly settings?: Official['clickhouse_settings'];
    readonly client?: {
      readonly json?: Official['json'];
      readonly log?: Official['log'];
      readonly http_headers?: Official['http_headers'];
      readonly keep_alive?: Official['keep_alive'];
      readonly http_agent?: Official['http_agent'];
      readonly compression?: Official['compression'];
      readonly max_response_headers_size?: Official['max_response_headers_size'];
      readonly use_multipart_params?: Official['use_multipart_params'];
      readonly use_multipart_params_auto?: Official['use_multipart_params_auto'];
      readonly set_basic_auth_header?: Official['set_basic_auth_header'];
      readonly capture_enhanced_stack_trace?: Official['capture_enhanced_stack_trace'];
    };
  }
  interface ClickHouseOptions extends TenantInput {
    readonly connection?: string | undefined;
    readonly env?: Readonly<Record<string, string | undefined>> | false | undefined;
    readonly tracer?: Official['tracer'];
  }
  type LazyClickHouseService = import('@clickhouse/client').ClickHouseClient;
  function clickHouse(options?: ClickHouseOptions): LazyClickHouseService;
  class ClickHouseTenants {
    for(tenant: TenantInput): LazyClickHouseService;
  }
  function isTimeout(error: unknown): boolean;
  export { clickHouse, type ClickHouseOptions, ClickHouseTenants, isTimeout, type LazyClickHouseService, type TenantInput };
}
`;
