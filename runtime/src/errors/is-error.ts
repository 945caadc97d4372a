// An import of `node:util` makes Node 22 and later open the standard output.
import { isNativeError } from 'node:util/types';

/**
 * Whether the value is an error of any realm. A test of Jest has globals of its own, so errors of Node.js and of packages that Node.js loaded
 * are no instances of its `Error`. A `DOMException`, such as the reason of an aborted signal, is no native error.
 */
export function isError(value: unknown): value is Error {
  return value instanceof Error || isNativeError(value) || Object.prototype.toString.call(value) === '[object DOMException]';
}
