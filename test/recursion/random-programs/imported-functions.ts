/** A function that units import, with the module that declares it. */
export interface ImportedFunction {
  readonly name: string;
  readonly file: string;
  /** The text of the module. */
  readonly code: string;
}

const container = `const factories = new Map<string, (...args: any[]) => unknown>();
export function register(token: string, factory: (...args: any[]) => unknown): void { factories.set(token, factory); }
export function resolve(token: string): (...args: any[]) => unknown {
  const factory = factories.get(token);
  if (!factory) throw new Error(token);
  return factory;
}
`;

const bus = `const handlers: Record<string, ((...args: any[]) => unknown)[]> = {};
export function on(event: string, handler: (...args: any[]) => unknown): void { (handlers[event] ??= []).push(handler); }
export function emit(event: string, args: unknown[]): unknown {
  let result: unknown;
  for (const handler of handlers[event] ?? []) result = handler(...args);
  return result;
}
`;

const options = `export function withDefaults<T extends object>(options: T): T { return { ...options }; }
export function without<T extends object>(options: T, key: keyof T): T {
  const copy = { ...options };
  delete copy[key];
  return copy;
}
`;

const importedFunctions: readonly ImportedFunction[] = [
  { name: 'retry', file: 'retry', code: 'export function retry<T>(run: () => T): T { return run(); }\n' },
  { name: 'isOn', file: 'is-on', code: 'export function isOn(flag: boolean | undefined): boolean { return flag === true; }\n' },
  { name: 'register', file: 'container', code: container },
  { name: 'resolve', file: 'container', code: container },
  { name: 'on', file: 'bus', code: bus },
  { name: 'emit', file: 'bus', code: bus },
  { name: 'withDefaults', file: 'options', code: options },
  { name: 'without', file: 'options', code: options },
];

/** Returns the functions that the code of a module calls and does not declare. */
export function importedFunctionsIn(code: string): readonly ImportedFunction[] {
  return importedFunctions.filter(({ name }) => new RegExp(`(?<![\\w.])${name}\\(`).test(code));
}
