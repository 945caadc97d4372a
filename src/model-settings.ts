import { posix } from 'node:path';
import { matcherOf } from './globs.js';
import type { ModelSettings } from './model/model.js';
import { relativeTo } from './project/paths.js';
import type { Settings } from './settings.js';

/** The part of the settings that changes what the code means, with absolute paths. */
export function modelSettingsOf(root: string, settings: Settings): ModelSettings {
  const absolute = (path: string) => posix.join(root, path);
  const isManager = matcherOf(settings.managers);
  return {
    clients: settings.clients,
    isManager: settings.managers.length === 0 ? undefined : (file) => isManager(relativeTo(root, file)),
    accessors: settings.accessors.map(({ module, name, bypass }) => ({
      file: absolute(module),
      name,
      bypass: bypass === undefined ? undefined : typeof bypass === 'string' ? { parameter: bypass, value: true } : bypass,
    })),
  };
}
