export type { RecordedStatement } from './testing/recorded-statement.js';
export type { ScriptedAnswer } from './testing/scripted-answer.js';
export { createTestService, type TestService, type TestServiceOptions } from './testing/test-double.js';
