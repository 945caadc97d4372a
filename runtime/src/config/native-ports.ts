/** The default ports of the native protocol, with the default HTTP port of the same server. They are rejected and not replaced: the user chooses the port. */
export const nativePorts: ReadonlyMap<number, number> = new Map([
  [9000, 8123],
  [9440, 8443],
]);
