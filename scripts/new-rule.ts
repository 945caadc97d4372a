import { createRule, problemOfName } from './rule-template.js';

const [name] = process.argv.slice(2);
const problem = problemOfName(name);
if (problem !== undefined || name === undefined) {
  console.error(problem);
  process.exitCode = 1;
} else {
  for (const file of createRule(name)) console.log(`created ${file}`);
  await import('./generate.js');
}
