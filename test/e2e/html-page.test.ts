import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../places.js';
import { largeGraph } from '../report/diagram/graphs.js';
import { browserFile, launchBrowser, missingBrowser } from '../report/html/chromium.js';
import { pageOf } from '../report/html/pages.js';
import { clean } from '../report/results.js';
import { copyOf } from './hosts.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface OpenPage {
  readonly page: Page;
  /** What the page asked for besides itself. Each request was stopped. */
  readonly requests: readonly string[];
  /** Errors of its script and of its content security policy. */
  readonly errors: readonly string[];
}

describe.skipIf(browserFile === undefined)(`the HTML report in a browser (${browserFile ?? missingBrowser})`, () => {
  let browser: Browser;
  let incident: string;
  let large: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    const folder = copyOf('incident-before');
    incident = join(folder, 'report.html');
    const command = [
      join(repository, 'dist/src/cli/main.js'),
      'audit',
      folder,
      '--preset',
      'strict',
      '--format',
      'html',
      '--output',
      incident,
    ];
    spawnSync(process.execPath, command);
    large = join(folder, 'large.html');
    writeFileSync(large, pageOf({ ...clean, graph: largeGraph(300) }));
  });

  afterAll(() => browser.close());

  async function open(file: string, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<OpenPage> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const requests: string[] = [];
    const errors: string[] = [];
    await page.route('**/*', (route) => {
      if (route.request().url() === String(pathToFileURL(file))) return route.continue();
      requests.push(route.request().url());
      return route.abort();
    });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(String(pathToFileURL(file)));
    return { page, requests, errors };
  }

  test.each([
    ['incident', 420, 'light'],
    ['incident', 420, 'dark'],
    ['incident', 1280, 'light'],
    ['incident', 1280, 'dark'],
    ['incident', 2560, 'light'],
    ['300 nodes', 1280, 'light'],
  ] as const)('axe finds nothing, no request leaves and nothing sticks out: %s, %i px, %s', async (name, width, scheme) => {
    const { page, requests, errors } = await open(name === 'incident' ? incident : large, width, scheme);
    await page.evaluate(`document.querySelectorAll('details').forEach((details) => { details.open = true; })`);
    // evaluate() runs outside of the content security policy, which would forbid a script element.
    await page.evaluate(axe);
    const violations = await page.evaluate<string>(
      `axe.run(document).then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html.slice(0, 200))])))`,
    );
    expect(JSON.parse(violations)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(requests).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('the keyboard opens and closes groups of a diagram, and keeps its place', async () => {
    const { page } = await open(large, 1280);
    const diagram = page.locator('#current-state .viewport');
    const before = await diagram.locator('.node').count();
    const first = diagram.locator('[data-group]').first();
    const group = await first.getAttribute('data-group');
    await first.focus();
    await page.keyboard.press('Enter');
    expect(await diagram.locator('.node').count()).not.toBe(before);
    expect(await page.evaluate<string>('document.activeElement.dataset.group')).toBe(group);
    await page.keyboard.press(' ');
    expect(await diagram.locator('.node').count()).toBe(before);
    await page.close();
  });

  test('the keyboard zooms and moves a diagram', async () => {
    const { page } = await open(large, 1280);
    const diagram = page.locator('#current-state .viewport');
    const widthOf = () => diagram.locator('svg').getAttribute('width').then(Number);
    await diagram.focus();
    const before = await widthOf();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    expect(await widthOf()).toBeGreaterThan(before);
    await page.keyboard.press('0');
    expect(await widthOf()).toBeCloseTo(before);
    await page.getByRole('button', { name: 'Expand all' }).first().press('Enter');
    await diagram.focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.evaluate<number>(`document.querySelector('#current-state .viewport').scrollTop`)).toBeGreaterThan(0);
    await page.close();
  });

  test('the keyboard filters and sorts a table', async () => {
    const { page } = await open(incident, 1280);
    const table = page.locator('#findings-table');
    const shown = () => table.locator('tbody tr:visible');
    const all = await shown().count();
    await table.getByRole('searchbox').focus();
    await page.keyboard.type('recursion');
    expect(await shown().count()).toBeLessThan(all);
    expect(await table.locator('output').textContent()).toBe(`${await shown().count()} of ${all} rows`);
    await table.getByRole('searchbox').fill('');
    await table.getByRole('button', { name: 'Place' }).press('Enter');
    expect(await table.getByRole('columnheader', { name: 'Place' }).getAttribute('aria-sort')).toBe('ascending');
    const places = await page.evaluate<string[]>(
      `[...document.querySelectorAll('#findings-table tbody td:nth-child(2)')].map((cell) => cell.dataset.value)`,
    );
    expect(places).toEqual([...places].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })));
    await page.close();
  });

  test('a node of a diagram leads to its row, also when a filter hides it', async () => {
    const { page } = await open(incident, 1280);
    const parts = page.locator('#parts');
    await parts.getByRole('searchbox').fill('nothing has this name');
    await page.locator('#current-state a.node.manager').press('Enter');
    await expect.poll(() => page.evaluate<string>('document.activeElement.id')).toMatch(/^part-\d+$/);
    expect(await page.locator('tr:focus').textContent()).toContain('ClickHouseConnectionManager');
    await page.close();
  });

  test('works without scripts, with the diagram and all rows', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.goto(String(pathToFileURL(incident)));
    expect(await page.locator('#current-state svg .edge.proven').count()).toBe(5);
    expect(await page.locator('#findings-table tbody tr').count()).toBeGreaterThan(10);
    await context.close();
  });
});

test('the HTML report goes to standard output, and names the commit on the forge', () => {
  const folder = copyOf('incident-after');
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  git('init');
  git('remote', 'add', 'origin', 'https://user:secret@github.com/acme/app.git');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-m', 'first');
  const env = { ...process.env, CI: 'true' };
  const { stdout, status } = spawnSync(process.execPath, [join(repository, 'dist/src/cli/main.js'), 'audit', folder, '--format', 'html'], {
    encoding: 'utf8',
    env,
  });
  expect(status).toBe(0);
  expect(stdout).toContain(`https://github.com/acme/app/blob/${git('rev-parse', 'HEAD')}/`);
  expect(stdout).not.toContain('secret');
  expect(stdout).not.toContain('vscode://');
});
