import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

/** The system's Chromium. No browser is downloaded. */
export const browserFile = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => file !== undefined && existsSync(file),
);

/** Says why a test of the page in a browser is skipped, and how to run it. */
export const missingBrowser = 'no Chromium: apt-get install chromium, or name one in CHROMIUM';

/** Starts the system's Chromium. */
export function launchBrowser(): Promise<Browser> {
  if (browserFile === undefined) throw new Error(missingBrowser);
  // As root, in a container, the sandbox of Chromium cannot start.
  return chromium.launch({ executablePath: browserFile, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}
