import { describe, expect, it } from 'vitest';
import { closestName, isInside, readEnclosingNames } from '../../src/exceptions/enclosing-names.js';

/** Returns the names around the mark `HERE`. */
function namesAt(code: string, file = 'a.ts'): string {
  return readEnclosingNames(file, code).at(code.indexOf('HERE')).join('.');
}

describe('the names around a place are those of', () => {
  it.each([
    ['nothing at the top of a module', 'HERE();', ''],
    ['a function', 'function run() { HERE(); }', 'run'],
    ['a function in a function', 'function run() { function inner() { HERE(); } }', 'run.inner'],
    ['a callback, by the function around it', 'function run() { [1].map(() => HERE()); }', 'run'],
    ['a variable', 'export const client = HERE();', 'client'],
    ['an arrow function', 'const run = async () => { HERE(); };', 'run'],
    ['a function expression, once', 'const run = function run() { HERE(); };', 'run'],
    ['a function expression of another name', 'const run = function inner() { HERE(); };', 'run.inner'],
    ['a class and its method', 'class Reports { run() { HERE(); } }', 'Reports.run'],
    ['a static method', 'class Reports { static run() { HERE(); } }', 'Reports.run'],
    ['a private method', 'class Reports { #run() { HERE(); } }', 'Reports.#run'],
    ['a constructor', 'class Reports { constructor() { this.client = HERE(); } }', 'Reports.constructor.client'],
    ['a getter', 'class Reports { get client() { return HERE(); } }', 'Reports.client'],
    ['a field', 'class Reports { client = HERE(); }', 'Reports.client'],
    ['a static block', 'class Reports { static { HERE(); } }', 'Reports'],
    ['a class expression', 'const Reports = class { run() { HERE(); } };', 'Reports.run'],
    ['a method with a name in quotes', `class Reports { 'run'() { HERE(); } }`, 'Reports.run'],
    ['a computed name, left out', 'class Reports { [key()]() { HERE(); } }', 'Reports'],
    ['an object and its method', 'const service = { run() { HERE(); } };', 'service.run'],
    ['an object and its arrow function', 'const service = { run: () => HERE() };', 'service.run'],
    ['a default export', 'export default () => HERE();', 'default'],
    ['a default function without a name', 'export default function () { HERE(); }', 'default'],
    ['a default class without a name', 'export default class { run() { HERE(); } }', 'default.run'],
    ['a CommonJS export', 'exports.run = function () { HERE(); };', 'run'],
    ['a method of a prototype', 'Reports.prototype.run = () => HERE();', 'run'],
    ['a namespace', 'namespace Db { export const client = HERE(); }', 'Db.client'],
    ['a decorated class, in the decorator', '@Module({ client: HERE() }) class AppModule {}', 'AppModule.client'],
    ['a default value of a parameter', 'function run(client = HERE()) {}', 'run'],
    ['a destructured variable, left out', 'const { client } = HERE();', ''],
  ])('%s', (_, code, expected) => {
    expect(namesAt(code)).toBe(expected);
  });

  it('a component in JSX', () => {
    expect(namesAt('export const App = () => <p onClick={() => HERE()} />;', 'a.tsx')).toBe('App');
  });
});

it('a name is found with or without what is around it, and never as a part of another name', () => {
  const names = ['Reports', 'run', 'client'];
  for (const name of ['Reports', 'run', 'client', 'Reports.run', 'run.client', 'Reports.run.client'])
    expect(isInside(names, name)).toBe(true);
  for (const name of ['Report', 'un', 'Reports.client', 'run.Reports', 'Reports.run.other', 'n.c', ''])
    expect(isInside(names, name)).toBe(false);
});

it('a misspelled name has a suggestion', () => {
  const { all } = readEnclosingNames('a.ts', 'class Reports { run() {} stop() {} }');
  expect(closestName('Report.run', all)).toBe('Reports.run');
  expect(closestName('stpo', all)).toBe('stop');
  expect(closestName('somethingElseEntirely', all)).toBeUndefined();
});
