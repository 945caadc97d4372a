/** The exit codes of the command. Scripts and CI depend on them. `error`: the audit could not run. */
export const exitCodes = { clean: 0, findings: 1, error: 2 };
