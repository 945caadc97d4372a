import { expect, it } from 'vitest';
import { ConnectError, ConnectionLostError, GatewayError, IngestStoreError } from '../../../runtime/src/errors/index.js';
import { parseFailure } from '../../../runtime/src/errors/parse.js';
import { DeadlineExceededError } from '../../../runtime/src/errors/interruption.js';

const storeError = (code: string) =>
  new IngestStoreError({ operation: 'write', path: '/a', cause: Object.assign(new Error(code), { code }) });
const answered = (httpStatus: number) => parseFailure(new Error('<html>'), { httpStatus });

it('a full disk or quota, too many open files and a busy file are retryable, and no other failure of the disk is', () => {
  const codes = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EACCES', 'EIO', 'ENOENT'];
  expect(codes.filter((code) => storeError(code).retryable)).toEqual(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY']);
});

it('whether an error is retryable depends on phase, TLS, the validity of the response and the status', () => {
  expect(new DeadlineExceededError(5, 'waiting').retryable).toBe(true);
  expect(new DeadlineExceededError(5, 'running').retryable).toBe(false);
  expect([new ConnectError('ECONNREFUSED', false, '').retryable, new ConnectError('X', true, '').retryable]).toEqual([true, false]);
  const lost = ['ECONNRESET', 'HPE_HEADER_OVERFLOW', 'HPE_INVALID_CONSTANT'].map((code) =>
    parseFailure(Object.assign(new Error(code), { code })),
  );
  expect(lost.map((error) => error instanceof ConnectionLostError && error.retryable)).toEqual([true, false, false]);
  const statuses = [301, 302, 400, 404, 408, 413, 425, 499, 500, 502, 504];
  expect(statuses.map(answered).every((error) => error instanceof GatewayError)).toBe(true);
  expect(statuses.filter((status) => answered(status).retryable)).toEqual([408, 425, 499, 500, 502, 504]);
});
