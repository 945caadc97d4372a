import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { readListing } from '../../project/file-listing.js';
import type { Document, Documentation } from './documentation.js';

const markdown = /\.mdx?$/i;

/** Change logs, decision records and plans tell of modules that are gone, or that do not exist yet; fixtures and examples of other projects. */
const otherSubjects =
  /(?:^|\/)(?:node_modules\/|changelog|\.changeset\/|(?:adrs?|decisions|rfcs?|plans?|proposals|specs?|__fixtures__|fixtures?|examples?|tests?)\/)/i;

/** Reads the Markdown files of a project that mention ClickHouse. The command line calls it for the checklist. */
export function readDocumentation(root: string): Documentation {
  const files = readListing(root).paths;
  return {
    files,
    documents: files.filter((file) => markdown.test(file) && !otherSubjects.test(file)).flatMap((file) => readDocument(root, file)),
  };
}

function readDocument(root: string, file: string): Document[] {
  try {
    const text = readFileSync(posix.join(root, file), 'utf8');
    return /click-?house/i.test(text) ? [{ file, text }] : [];
  } catch {
    return [];
  }
}
