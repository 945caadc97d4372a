import type { Span } from '../../findings/finding.js';

/** A test double of a client that one test makes for itself. */
export interface AdhocMock {
  /** `module`: a module is replaced. `member`: an export or method is replaced. `cast`: an object is passed off as a client. `typed`: a library makes a double of the type. */
  readonly kind: 'module' | 'member' | 'cast' | 'typed';
  /** Of a module the specifier, of a member its name, of the others the type. */
  readonly span: Span;
  /** The call that replaces, as the code names it: `vi.mock`. Of a cast the type. */
  readonly by: string;
  /** The name of what is replaced: of a module one export that gives a client, of a cast the exported type, of a typed double the type. */
  readonly name: string;
  /** The module of that name: a package, or the absolute path of a file. */
  readonly module: { readonly kind: 'package' | 'runtime' | 'module'; readonly name: string };
}
