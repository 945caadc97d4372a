/** A table as `system.tables` has it. */
export interface TableName {
  /** Undefined: the database of the connection. */
  readonly database: string | undefined;
  readonly name: string;
}

/** One part of a name: in backticks, in double quotes, or plain. */
const part = '(?:`((?:[^`\\\\]|\\\\.)+)`|"((?:[^"\\\\]|\\\\.)+)"|([A-Za-z_][\\w$]*))';
const pattern = new RegExp(`^\\s*(?:${part}\\s*\\.\\s*)?${part}\\s*$`);

/** Returns the parts of a table's name: `events`, `shop.events`, `` `my table` ``. Undefined if it is no name. */
export function parseTableName(table: string): TableName | undefined {
  const match = pattern.exec(table);
  if (!match) return undefined;
  // Groups that did not take part are undefined.
  const parts: readonly (string | undefined)[] = match.slice(1);
  const [database, name] = [parts.slice(0, 3), parts.slice(3)].map((texts) => unescape(texts.find((text) => text !== undefined)));
  return name === undefined ? undefined : { database, name };
}

function unescape(text: string | undefined): string | undefined {
  return text?.replace(/\\(.)/g, '$1');
}

/** Returns the text as a literal of SQL. */
export function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
