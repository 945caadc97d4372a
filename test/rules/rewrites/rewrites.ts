import { ModuleKind, Project, ScriptTarget, type SourceFile, SyntaxKind, ts } from 'ts-morph';
import type { Program } from '../../recursion/recursions-of.js';

/** Writes a program in another way, with the same behaviour. The name of a file, without folder and extension, stays. */
export type ProgramRewrite = (program: Program) => Program;

const options = { target: ScriptTarget.ESNext, module: ModuleKind.ESNext, allowJs: true, noLib: true } as const;

/** Returns a rewrite that changes the syntax trees of all files. */
function editing(edit: (files: readonly SourceFile[], project: Project) => void): ProgramRewrite {
  return (program) => {
    const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true, compilerOptions: options });
    const files = Object.entries(program).map(([file, text]) => project.createSourceFile(`/${file}`, text));
    edit(files, project);
    return Object.fromEntries(project.getSourceFiles().map((file) => [file.getFilePath().slice(1), file.getFullText()]));
  };
}

/** Returns a rewrite that compiles each file to JavaScript. */
function compiled(module: ModuleKind): ProgramRewrite {
  return (program) =>
    Object.fromEntries(
      Object.entries(program).map(([file, text]) => [
        file.replace(/\.ts$/, '.js'),
        ts.transpileModule(text, { compilerOptions: { target: ScriptTarget.ESNext, module, esModuleInterop: true } }).outputText,
      ]),
    );
}

/** Each exported function only passes its arguments to another one. */
function wrapped(text: string): string {
  const wrappers: string[] = [];
  const inside = text.replace(
    /export (async )?function (\w+)\(([^)]*)\)/g,
    (_, isAsync: string | undefined, name: string, parameters: string) => {
      const passed = [...parameters.matchAll(/(\w+) ?[:=]/g)].map(([, parameter]) => parameter);
      wrappers.push(`export function ${name}(${parameters}) { return ${name}Inside(${passed.join(', ')}); }\n`);
      return `${isAsync ?? ''}function ${name}Inside(${parameters})`;
    },
  );
  return inside + wrappers.join('');
}

/** The rewrites, by the name of the change. */
export const programRewrites: Readonly<Record<string, ProgramRewrite>> = {
  'other names': editing((files) => {
    for (const file of files) {
      const names = [
        ...file.getVariableDeclarations().map((declaration) => declaration.getNameNode()),
        ...file.getDescendantsOfKind(SyntaxKind.VariableDeclaration).map((declaration) => declaration.getNameNode()),
        ...file.getDescendantsOfKind(SyntaxKind.Parameter).map((parameter) => parameter.getNameNode()),
        ...file.getFunctions().map((declaration) => declaration.getNameNodeOrThrow()),
        ...file.getClasses().map((declaration) => declaration.getNameNodeOrThrow()),
      ];
      for (const name of new Set(names)) if (name.isKind(SyntaxKind.Identifier)) name.rename(`${name.getText()}Of`);
    }
  }),

  'functions inside functions': (program) => Object.fromEntries(Object.entries(program).map(([file, text]) => [file, wrapped(text)])),

  'other folders': editing((files) => {
    files.forEach((file, index) => file.move(`/part${index}/code/${file.getBaseName()}`));
  }),

  'barrels between the modules': editing((files, project) => {
    for (const file of files) {
      for (const declaration of [...file.getImportDeclarations(), ...file.getExportDeclarations()]) {
        const specifier = declaration.getModuleSpecifierValue() ?? '';
        if (!specifier.startsWith('.')) continue;
        const barrel = specifier.replace('.js', '-barrel.js');
        project.createSourceFile(`/${barrel.replace('.js', '.ts')}`, `export * from '${specifier}';\n`, { overwrite: true });
        declaration.setModuleSpecifier(barrel);
      }
    }
  }),

  JavaScript: compiled(ModuleKind.ESNext),
  CommonJS: compiled(ModuleKind.CommonJS),
};
