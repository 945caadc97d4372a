import type { AuditResult } from '../audit/audit-result.js';
import { toHtml } from '../report/html/html.js';
import { findForge } from './find-forge.js';
import { lineReader, readPageAssets } from './page-assets.js';

interface PageOptions {
  readonly isCi: boolean;
  readonly pageFolder: URL;
}

/** Returns the report as one HTML file. In CI its places link to the forge alone. */
export function toPage(result: AuditResult, { isCi, pageFolder }: PageOptions): string {
  const forge = findForge(result.root);
  return toHtml(result, {
    assets: readPageAssets(pageFolder),
    readLines: lineReader(result.root),
    links: { ...(isCi ? {} : { editorRoot: result.root }), ...(forge ? { forge } : {}) },
  });
}
