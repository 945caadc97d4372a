import type { Agent as HttpAgent, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { processWideValue } from '../process/process-wide-value.js';
import { deliveryOf } from '../resilience/delivery.js';
import { queryIdIn } from './query-id.js';

/** Clients whose requests are reported to their deliveries. All copies of this package share them, as they share the agents. */
const watchedClients = processWideValue<WeakSet<object>>(
  'watched-clients@1',
  (value) => value instanceof WeakSet,
  () => new WeakSet(),
);

/** The part of a `ClientRequest` that is read here. */
interface Request {
  readonly path: string;
  readonly reusedSocket: boolean;
  once(event: 'socket', listener: (socket: unknown) => void): unknown;
  once(event: 'response', listener: (response: IncomingMessage) => void): unknown;
}

/** Reports each request of this agent to the delivery of its attempt. Returns false if the agent does not create requests as Node's does. */
export function watchRequests(agent: HttpAgent): boolean {
  // Every request passes this method, which is internal, and which agents of other packages override as well.
  const addRequest: unknown = Reflect.get(agent, 'addRequest');
  if (typeof addRequest !== 'function') return false;
  Reflect.set(agent, 'addRequest', (request: unknown, ...rest: unknown[]): unknown => {
    if (isRequest(request)) follow(request);
    const added: unknown = Reflect.apply(addRequest, agent, [request, ...rest]);
    return added;
  });
  return true;
}

/** Declares that the connection of this client reports to deliveries. */
export function markWatched(client: object): void {
  watchedClients().add(client);
}

/** Declares that it does not: a statement succeeded without a request, so that its methods are not those of the official client. */
export function markUnwatched(client: object): void {
  watchedClients().delete(client);
}

/** Whether the requests of this client are reported to their deliveries. */
export function isWatched(client: object): boolean {
  return watchedClients().has(client);
}

function follow(request: Request): void {
  const delivery = deliveryOf(queryIdIn(request.path));
  if (!delivery) return;
  delivery.requestMade();
  // Before the listener of the client, which starts to read the body.
  if (delivery.onResponse) request.once('response', delivery.onResponse);
  request.once('socket', (socket) => {
    if (!(socket instanceof Socket)) return delivery.handedOver();
    // A kept socket has carried other requests. Bytes that wait for the connection count as well, so the stage also asks for that.
    const before = socket.bytesWritten;
    delivery.socketAssigned(() => socket.bytesWritten - before);
    const isTls = 'encrypted' in socket;
    const isOpen = request.reusedSocket || !(socket.connecting || (isTls && Reflect.get(socket, 'secureConnecting') !== false));
    if (isOpen) delivery.connected();
    else socket.once(isTls ? 'secureConnect' : 'connect', () => delivery.connected());
  });
}

function isRequest(value: unknown): value is Request {
  return typeof value === 'object' && value !== null && 'path' in value && typeof value.path === 'string' && 'once' in value;
}
