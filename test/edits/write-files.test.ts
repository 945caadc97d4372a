import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { writeFiles } from '../../src/edits/write-files.js';
import { repository } from '../places.js';
import { codeBase } from '../project/code-base.js';

const files = { 'a.json': 'a', 'b.json': 'b' };
const edits = [
  { file: 'a.json', before: 'a', after: 'A' },
  { file: 'new/c.json', after: 'C' },
  { file: 'b.json', before: 'b', after: 'B' },
];

function contentOf(root: string) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name} ${readFileSync(join(entry.parentPath, entry.name), 'utf8')}`)
    .sort();
}

it('writes all files, new folders included, and leaves no temporary file', () => {
  const root = codeBase(files);
  writeFiles(root, edits);
  expect(contentOf(root)).toEqual(['a.json A', 'b.json B', 'c.json C']);
});

it.each([1, 2, 3])('writes no file if rename %d fails', (failing) => {
  const root = codeBase(files);
  let renames = 0;
  const rename = (from: string, to: string) => {
    renames += 1;
    if (renames === failing) throw new Error('disk full');
    writeFileSync(to, readFileSync(from));
  };
  expect(() => writeFiles(root, edits, { write: writeFileSync, rename })).toThrow('disk full');
  expect(contentOf(root)).toEqual(['a.json a', 'b.json b']);
});

it('writes no file if a temporary file cannot be written', () => {
  const root = codeBase(files);
  const write = (path: string) => {
    if (path.includes('c.json')) throw new Error('no space');
    writeFileSync(path, 'x');
  };
  expect(() => writeFiles(root, edits, { write, rename: () => undefined })).toThrow('no space');
  expect(contentOf(root)).toEqual(['a.json a', 'b.json b']);
});

it('writes no file if one has changed since it was read, or exists by now', () => {
  const root = codeBase({ ...files, 'b.json': 'edited' });
  expect(() => writeFiles(root, edits)).toThrow('b.json has changed');
  const other = codeBase({ ...files, 'new/c.json': 'there' });
  expect(() => writeFiles(other, edits)).toThrow('c.json has changed');
  expect(contentOf(root)).toEqual(['a.json a', 'b.json edited']);
});

it('keeps the mode of a file, and a link to it', () => {
  const root = codeBase({ 'real.json': 'a', 'b.json': 'b' });
  symlinkSync('real.json', join(root, 'a.json'));
  chmodSync(join(root, 'b.json'), 0o600);
  writeFiles(root, edits);
  expect(lstatSync(join(root, 'a.json')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(root, 'real.json'), 'utf8')).toBe('A');
  expect(statSync(join(root, 'b.json')).mode & 0o777).toBe(0o600);
});

it('finishes the writing of all files if a signal arrives meanwhile', () => {
  const root = codeBase(files);
  const rename = (from: string, to: string) => {
    process.emit('SIGTERM');
    writeFileSync(to, readFileSync(from));
  };
  writeFiles(root, edits, { write: writeFileSync, rename });
  expect(contentOf(root)).toEqual(['a.json A', 'b.json B', 'c.json C']);
  expect(process.listenerCount('SIGTERM')).toBe(0);
});

it('leaves no half-written file if the process is killed, and removes its temporary files in the next run', () => {
  const root = codeBase(files);
  const program = `
    import { writeFileSync } from 'node:fs';
    import { writeFiles } from ${JSON.stringify(pathToFileURL(join(repository, 'src/edits/write-files.ts')).href)};
    const write = (path) => {
      writeFileSync(path, 'half');
      if (path.includes('b.json')) process.kill(process.pid, 'SIGKILL');
    };
    writeFiles(${JSON.stringify(root)}, ${JSON.stringify(edits)}, { write, rename: () => undefined });
  `;
  const { signal } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { cwd: repository });
  expect(signal).toBe('SIGKILL');
  expect(contentOf(root).filter((file) => !file.includes('.tmp'))).toEqual(['a.json a', 'b.json b']);
  expect(contentOf(root).filter((file) => file.includes('.tmp'))).toHaveLength(3);
  const removed = writeFiles(root, edits);
  expect(removed).toHaveLength(3);
  expect(removed).toContainEqual(expect.stringMatching(/^new\/c\.json\.\d+\.clickhouse-ssot\.tmp$/));
  expect(contentOf(root)).toEqual(['a.json A', 'b.json B', 'c.json C']);
});

it('keeps the temporary files of a process that runs', () => {
  const root = codeBase({ ...files, [`b.json.${process.ppid}.clickhouse-ssot.tmp`]: 'other run' });
  expect(writeFiles(root, edits)).toEqual([]);
  expect(contentOf(root)).toContain(`b.json.${process.ppid}.clickhouse-ssot.tmp other run`);
});
