/**
 * When a function of a package runs a callback. `during`: before the result is there. `wrapped`: when the returned function is called.
 * `later`: on its own, and no code on the stack waits for it.
 */
export type CallbackTime = 'during' | 'wrapped' | 'later';

const wrapping = (...names: readonly string[]): Readonly<Record<string, CallbackTime>> =>
  Object.fromEntries(names.map((name): [string, CallbackTime] => [name, 'wrapped']));

const scheduling = (...names: readonly string[]): Readonly<Record<string, CallbackTime>> =>
  Object.fromEntries(names.map((name): [string, CallbackTime] => [name, 'later']));

const lodash: Readonly<Record<string, CallbackTime>> = {
  ...wrapping('memoize', 'once', 'debounce', 'throttle', 'partial', 'partialRight', 'flow', 'flowRight', 'curry', 'curryRight'),
  ...wrapping('after', 'before', 'ary', 'unary', 'negate', 'rearg', 'wrap', 'bind', 'overArgs', 'spread'),
  ...scheduling('defer', 'delay'),
};

/**
 * The functions of packages that do not run a callback at once, by package and export; `default` for the default export. All other
 * functions run their callbacks before their result is there: `p-map`, `p-retry`, `p-limit`.
 */
export const libraryFunctions: Readonly<Record<string, Readonly<Record<string, CallbackTime>>>> = {
  lodash,
  'lodash-es': lodash,
  'es-toolkit': lodash,
  remeda: wrapping('once', 'debounce', 'partialBind', 'partialLastBind'),
  ramda: wrapping('memoizeWith', 'once', 'pipe', 'compose', 'curry', 'partial', 'partialRight'),
  react: { ...wrapping('cache', 'memo', 'useCallback', 'forwardRef', 'lazy'), ...scheduling('useEffect', 'useLayoutEffect') },
  'next/cache': wrapping('unstable_cache'),
  'next/server': scheduling('after'),
  'p-memoize': wrapping('default', 'pMemoize'),
  'p-debounce': wrapping('default'),
  'p-throttle': wrapping('default'),
  memoize: wrapping('default'),
  'memoize-one': wrapping('default'),
  memoizee: wrapping('default'),
  mem: wrapping('default'),
  moize: wrapping('default'),
  'micro-memoize': wrapping('default'),
  onetime: wrapping('default'),
  'node-cron': scheduling('schedule', 'createTask'),
  cron: scheduling('CronJob'),
  croner: scheduling('Cron', 'default'),
  'node-schedule': scheduling('scheduleJob', 'Job'),
  bree: scheduling('default'),
  'toad-scheduler': scheduling('Task', 'AsyncTask', 'SimpleIntervalJob'),
  bullmq: scheduling('Worker'),
  'prom-client': scheduling('Gauge', 'Counter', 'Histogram', 'Summary'),
};

/** Callees, known by their name alone, that run a callback only after the stack is empty. */
export const schedulerNames = /^(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick)$/;

/** Methods that keep a callback until an event occurs. */
export const registrationNames = /^(?:on|once|addListener|addEventListener|prependListener|prependOnceListener|subscribe)$/;

/** Methods that run callbacks and drop their promises: those of arrays, and those that emit an event. */
export const droppingNames = /^(?:forEach|some|every|find|findIndex|filter|sort|toSorted|emit|emitSync|dispatchEvent|publish|next)$/;

/** Packages whose objects give an instance for a class: `container.resolve(Manager)`. */
export const containerPackages = /^(?:tsyringe|typedi|inversify|awilix|@nestjs\/(?:core|common|testing)|injection-js|@loopback\/context)$/;

/** Methods by which the objects of these packages give an instance. */
export const containerMethods = /^(?:resolve|resolveAsync|get|getAsync|getInstance|build|create)$/;

/** Methods that count for an object whose package is unknown. `create` and `build` are too common. */
export const resolvingMethods = /^(?:resolve|resolveAsync|get|getAsync|getInstance)$/;
