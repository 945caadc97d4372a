/** A part of the code that the slice may miss, because a limit ended a search. */
export type SliceLimit =
  /** The type of an export has too many parts to tell whether it gives a client. */
  | { readonly kind: 'export-type'; readonly file: string; readonly name: string }
  /** More than `max` files lie between files that acquire leases: none of them was added. */
  | { readonly kind: 'files-between-leases'; readonly max: number }
  /** These files export a provider and import too many files: not all of their imports were added. */
  | { readonly kind: 'imports-of-providers'; readonly files: readonly string[] }
  /** More than `max` files outside the slice use a client: the others were not read for statements. */
  | { readonly kind: 'users-of-clients'; readonly max: number };
