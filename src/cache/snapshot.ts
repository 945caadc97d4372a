import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { contentIdOf } from '../project/content-id.js';
import { withoutBom } from '../project/document-store.js';
import { type FileListing, readListing } from '../project/file-listing.js';
import { isManifestPath, isSourcePath } from '../project/list-files.js';
import { isBelow, relativeTo } from '../project/paths.js';

/** The files below a root at one moment, with the content ids of those that matter. Git knows most ids; other files are read. */
export class Snapshot {
  readonly #listed: ReadonlySet<string>;
  readonly #read = new Map<string, string | undefined>();
  #files: ReadonlyMap<string, string> | undefined;
  #state: string | undefined;

  constructor(
    readonly root: string,
    readonly listing: FileListing = readListing(root),
  ) {
    this.#listed = new Set(listing.paths);
  }

  /** Content ids of all source files and manifests by their path from the root, sorted; `-` for a file that cannot be read. */
  get files(): ReadonlyMap<string, string> {
    this.#files ??= new Map(
      this.listing.paths
        .filter((path) => isSourcePath(path) || isManifestPath(path))
        .sort()
        .map((path) => [path, this.#idOf(path) ?? '-'] as const),
    );
    return this.#files;
  }

  /** One id of all paths and content ids in `files`. */
  get state(): string {
    this.#state ??= createHash('sha256')
      .update([...this.files].map(([path, id]) => `${path}\0${id}`).join('\0\0'))
      .digest('hex');
    return this.#state;
  }

  /** Returns the text of a listed file without byte order mark; undefined if it cannot be read. */
  textOf(path: string): string | undefined {
    const bytes = bytesOf(posix.join(this.root, path));
    return bytes && withoutBom(bytes.toString('utf8'));
  }

  /** Returns the content id of any file, listed or not; undefined if it cannot be read. */
  contentId(file: string): string | undefined {
    const path = this.#listedPath(file);
    return path === undefined ? readId(file) : this.#idOf(path);
  }

  /**
   * Whether a file that was read with this id had the content that it has in the snapshot. Git may have converted the line ends of the file
   * when it wrote it; then git's id is not that of the bytes.
   */
  agreesWith(file: string, id: string | undefined): boolean {
    const path = this.#listedPath(file);
    if (path === undefined) return true;
    const own = this.#idOf(path);
    if (own === id) return true;
    const bytes = this.listing.contentIds.has(path) ? bytesOf(file) : undefined;
    return bytes !== undefined && contentIdOf(bytes) === id && contentIdOf(withLineFeeds(bytes)) === own;
  }

  #listedPath(file: string): string | undefined {
    const path = isBelow(this.root, file) ? relativeTo(this.root, file) : undefined;
    return path !== undefined && this.#listed.has(path) ? path : undefined;
  }

  #idOf(path: string): string | undefined {
    const known = this.listing.contentIds.get(path) ?? this.#read.get(path);
    if (known !== undefined || this.#read.has(path)) return known;
    const id = readId(posix.join(this.root, path));
    this.#read.set(path, id);
    return id;
  }
}

function readId(file: string): string | undefined {
  const bytes = bytesOf(file);
  return bytes && contentIdOf(bytes);
}

function bytesOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function withLineFeeds(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
