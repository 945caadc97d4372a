import { expect, test } from 'vitest';
import { parseRemote } from '../../src/cli/find-forge.js';
import { linksOf } from '../../src/report/source-links.js';

const place = { file: 'src/a b#1.ts', line: 3, column: 7 };
const repository = { commit: 'abc', prefix: '' };

test.each([
  ['github', 'https://github.com/acme/app', 'https://github.com/acme/app/blob/abc/src/a%20b%231.ts#L3'],
  ['gitlab', 'https://gitlab.com/acme/app', 'https://gitlab.com/acme/app/-/blob/abc/src/a%20b%231.ts#L3'],
  ['bitbucket', 'https://bitbucket.org/acme/app', 'https://bitbucket.org/acme/app/src/abc/src/a%20b%231.ts#lines-3'],
] as const)('a place on %s', (kind, url, expected) => {
  expect(linksOf(place, { forge: { kind, url, ...repository } })).toEqual([expect.objectContaining({ href: expected })]);
});

test('a place in the editor, on Windows as well', () => {
  expect(linksOf(place, { editorRoot: '/home/me/app' })[0]?.href).toBe('vscode://file/home/me/app/src/a%20b%231.ts:3:7');
  expect(linksOf(place, { editorRoot: 'C:/app' })[0]?.href).toBe('vscode://file/C:/app/src/a%20b%231.ts:3:7');
});

test.each([
  ['https://github.com/acme/app.git', 'https://github.com/acme/app'],
  ['https://user:token@github.com/acme/app', 'https://github.com/acme/app'],
  ['git@github.com:acme/app.git', 'https://github.com/acme/app'],
  ['ssh://git@gitlab.example.com:2222/group/sub/app.git', 'https://gitlab.example.com/group/sub/app'],
  ['git@bitbucket.org:acme/app.git', 'https://bitbucket.org/acme/app'],
])('the remote %s', (remote, url) => {
  expect(parseRemote(remote)?.url).toBe(url);
});

test.each(['/srv/git/app.git', 'file:///srv/github/app', 'https://code.example.com/acme/app.git', '../github'])(
  '%s is on no known forge',
  (remote) => {
    expect(parseRemote(remote)).toBeUndefined();
  },
);
