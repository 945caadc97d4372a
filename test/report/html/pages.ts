import { readFileSync } from 'node:fs';
import { buildSync } from 'esbuild';
import { join } from 'node:path';
import type { AuditResult } from '../../../src/audit/audit-result.js';
import { toHtml, type HtmlOptions, type PageAssets } from '../../../src/report/html/html.js';
import { repository } from '../../places.js';

/** Builds the script of the page, as the package has it. */
function buildAssets(): PageAssets {
  const folder = join(repository, 'src/report/html');
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, 'script/main.ts')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  });
  return { script: outputFiles[0]?.text ?? '', style: readFileSync(join(folder, 'style.css'), 'utf8') };
}

const assets = buildAssets();

/** Returns the page of a result. Without options it has neither code nor links. */
export function pageOf(result: AuditResult, options: Partial<HtmlOptions> = {}): string {
  return toHtml(result, { assets, readLines: () => undefined, links: {}, ...options });
}
