import { posix } from 'node:path';
import type { ModelSettings } from './model/model.js';
import type { Settings } from './settings.js';

/** The part of the settings that changes what the code means, with absolute paths. */
export function modelSettingsOf(root: string, settings: Settings): ModelSettings {
  const absolute = (path: string) => posix.join(root, path);
  return {
    clients: settings.clients,
    managers: new Set(settings.managers.map(absolute)),
    accessors: settings.accessors.map(({ module, name, bypass }) => ({
      file: absolute(module),
      name,
      bypass: bypass === undefined ? undefined : typeof bypass === 'string' ? { parameter: bypass, value: true } : bypass,
    })),
  };
}
