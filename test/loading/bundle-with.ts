import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build as esbuild, type BuildOptions } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';

/** Bundles `main.mjs` of a folder with its packages into one file, as a deployment does. */
export interface Bundler {
  /** Path of the bundle in the folder. */
  readonly output: string;
  /** Resolves with the warnings of the bundler. */
  readonly bundle: (folder: string) => Promise<readonly string[]>;
}

/** What the CommonJS modules of the official client need in a bundle that is an ES module. */
const requireBanner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

function withEsbuild(output: string, options: BuildOptions): Bundler {
  return {
    output,
    bundle: async (folder) => {
      const { warnings } = await esbuild({
        entryPoints: [join(folder, 'main.mjs')],
        bundle: true,
        platform: 'node',
        outfile: join(folder, output),
        logLevel: 'silent',
        ...options,
      });
      return warnings.map(({ text }) => text);
    },
  };
}

async function withRollup(folder: string): Promise<readonly string[]> {
  const warnings: string[] = [];
  const bundle = await rollup({
    input: join(folder, 'main.mjs'),
    plugins: [nodeResolve({ preferBuiltins: true })],
    // All are CommonJS, which Rollup alone does not read.
    external: ['@clickhouse/client', '@opentelemetry/api', 'prom-client'],
    onwarn: ({ message }) => void warnings.push(message),
  });
  await bundle.write({ file: join(folder, 'rollup.mjs'), format: 'es', inlineDynamicImports: true });
  await bundle.close();
  return warnings;
}

async function withVite(folder: string): Promise<readonly string[]> {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  await vite({
    root: folder,
    configFile: false,
    customLogger: {
      info: () => undefined,
      warn,
      warnOnce: warn,
      error: warn,
      clearScreen: () => undefined,
      hasErrorLogged: () => false,
      hasWarned: false,
    },
    ssr: { noExternal: true },
    logLevel: 'warn',
    build: { ssr: 'main.mjs', outDir: 'vite', rolldownOptions: { output: { entryFileNames: 'main.mjs' } } },
  });
  return warnings;
}

async function withWebpack(folder: string): Promise<readonly string[]> {
  const compiler = webpack({
    context: folder,
    entry: './main.mjs',
    target: 'node',
    mode: 'production',
    // The minifier takes seconds.
    optimization: { minimize: false },
    output: { path: folder, filename: 'webpack.cjs' },
  });
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error) return reject(error);
      const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
      compiler.close(() => resolve([...errors, ...warnings].map(({ message }) => message)));
    });
  });
}

/** The bundlers by name. */
export const bundlers: Readonly<Record<string, Bundler>> = {
  'esbuild, CommonJS': withEsbuild('esbuild.cjs', {}),
  'esbuild, CommonJS, minified': withEsbuild('esbuild.min.cjs', { minify: true, keepNames: true }),
  'esbuild, ES module': withEsbuild('esbuild.mjs', { format: 'esm', banner: { js: requireBanner } }),
  rollup: { output: 'rollup.mjs', bundle: withRollup },
  'vite --ssr': { output: 'vite/main.mjs', bundle: withVite },
  webpack: { output: 'webpack.cjs', bundle: withWebpack },
};
