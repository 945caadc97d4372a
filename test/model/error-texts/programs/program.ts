/** A small program, and the places where a branch depends on the text of an error of ClickHouse. */
export interface ErrorTextProgram {
  readonly name: string;
  /** The files beside `src/warehouse.ts`, which exports the client. A single file is `src/job.ts`. */
  readonly files: string | Readonly<Record<string, string>>;
  /** `file:line` of each finding; empty for code that is right. */
  readonly found: readonly string[];
}

export const use = `import { warehouse } from './warehouse';\n`;

/** Returns a function whose `catch` has the given body, in one line each. The body begins in line 6. */
export function caught(handler: string, statement = "await warehouse.command({ query: 'OPTIMIZE TABLE visits' });", before = ''): string {
  return `${use}${before}\nexport async function job(attempt = 0): Promise<unknown> {\n  try {\n    return ${statement}\n  } catch (error: any) {\n${handler}\n    throw error;\n  }\n}\n`;
}
