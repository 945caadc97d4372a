import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { repository } from './rule-files.js';

/** The folder of the pictures. Git ignores it. */
const output = join(repository, 'screenshots');
/** The folder of the pictures that the documents show: the top of the report of the incident. */
const documentPictures = join(repository, 'docs/images');
const widths = [420, 1280];
const schemes = ['light', 'dark'] as const;

/** Returns folders by the name of their pictures: the fixtures in copies outside of this repository, and the given folders. */
function foldersToAudit(given: readonly string[], copies: string): Map<string, string> {
  const fixtures = readdirSync(join(repository, 'fixtures')).filter((name) => name.startsWith('incident-'));
  for (const name of fixtures) cpSync(join(repository, 'fixtures', name), join(copies, name), { recursive: true });
  return new Map([
    ...fixtures.map((name): [string, string] => [name, join(copies, name)]),
    ...given.map((folder): [string, string] => [basename(folder), resolve(folder)]),
  ]);
}

async function takePictures(browser: Browser, name: string, report: string): Promise<void> {
  for (const width of widths) {
    for (const colorScheme of schemes) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(String(pathToFileURL(report)));
      const file = join(output, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path: file, fullPage: true });
      if (name === 'incident-before' && width === 1280) {
        mkdirSync(documentPictures, { recursive: true });
        await page.screenshot({ path: join(documentPictures, `html-report-${colorScheme}.png`) });
      }
      console.log(`${file}${requests.length > 1 ? `  ${requests.length - 1} requests: ${requests.slice(1).join(' ')}` : ''}`);
      await page.close();
    }
  }
}

/** Writes the HTML report and four pictures of it for each fixture of the incident and for each folder. */
async function main(given: readonly string[]): Promise<void> {
  mkdirSync(output, { recursive: true });
  const copies = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-screenshots-'));
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  // As root, in a container, the sandbox of Chromium cannot start.
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  try {
    for (const [name, folder] of foldersToAudit(given, copies)) {
      const report = join(output, `${name}.html`);
      const command = [
        join(repository, 'dist/src/cli/main.js'),
        'audit',
        folder,
        '--preset',
        'strict',
        '--format',
        'html',
        '--output',
        report,
      ];
      const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
      if (status === 0 || status === 1) await takePictures(browser, name, report);
    }
  } finally {
    await browser.close();
    rmSync(copies, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
