import { defineRule } from '../src/rule/rule.js';
import type { SwallowedError } from '../src/model/statements/swallowed-errors.js';

export default defineRule({
  name: 'no-swallowed-error',
  description: 'Disallow dropping the failure of a statement.',
  preset: 'recommended',
  messages: {
    dropped:
      'If `{{call}}` fails, this handler drops the error, and the code goes on as if the statement had succeeded. Throw the error, or pass it to code that acts on it. If the failure does not matter, say why in a comment with the words "best effort".',
    answered:
      'If `{{call}}` fails, this handler drops the error and answers `{{answer}}`, so the caller takes a failure for an answer. Throw the error, or answer with a value that carries it.',
    callback: 'The callback of `{{call}}` ignores its error, so a failure looks like an empty result. Pass the error on, or throw it.',
    settled:
      '`Promise.allSettled` does not reject, and no code looks at the rejected results here, so a failure of `{{call}}` is lost. Look at the results with the status `rejected`, or use `Promise.all`.',
    ping: '`{{call}}` does not reject if the server is down: it resolves with `success: false` and the error, and this code drops that answer. Look at `success`.',
    finally: 'This `return` in `finally` replaces a failure of `{{call}}`. Return after the `try` statement.',
  },

  *check({ model }) {
    for (const error of model.swallowedErrors())
      yield { span: error.span, messageId: messageFor(error), data: { call: error.call, answer: error.answer ?? '' } };
  },
});

function messageFor({ by, answer }: SwallowedError): 'dropped' | 'answered' | 'callback' | 'settled' | 'ping' | 'finally' {
  if (by !== 'handler') return by;
  return answer === undefined ? 'dropped' : 'answered';
}
