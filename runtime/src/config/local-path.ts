import { fileURLToPath } from 'node:url';

/** Returns the path of a file or a folder. Undefined for a URL that names none of this machine, such as `http://host/schema.sql`. */
export function localPath(location: string | URL): string | undefined {
  if (typeof location === 'string') return location;
  try {
    return fileURLToPath(location);
  } catch {
    return undefined;
  }
}
