/** A table as `system.tables` has it. */
export interface TableName {
  /** Undefined: the database of the connection. */
  readonly database: string | undefined;
  readonly name: string;
}

/** One part of a name: in backticks, in double quotes, or plain. A quote inside is escaped or doubled. */
const part = '(?:`((?:[^`\\\\]|\\\\.|``)+)`|"((?:[^"\\\\]|\\\\.|"")+)"|(\\d*[A-Za-z_][\\w$]*))';
const pattern = new RegExp(`^\\s*(?:${part}\\s*\\.\\s*)?${part}\\s*$`);

/** Returns the parts of a table's name: `events`, `shop.events`, `` `my table` ``. Undefined if it is no name. */
export function parseTableName(table: string): TableName | undefined {
  const match = pattern.exec(table);
  if (!match) return undefined;
  const parts: readonly (string | undefined)[] = match.slice(1);
  const name = textOf(parts.slice(3));
  return name === undefined ? undefined : { database: textOf(parts.slice(0, 3)), name };
}

/** Groups that did not take part are undefined. */
function textOf([inBackticks, inQuotes, plain]: readonly (string | undefined)[]): string | undefined {
  return inBackticks?.replace(/\\(.)|`(`)/g, '$1$2') ?? inQuotes?.replace(/\\(.)|"(")/g, '$1$2') ?? plain;
}

/** Returns the text as a literal of SQL. */
export function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
