import type { LinkRule } from '../../project/package-links.js';
import { splitPackage } from '../../project/package-specifiers.js';
import { type ClientModule, type ClientPackage, clientPackages } from './client-packages.js';

/**
 * Returns when a package of the project stands for an import of its name. A built-in client package is the published one unless the
 * importer links a package of the project. A package that the settings declare is always a client. Called by `ProjectAnalysis`.
 */
export function clientLinkRules(declared: readonly (ClientPackage | ClientModule)[]): (packageName: string) => LinkRule {
  const rules = new Map<string, LinkRule>(clientPackages.map((entry) => [splitPackage(entry.package)[0], 'if-linked']));
  for (const entry of declared) if ('package' in entry) rules.set(splitPackage(entry.package)[0], 'never');
  return (packageName) => rules.get(packageName) ?? 'by-name';
}
