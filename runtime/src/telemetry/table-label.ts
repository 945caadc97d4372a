/** One part of a name: in backticks, in double quotes, or plain. */
const part = '(?:`(?:[^`\\\\]|\\\\.|``)+`|"(?:[^"\\\\]|\\\\.|"")+"|\\w[\\w$]*)';
const leadingName = new RegExp(`^\\s*(${part}(?:\\s*\\.\\s*${part})?)(?![^\\s(])`);
const tableFunction = /^\s*(?:TABLE\s+)?FUNCTION\s+(\w+)/i;

/**
 * Returns the name of the table of an insert for log lines and spans, as the caller wrote it. Of a table function only its name: its arguments
 * may be credentials. `OTHER` for a text that begins with no name.
 */
export function labelOfTable(table: string): string {
  const name = tableFunction.exec(table)?.[1];
  return name === undefined ? (leadingName.exec(table)?.[1] ?? 'OTHER') : `FUNCTION ${name}`;
}
