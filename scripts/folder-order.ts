/**
 * The folders of one package in layers, lowest first. A file may import from its own folder and from every lower layer, and from
 * nothing else. Folders of one layer do not import each other. A folder stands for the files directly in it.
 */
export type FolderOrder = readonly (readonly string[])[];

const plugin: FolderOrder = [
  ['src/findings', 'src/project/aliases', 'src/trace', 'src/model/graph'],
  ['src/project'],
  ['src/model/typescript'],
  ['src/model/clients'],
  ['src/model/dataflow', 'src/model/environment', 'src/model/slice'],
  ['src/model/interpreter'],
  ['src/model/call-graph'],
  ['src/model/connections'],
  ['src/model/doubles', 'src/model/factories', 'src/model/imports', 'src/model/pools', 'src/model/recursion', 'src/model/service'],
  ['src/model/configuration', 'src/model/purposes', 'src/model/releases', 'src/model/statements'],
  ['src/model/architecture', 'src/model/error-texts', 'src/model/requests'],
  ['src/model', 'src/settings'],
  ['src/rule', 'src/exceptions', 'src/cache'],
  ['src/engine', 'rules'],
  ['src/lint', 'src/audit'],
  ['src/audit/baseline', 'src/audit/checklist'],
  ['src/report/markup'],
  ['src/audit/since', 'src/report/diagram'],
  ['src', 'src/edits', 'src/report'],
  ['src/migrate/rewrite', 'src/migrate/types'],
  ['src/migrate/runtime'],
  ['src/explain', 'src/init', 'src/migrate', 'src/report/html', 'src/report/html/script', 'src/report/markdown', 'src/watch'],
  ['src/cli'],
];

const runtime: FolderOrder = [
  ['runtime/src/errors', 'runtime/src/process'],
  ['runtime/src/config'],
  ['runtime/src/resilience'],
  ['runtime/src/telemetry'],
  ['runtime/src/concurrency', 'runtime/src/logging', 'runtime/src/otel', 'runtime/src/prometheus'],
  ['runtime/src/embedded'],
  ['runtime/src/client'],
  ['runtime/src/statement'],
  ['runtime/src/endpoint', 'runtime/src/migrations', 'runtime/src/startup', 'runtime/src/testing'],
  ['runtime/src/manager'],
  ['runtime/src/accessor', 'runtime/src/secrets', 'runtime/src/web'],
  ['runtime/src/http', 'runtime/src/ingest/batch', 'runtime/src/test-database'],
  ['runtime/src/express', 'runtime/src/fastify', 'runtime/src/hono', 'runtime/src/nestjs'],
  ['runtime/src/ingest/delivery', 'runtime/src/ingest/directory'],
  ['runtime/src/ingest'],
  ['runtime/src'],
];

/** One order for each package: no package imports the sources of another. */
export const folderOrders: readonly FolderOrder[] = [plugin, runtime];
