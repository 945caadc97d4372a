import { createParamDecorator } from '@nestjs/common';
import { type ObservedResponse, requestSignal } from '../http/request-signal.js';

/**
 * Injects the signal of a request into a method of a controller: `find(@RequestSignal() signal: AbortSignal)`. It is aborted if the client
 * goes away. Pass it as `abort_signal` of a statement, or to `withSignal()`.
 */
export const RequestSignal: () => ParameterDecorator = createParamDecorator((_data, context) => {
  const response = context.switchToHttp().getResponse<ObservedResponse | { readonly raw: ObservedResponse }>();
  // The reply of Fastify has the response of Node.js inside.
  return requestSignal('raw' in response ? response.raw : response);
});
