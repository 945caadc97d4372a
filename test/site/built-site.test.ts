import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, posix } from 'node:path';
import { JSDOM } from 'jsdom';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { repository } from '../places.js';
import { browserFile, launchBrowser, missingBrowser } from '../report/html/chromium.js';

const site = join(repository, 'site/dist/html');
const origin = 'http://site.test';

beforeAll(() => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'docs:build'], { cwd: repository, encoding: 'utf8' });
  // VitePress ends with an error for a dead link.
  expect(status, `${stdout}\n${stderr}`).toBe(0);
}, 600_000);

function htmlFiles(): string[] {
  return readdirSync(site, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.html') && file !== '404.html');
}

/** The addresses of a page's elements that lead somewhere or load something, and its anchors. */
function readPage(file: string) {
  const { document } = new JSDOM(readFileSync(join(site, file), 'utf8')).window;
  const valuesOf = (selector: string, name: string) =>
    [...document.querySelectorAll(selector)].map((element) => element.getAttribute(name) ?? '');
  return {
    links: valuesOf('a[href]', 'href'),
    loaded: [...valuesOf('link[href]:not([rel=canonical])', 'href'), ...valuesOf('[src]', 'src'), ...valuesOf('[srcset]', 'srcset')],
    anchors: new Set(valuesOf('[id]', 'id')),
    text: document.body.textContent,
  };
}

describe('the built site', () => {
  it('has the target of each link: the page, and the heading on it', () => {
    const pages = new Map(htmlFiles().map((file) => [file, readPage(file)]));
    expect(pages.size).toBeGreaterThan(50);
    const dead = [...pages].flatMap(([file, { links }]) =>
      links
        .filter((link) => !/^https?:/.test(link))
        .filter((link) => {
          const { pathname, hash } = new URL(link, `${origin}/${file}`);
          const target = pages.get(pathname.endsWith('/') ? `${pathname.slice(1)}index.html` : pathname.slice(1));
          return target === undefined || (hash !== '' && !target.anchors.has(decodeURIComponent(hash.slice(1))));
        })
        .map((link) => `${file}: ${link}`),
    );
    expect(dead).toEqual([]);
  });

  it('loads files of its own only', () => {
    const loaded = htmlFiles().flatMap((file) => readPage(file).loaded.map((address) => new URL(address, `${origin}/${file}`)));
    expect(loaded.filter((url) => url.origin !== origin || !existsSync(join(site, url.pathname))).map(String)).toEqual([]);
    const styles = readdirSync(join(site, 'assets')).filter((file) => extname(file) === '.css');
    expect(styles).not.toEqual([]);
    for (const file of styles)
      expect(readFileSync(join(site, 'assets', file), 'utf8')).not.toMatch(/(?:@import|url\()\s*["']?(?:https?:)?\/\//);
  });

  it.each(Object.values(rules))('has the page of $name, with the placeholders of its messages', ({ name, meta }) => {
    const { text } = readPage(`rules/${name}.html`);
    expect(text).toContain(meta.docs.description);
    const source = readFileSync(join(repository, `docs/rules/${name}.md`), 'utf8');
    for (const [placeholder] of source.matchAll(/\{\{\w+\}\}/g)) expect(text).toContain(placeholder);
  });
});

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
  '.json': 'application/json',
};

describe.skipIf(browserFile === undefined)(`the built site in a browser (${browserFile ?? missingBrowser})`, () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(() => browser.close());

  /** Opens a page of the site from the disk. `requests` are those to other hosts, each of which fails. */
  async function open(path: string, width: number, colorScheme: 'light' | 'dark') {
    const context: BrowserContext = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const requests: string[] = [];
    const errors: string[] = [];
    await context.route('**/*', (route) => {
      const url = new URL(route.request().url());
      const file = join(site, posix.normalize(url.pathname));
      if (url.origin !== origin) requests.push(String(url));
      if (url.pathname === '/favicon.ico') return route.fulfill({ status: 204 });
      if (url.origin !== origin || !existsSync(file)) return route.abort();
      return route.fulfill({ body: readFileSync(file), contentType: types[extname(file)] ?? 'application/octet-stream' });
    });
    const page: Page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(`${origin}/${path}`, { waitUntil: 'networkidle' });
    return { page, context, requests, errors };
  }

  const readPages = [
    'index.html',
    'set-up.html',
    'rules/require-manager-bypass.html',
    'runtime/configuration.html',
    'architecture/pipeline-and-statement-path.html',
  ];

  it.each([
    ...readPages.map((path) => [path, 420, 'light'] as const),
    ...readPages.map((path) => [path, 1280, 'dark'] as const),
    ['rules/require-manager-bypass.html', 420, 'dark'] as const,
    ['rules/require-manager-bypass.html', 1280, 'light'] as const,
  ])('axe finds nothing, no request leaves and nothing sticks out: %s, %i px, %s', async (path, width, scheme) => {
    const { page, context, requests, errors } = await open(path, width, scheme);
    if (path.startsWith('architecture')) await page.locator('.diagram svg').nth(2).waitFor();
    await page.evaluate(axe);
    const violations = await page.evaluate<string>(
      `axe.run(document).then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html }) => html.slice(0, 200))])))`,
    );
    expect(JSON.parse(violations)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(requests).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('finds a page by a word of its text', async () => {
    const { page, context } = await open('index.html', 1280, 'light');
    await page.getByRole('button', { name: 'Search' }).first().click();
    await page.locator('.VPLocalSearchBox input').fill('leakDetectionThresholdMs');
    await page.locator('.VPLocalSearchBox .result').first().click();
    await page.waitForURL(/\/runtime\//);
    await context.close();
  });

  it('draws the diagrams in the colours of the theme that the reader chooses', async () => {
    const { page, context } = await open('architecture/pipeline-and-statement-path.html', 1280, 'light');
    const colour = () => page.evaluate<string>(`getComputedStyle(document.querySelector('.diagram .node rect')).fill`);
    await page.locator('.diagram .node rect').first().waitFor();
    const light = await colour();
    await page.locator('.VPNavBarAppearance .VPSwitchAppearance').click();
    await expect.poll(colour).not.toBe(light);
    await context.close();
  });
});
