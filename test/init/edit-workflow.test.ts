import { describe, expect, it } from 'vitest';
import { addWorkflowStep } from '../../src/init/edit-workflow.js';

const steps = `    steps:
      - uses: actions/checkout@v4 # pinned later

      - name: Install
        run: npm ci

      - name: Lint
        run: |
          npm run lint
          npm run lint:css # both

      # The slow part.
      - run: npm test
`;
const workflow = (job: string, on = 'on: [push, pull_request]') => `name: CI\n${on}\njobs:\n  check:\n    runs-on: ubuntu-latest\n${job}`;

function added(text: string): string | undefined {
  const outcome = addWorkflowStep('.github/workflows/ci.yml', text, 'npm run lint:clickhouse');
  return outcome.kind === 'edit' ? outcome.edit.after : undefined;
}

describe('the step in a workflow', () => {
  it('follows the lint step, with comments, empty lines and indentation kept', () => {
    const step = '\n      - name: ClickHouse access\n        if: ${{ !cancelled() }}\n        run: npm run lint:clickhouse\n';
    expect(added(workflow(steps))).toBe(workflow(steps).replace('# both\n', `# both\n${step}`));
  });

  it('is written in the form of the file: dashes, Windows line breaks, no end of line', () => {
    const text = `on: pull_request\r\njobs:\r\n    a:\r\n        steps:\r\n        -   uses: actions/checkout@v4\r\n        -   run: pnpm i\r\n        -   run: pnpm lint`;
    expect(added(text)).toBe(
      `${text}\r\n        -   name: ClickHouse access\r\n            if: \${{ !cancelled() }}\r\n            run: npm run lint:clickhouse`,
    );
    const middle = `${text}\r\n        -   run: pnpm test\r\n`;
    expect(added(middle)).toContain(
      'run: pnpm lint\r\n        -   name: ClickHouse access\r\n            if: ${{ !cancelled() }}\r\n            run: npm run lint:clickhouse\r\n        -   run: pnpm test\r\n',
    );
  });

  it.each([
    ['paths of a pull request', workflow(steps, 'on:\n  pull_request:\n    paths: [web/**]')],
    ['no pull request', workflow(steps, 'on: push')],
    ['a call by another workflow only', workflow(steps, 'on: workflow_call')],
    ['a condition of the job', workflow(`    if: github.actor == 'x'\n${steps}`)],
    ['a matrix', workflow(`    strategy:\n      matrix:\n        node: [20, 22]\n${steps}`)],
    ['another folder by default', workflow(`    defaults:\n      run:\n        working-directory: web\n${steps}`)],
    ['another folder of the step', workflow(steps.replace('name: Lint', 'name: Lint\n        working-directory: web'))],
    ['another folder in the script', workflow(steps.replace('npm run lint\n', 'cd web && npm run lint\n'))],
    ['a prefix in the script', workflow(steps.replace('npm ci', 'npm ci --prefix web'))],
    ['a condition of the step', workflow(steps.replace('name: Lint', 'name: Lint\n        if: success()'))],
    ['a checkout into a folder', workflow(steps.replace('# pinned later', '\n        with:\n          path: app'))],
    ['no install', workflow(steps.replace('npm ci', 'make'))],
    ['no lint', workflow(steps.replaceAll('lint', 'build').replaceAll('Lint', 'Build'))],
    ['steps on one line', workflow('    steps: [{ uses: actions/checkout@v4 }, { run: npm ci }, { run: npm run lint }]\n')],
    ['a mistake', `${workflow(steps)}\n  x: [`],
    ['no text', ''],
  ])('is not added to a workflow with %s', (_, text) => {
    expect(added(text)).toBeUndefined();
  });
});
