import { expect, it } from 'vitest';
import { showsColors, showsProgress } from '../../src/cli/terminal.js';

it.each([
  ['a terminal', true, {}, true],
  ['a pipe', false, {}, false],
  ['a pipe with FORCE_COLOR, as in GitHub Actions', false, { FORCE_COLOR: '1' }, true],
  ['a pipe with an empty FORCE_COLOR, which Node.js takes as yes', false, { FORCE_COLOR: '' }, true],
  ['a terminal with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
  ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['a terminal with an empty NO_COLOR, which means nothing', true, { NO_COLOR: '' }, true],
  ['a terminal with NO_COLOR and FORCE_COLOR, which wins', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, true],
  ['a terminal without capabilities', true, { TERM: 'dumb' }, false],
])('colours in %s', (_, isTerminal, environment, expected) => {
  expect(showsColors(isTerminal, environment)).toBe(expected);
});

it.each([
  ['a terminal', true, {}, true],
  ['a pipe', false, {}, false],
  ['CI', true, { CI: 'true' }, false],
  ['a terminal without capabilities', true, { TERM: 'dumb' }, false],
])('progress in %s', (_, isTerminal, environment, expected) => {
  expect(showsProgress(isTerminal, environment)).toBe(expected);
});
