declare const __filename: string | undefined;

/**
 * Resolves with the exports of a package that may be missing. Node.js looks for it at run time: bundlers do not follow the import, since
 * they would fail on a missing package or on a native module.
 * @throws the error of Node.js, with the code `ERR_MODULE_NOT_FOUND` or `MODULE_NOT_FOUND` if there is no such package
 */
export async function importOptional(specifier: string): Promise<unknown> {
  try {
    const exports: unknown = await import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ specifier);
    return exports;
  } catch (error) {
    if (!isImportUnsupported(error)) throw error;
    const exports: unknown = requireFromHere(specifier);
    return exports;
  }
}

/** Whether the host of this code cannot import at run time, as Jest without `--experimental-vm-modules` or a `vm.Script`. */
function isImportUnsupported(error: unknown): boolean {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING');
}

/** Loads the package by Node.js itself. A host such as Jest would load it once for each test file, and a native module exists once. */
function requireFromHere(specifier: string): unknown {
  const { createRequire } = process.getBuiltinModule('node:module');
  return createRequire(typeof __filename === 'string' ? __filename : `${process.cwd()}/`)(specifier);
}
