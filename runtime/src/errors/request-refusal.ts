/**
 * Whether an HTTP status says that the request itself was refused, so that the statement did not run and the same request would be refused
 * again: 3xx and 4xx. Excluded are timeouts and load (408, 425, 429), and 499, by which a proxy reports that the client closed.
 */
export function isRequestRefusal(httpStatus: number | undefined): boolean {
  return httpStatus !== undefined && httpStatus >= 300 && httpStatus < 500 && ![408, 425, 429, 499].includes(httpStatus);
}
