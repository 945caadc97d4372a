import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';

/** A text that names an address of ClickHouse: a header, a port, a host, a variable, or a member or name with a word for an address. */
const namesAddress: TextQuestion = {
  kind: 'matches',
  parts: ['lickHouse', 'lickhouse', 'LICKHOUSE', 'LICK_HOUSE', 'lick-house', 'lick_house', '8123', '8443'],
  patterns: [
    patternText(
      /x-clickhouse|\b8123\b|\b8443\b|env\W{1,3}\w*click_?house|click_?house\w*(?:url|uri|host|endpoint|dsn|addr|server|base|http|origin|port|options|config|settings)|:\/\/[^'"`\s]*click-?house|clickhouse\.cloud|click_?house\w*['"\]]?\s*[:.?=(][^]{0,120}?(?:url|uri|host|endpoint|addr|base|origin)\b/i,
    ),
  ],
};

/** A text that may send HTTP requests. */
const sendsRequests: TextQuestion = {
  kind: 'matches',
  patterns: [
    patternText(
      /\bfetch\b|\baxios\b|\bgot\b|\bky\b|\bundici\b|\bsuperagent\b|\bneedle\b|\bofetch\b|HttpService|HttpClientRequest|['"](?:node:)?https?['"]|['"]request(?:-promise(?:-native)?)?['"]|['"]follow-redirects['"]/,
    ),
  ],
};

/** A module that more others import is a barrel or the settings of everything: its users name what they take. */
const maxImporters = 30;

/** Imports of a module that names the address are followed this far. */
const maxDistance = 2;

/** Whether the text of a file may send HTTP requests. */
export function maySendRequests(project: Project, file: string): boolean {
  return project.ask(file, sendsRequests) !== '';
}

/**
 * Returns the files that may send a request to ClickHouse: they name its address, make a client, or import a module that does, and they send
 * requests or import a module that does. Only texts are asked.
 */
export function requestFiles(project: Project, isJudged: (file: string) => boolean, isConstructing: (file: string) => boolean): string[] {
  const naming = [...project.sources].filter((file) => isConstructing(file) || project.ask(file, namesAddress) !== '');
  // The settings of a client can have a name that says nothing of ClickHouse.
  naming.push(...naming.filter(isConstructing).flatMap((file) => [...project.importsOf(file)]));
  const reached = new Set(naming);
  let level: readonly string[] = naming;
  for (let distance = 0; distance < maxDistance; distance++) {
    const importers = level.map((file) => [...project.importersOf(file)]).filter(({ length }) => length <= maxImporters);
    level = importers.flat().filter((file) => !reached.has(file) && reached.add(file));
  }
  const sends = (file: string): boolean =>
    maySendRequests(project, file) || [...project.importsOf(file)].some((module) => maySendRequests(project, module));
  return [...reached].filter((file) => isJudged(file) && sends(file)).sort();
}
