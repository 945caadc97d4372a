import { describe, expect, it } from 'vitest';
import { GatewayError, OverloadedError, ServerError } from '../../../runtime/src/errors/index.js';
import { wasRejectedBeforeStart } from '../../../runtime/src/errors/later-exception.js';
import { retryDecision } from '../../../runtime/src/errors/outcome.js';

const unknownTable = (text: string) => new ServerError({ clickhouseCode: 60, type: 'UNKNOWN_TABLE', text });
const tooMany = (text: string) => new OverloadedError({ clickhouseCode: 202, type: 'TOO_MANY_SIMULTANEOUS_QUERIES', text });
const proxy = { clickhouseCode: undefined, type: undefined, text: 'slow down' };

describe('a refused statement did not begin', () => {
  it.each([
    ['if it names an unknown table', unknownTable('Table shop.events does not exist.')],
    ['if the server has too many queries', tooMany('Too many simultaneous queries. Maximum: 100.')],
    ['if a proxy answered 429', new OverloadedError(proxy, { httpStatus: 429 })],
    ['if a proxy answered 403', new GatewayError('HTTP 403', { httpStatus: 403 })],
  ])('%s', (_, failure) => {
    expect(wasRejectedBeforeStart(failure)).toBe(true);
  });
});

describe('a refused statement may have begun', () => {
  it.each([
    ['if a step of it failed', unknownTable("Unknown table 'gone': while executing 'FUNCTION dictGetString'.")],
    ['if a step of the server failed', unknownTable("Unknown table 'gone': While executing ValuesBlockInputFormat.")],
    ['if a view failed', unknownTable("Unknown table 'gone': while pushing to view shop.daily (1f).")],
    ['if another server failed', unknownTable('Received from shard-2:9000. DB::Exception: Table shop.events does not exist.')],
    ['if another server has too many queries', tooMany('Received from shard-2:9000. DB::Exception: Too many simultaneous queries.')],
    ['if the end of the text is cut off', unknownTable('x'.repeat(64 * 1024))],
    ['if the code can also be that of a row', new ServerError({ clickhouseCode: 6, type: 'CANNOT_PARSE_TEXT', text: 'Cannot parse' })],
  ])('%s', (_, failure) => {
    expect(wasRejectedBeforeStart(failure)).toBe(false);
  });
});

it('a write is not repeated if another server has too many queries, since rows may have been written before', () => {
  expect(retryDecision(tooMany('Too many simultaneous queries.'), 'write')).toBe('retry');
  expect(retryDecision(tooMany('Received from shard-2:9000. DB::Exception: Too many simultaneous queries.'), 'write')).toBe('fail');
});
