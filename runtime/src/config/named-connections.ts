/** A description of valid names, for errors. */
export const connectionNameRule = 'a lower-case name of letters, digits and single underscores, as in "analytics"';

/**
 * Whether the name is valid: lower case, with digits and single underscores. `Logs` and `logs` would read the same variables but create
 * two managers.
 */
export function isConnectionName(name: string): boolean {
  return /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name);
}
