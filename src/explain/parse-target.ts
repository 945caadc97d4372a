import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { rules } from '../../rules/index.js';
import { toPosix } from '../project/paths.js';
import type { Rule } from '../rule/rule.js';
import { closestMatch } from '../settings/suggest-similar.js';

/** What the argument of `explain` names. A file is an absolute path with forward slashes. */
export type Target =
  | { readonly kind: 'rule'; readonly rule: Rule }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'line'; readonly file: string; readonly line: number }
  | { readonly kind: 'mistake'; readonly problem: string };

/** The prefix of a rule in the output of a linter. */
const rulePrefix = 'clickhouse-ssot/';

/** A name of a rule has neither a dot nor a slash, and a name of a file without both is taken for a file only if it exists. */
export function parseTarget(argument: string): Target {
  if (argument.trim() === '')
    return mistake('explain: found an empty argument, expected a rule, a file or a line as in src/db.ts:12. Name one.');
  const name = argument.startsWith(rulePrefix) ? argument.slice(rulePrefix.length) : argument;
  const rule = Object.values<Rule>(rules).find((candidate) => candidate.name === name);
  if (rule) return { kind: 'rule', rule };
  if (existsSync(argument)) return fileTarget(argument);
  const [, path, line] = /^(.+?):(-?\d+)(?::\d+)?$/.exec(argument) ?? [];
  if (path !== undefined && line !== undefined) return existsSync(path) ? lineTarget(path, Number(line)) : missingFile(path);
  return /[./\\:]/.test(name) ? missingFile(argument) : unknownRule(name);
}

function fileTarget(path: string): Target {
  const file = toPosix(resolve(path));
  if (statSync(path).isDirectory())
    return mistake(`${path}: found a folder, expected a file. Name a file, or use clickhouse-ssot audit ${path} for the folder.`);
  return { kind: 'file', file };
}

function lineTarget(path: string, line: number): Target {
  const target = fileTarget(path);
  if (target.kind !== 'file') return target;
  const lines = linesOf(readFileSync(path, 'utf8')).length;
  if (line < 1) return mistake(`${path}:${line}: found line ${line}, expected one from 1 to ${lines}. Lines start at 1.`);
  if (line > lines)
    return mistake(`${path}:${line}: found line ${line}, but the file ends at line ${lines}. Name a line from 1 to ${lines}.`);
  return { ...target, kind: 'line', line };
}

/** Returns the lines of a text. Line breaks are those of ECMAScript; one at the end of the text begins no further line. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
  return lines.length > 1 && lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function missingFile(path: string): Target {
  return mistake(
    `${path}: found no such file, expected a rule, a file or a line as in src/db.ts:12. Paths are relative to ${toPosix(process.cwd())}.`,
  );
}

function unknownRule(name: string): Target {
  const known = Object.keys(rules);
  const nearest = nearestNames(name, known);
  const advice =
    nearest.length === 0 ? `The rules are ${known.join(', ')}.` : `Did you mean ${nearest.map((rule) => `"${rule}"`).join(' or ')}?`;
  return mistake(`explain: found no rule "${name}", and no file of this name. ${advice}`);
}

/** The most similar name, and all that contain the word: `recursion` means two rules. */
function nearestNames(word: string, names: readonly string[]): string[] {
  const similar = closestMatch(word, names);
  const containing = word.length > 2 ? names.filter((name) => name.includes(word)) : [];
  return [...new Set([...containing, ...(similar === undefined ? [] : [similar])])].slice(0, 3);
}

function mistake(problem: string): Target {
  return { kind: 'mistake', problem };
}
