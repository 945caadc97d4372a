import type { UnreadResult } from '../src/model/statements/unread-results.js';
import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'no-undrained-result',
  description: 'Disallow results of statements that are neither read nor closed.',
  preset: 'recommended',
  judgesTests: true,
  hasSuggestions: true,
  messages: {
    unread:
      'The result of this call of `{{name}}` is not read, so its connection stays in use until a timeout. Read it with `json()`, `text()` or a stream, or call `close()` on it. If no rows are wanted, send the statement with `command()`.',
    partly:
      'The result of this call of `{{name}}` is read on some paths only. On the others its connection stays in use until a timeout. Read it on each path, or call `close()` on it. `using` closes it at the end of the block.',
    stream:
      'The stream that this call of `{{name}}` gives is not read, so its connection stays in use until a timeout. Read the stream to its end or destroy it. If no rows are wanted, send the statement with `command()`.',
    command:
      'This statement returns no rows, and `{{name}}` leaves its response unread, so its connection stays in use until a timeout. Send it with `command()`.',
    insert:
      'This INSERT is sent with `{{name}}`, which leaves the response unread, so its connection stays in use until a timeout. Send rows with `insert()`, and INSERT … SELECT with `command()`.',
    probe:
      'This check sends `SELECT 1` with `{{name}}` and does not read the result, so its connection stays in use until a timeout. Call `ping()` and look at `success` of its answer.',
    sendAsCommand: 'Send the statement with `command()`.',
  },

  *check({ model }) {
    for (const result of model.unreadResults())
      yield {
        span: result.span,
        messageId: messageFor(result),
        data: { name: result.name },
        ...(result.asCommand ? { suggestions: [{ messageId: 'sendAsCommand', edits: result.asCommand }] } : {}),
        ...(result.isInTest ? { scope: 'test' as const } : {}),
      };
  },
});

function messageFor({ isReadOnSomePaths, statement, kind }: UnreadResult): 'unread' | 'partly' | 'stream' | 'command' | 'insert' | 'probe' {
  if (isReadOnSomePaths) return 'partly';
  if (statement === 'command' || statement === 'insert' || statement === 'probe') return statement;
  return kind === 'exec' ? 'stream' : 'unread';
}
