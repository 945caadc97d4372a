export { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database/create-test-database.js';
export type { FixtureFile } from './test-database/fixtures.js';
export { assertInserted, assertNotRan, assertRan, insertedRows, type Journal, type StatementPattern } from './testing/assertions.js';
export type { RecordedStatement } from './testing/recorded-statement.js';
export type { ScriptedAnswer } from './testing/scripted-answer.js';
export { createTestService, type TestService, type TestServiceOptions } from './testing/test-double.js';
