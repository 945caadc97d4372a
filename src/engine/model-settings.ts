import { posix } from 'node:path';
import type { ClientModule, ClientPackage } from '../model/clients/client-packages.js';
import type { ModelSettings } from '../model/model.js';
import { packageSpecifierOf } from '../project/package-specifiers.js';
import { relativeTo } from '../project/paths.js';
import { matcherOf } from '../settings/globs.js';
import type { Settings } from '../settings/load-settings.js';

/** Returns the part of the settings that changes what the code means, with absolute paths. `ProjectAnalysis` calls it. */
export function modelSettingsOf(root: string, settings: Settings): ModelSettings {
  const isTest = matcherOf(settings.tests);
  const declared = (globs: readonly string[]) => {
    if (globs.length === 0) return undefined;
    const matches = matcherOf(globs);
    return (file: string) => matches(relativeTo(root, file));
  };
  return {
    clients: settings.clients.flatMap((entry) => clientOf(root, entry)),
    roles: {
      config: declared(settings.config),
      factory: declared(settings.factories),
      service: declared(settings.service),
      isTest: (file) => isTest(relativeTo(root, file)),
    },
    isManager: declared(settings.managers),
    accessors: settings.accessors.map(({ module, name, bypass }) => ({
      file: posix.join(root, module),
      name,
      bypass: bypass === undefined ? undefined : typeof bypass === 'string' ? { parameter: bypass, value: true } : bypass,
    })),
  };
}

/** A package that is named with registry or version, such as `npm:@acme/db@1`, is the package itself. */
function clientOf(root: string, { package: name, module, constructors }: Settings['clients'][number]): (ClientPackage | ClientModule)[] {
  if (module !== undefined) return [{ module: posix.join(root, module), constructors }];
  return name === undefined ? [] : [{ package: packageSpecifierOf(name) ?? name, constructors }];
}
