/** Returns the start of the query ids of all statements that `migrate` sends to a database. */
export function queryIdPrefix(table: string, database: string): string {
  return `${table}:${database}:`;
}

/** Returns the SQL condition for the query ids of the statements that `migrate` sends to the database of the service. */
export function hasQueryIdPrefix(table: string): string {
  return `position(query_id, concat('${table}:', currentDatabase(), ':')) = 1`;
}
