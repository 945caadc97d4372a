/** What `Object.prototype.toString` says of errors. The language keeps this mark, so it is the same for an error of another realm. */
const marks: ReadonlySet<string> = new Set(['[object Error]', '[object DOMException]']);

/**
 * Whether the value is an error of any realm. A test of Jest has globals of its own, so errors of Node.js and of packages that Node.js loaded
 * are no instances of its `Error`. A `DOMException`, such as the reason of an aborted signal, is no native error.
 */
export function isError(value: unknown): value is Error {
  return value instanceof Error || marks.has(Object.prototype.toString.call(value));
}
