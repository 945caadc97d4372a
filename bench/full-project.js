import { Project } from 'ts-morph';

// What everybody would write first: the whole project in ts-morph, a type checker, one question to each file.
const project = new Project({ tsConfigFilePath: 'tsconfig.json' });
const checker = project.getTypeChecker().compilerObject;
let functions = 0;
for (const file of project.getSourceFiles()) {
  const [first] = file.getFunctions();
  if (first && checker.typeToString(checker.getTypeAtLocation(first.compilerNode))) functions++;
}
console.log(functions);
