import { parentPort, workerData } from 'node:worker_threads';

// Runs the ESLint class as servers and build tools do: off the main thread, each thread with its own instance of the plugin.
const { default: library } = await import(workerData.eslint);
const eslint = new library.ESLint({ cwd: workerData.folder });
parentPort?.postMessage(await eslint.lintFiles(workerData.files));
