import { Project } from 'ts-morph';

/** Loads the whole project in ts-morph, with a type checker and one query per file. `bench/run.js` compares the audit with it. */

const project = new Project({ tsConfigFilePath: 'tsconfig.json' });
const checker = project.getTypeChecker().compilerObject;
let functions = 0;
for (const file of project.getSourceFiles()) {
  const [first] = file.getFunctions();
  if (first && checker.typeToString(checker.getTypeAtLocation(first.compilerNode))) functions++;
}
console.log(functions);
