import { parentPort, workerData } from 'node:worker_threads';

// The ESLint class as servers and build tools use it: off the main thread, each thread with a plugin of its own.
const { default: library } = await import(workerData.eslint);
const eslint = new library.ESLint({ cwd: workerData.folder });
parentPort?.postMessage(await eslint.lintFiles(workerData.files));
