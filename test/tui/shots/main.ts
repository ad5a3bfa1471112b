/** `npm run screens`: writes docs/screens from the real program, which answers to keys as on a terminal. */

import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { take, type Shot } from './picture.ts';
import { SHOTS } from './table.ts';

const [directory = join(import.meta.dirname, '../../../docs/screens'), ...wanted] =
  process.argv.slice(2);
await writeScreens(resolve(directory), wanted);

/** Into `directory`, which then has nothing else; only the named ones when there are names. */
async function writeScreens(directory: string, names: readonly string[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  const shots = SHOTS.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const shot of shots) {
    const lines = await take(shot);
    await writeFile(join(directory, fileOf(shot)), `${lines.join('\n')}\n`);
  }
  if (names.length > 0) return;
  await writeFile(join(directory, 'README.md'), listOf(shots));
  const made = new Set(['README.md', ...shots.map(fileOf)]);
  const others = (await readdir(directory)).filter((file) => !made.has(file));
  for (const file of others) await rm(join(directory, file));
}

function fileOf({ name }: Shot): string {
  return `${name}.txt`;
}

function listOf(shots: readonly Shot[]): string {
  return [
    '# Screens',
    '',
    'The full-screen UI as text, made by `npm run screens` from the real program with a room that does not exist.',
    '',
    '| picture | what it shows |',
    '|---|---|',
    ...shots.map((shot) => `| [${shot.name}](${fileOf(shot)}) | ${shot.title} |`),
    '',
  ].join('\n');
}
