/** Returns the chunks as one. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/**
 * Returns the index of the first complete occurrence of `part`, or of a start of it that the bytes end with. Returns the length of the bytes
 * if there is neither.
 */
export function indexOfPart(bytes: Uint8Array, part: Uint8Array): number {
  const first = part[0] ?? 0;
  // The search for one byte is native, and the first byte of a marker is rare in rows.
  for (let start = bytes.indexOf(first); start !== -1; start = bytes.indexOf(first, start + 1)) {
    const length = Math.min(part.length, bytes.length - start);
    let matched = 1;
    while (matched < length && bytes[start + matched] === part[matched]) matched++;
    if (matched === length) return start;
  }
  return bytes.length;
}
