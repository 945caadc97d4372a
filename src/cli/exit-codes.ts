/** What the shell learns: scripts and CI depend on it. */
export const exitCodes = { clean: 0, findings: 1, unusable: 2 };
