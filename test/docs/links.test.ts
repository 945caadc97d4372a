import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { read } from '../../scripts/generated.js';
import { headingsOf, linksIn } from '../../scripts/markdown-text.js';
import { repository } from '../places.js';

const web = 'https://github.com/clickhouse-ssot/clickhouse-ssot';

/** The READMEs that a package registry shows: there, a relative link leads nowhere. */
const registryPages = ['README.md', 'cli/README.md', 'runtime/README.md'];

const pages = execFileSync('git', ['ls-files', '--', '*.md'], { cwd: repository, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && !/^(?:fixtures|\.changeset)\/|THIRD-PARTY/.test(file));

/** Says what is wrong with a link of a page; undefined if its target is in this repository or on another site. */
function problemOf(page: string, link: string): string | undefined {
  const inRepository = new RegExp(`^${web}/(?:blob|tree)/main/(.*)$`).exec(link)?.[1];
  if (inRepository === undefined && /^[a-z]+:/.test(link))
    return link.startsWith(`${web}/`) ? 'is not a page of the main branch' : undefined;
  const [path = '', anchor] = (inRepository ?? link).split('#');
  const file = path === '' ? page : inRepository === undefined ? posix.join(dirname(page), path) : path;
  if (!existsSync(join(repository, file))) return `names ${file}, which does not exist`;
  if (anchor === undefined || headingsOf(read(file)).some((heading) => heading.anchor === anchor)) return undefined;
  return `names the heading #${anchor}, which ${file} does not have`;
}

describe('a link of a page', () => {
  it.each(pages)('%s: leads to a file and a heading of this repository, or to another site', (page) => {
    expect(
      linksIn(read(page)).flatMap((link) => (problemOf(page, link) === undefined ? [] : [`${link} ${problemOf(page, link)}`])),
    ).toEqual([]);
  });

  it.each(registryPages)('%s: works on the page of the package registry', (page) => {
    expect(linksIn(read(page)).filter((link) => !/^(?:https:|#)/.test(link))).toEqual([]);
  });

  it('is found outside of code, with its anchor', () => {
    expect(linksIn('[a](x.md#y) `[b](z)` [`c`](#d)\n```\n[e](f)\n```\n')).toEqual(['x.md#y', '#d']);
    const headings = headingsOf('# A `b.c()` d\n## It’s: [one](two)\n```sh\n# code\n```\n## A bc d\n');
    expect(headings.map(({ anchor }) => anchor)).toEqual(['a-bc-d', 'its-one', 'a-bc-d-1']);
    expect(problemOf('README.md', 'docs/none.md')).toContain('does not exist');
    expect(problemOf('README.md', `${web}/blob/main/docs/hosts.md#none`)).toContain('does not have');
    expect(problemOf('docs/hosts.md', '../README.md')).toBeUndefined();
  });
});

it.each(Object.values(rules))('the address of the page of $name leads to a file of this repository', ({ meta }) => {
  expect(problemOf('README.md', meta.docs.url)).toBeUndefined();
  expect(meta.docs.url.startsWith(web)).toBe(true);
});

it.each(['.', 'cli', 'runtime'])('the package in %s says where its source, its page and its issues are', (folder) => {
  const manifest: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8'));
  const directory = folder === '.' ? undefined : folder;
  expect(manifest['repository']).toEqual({ type: 'git', url: `git+${web}.git`, ...(directory === undefined ? {} : { directory }) });
  expect(manifest['homepage']).toBe(directory === undefined ? `${web}#readme` : `${web}/tree/main/${directory}#readme`);
  expect(manifest['bugs']).toBe(`${web}/issues`);
});
