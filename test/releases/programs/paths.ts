import type { ReleasePair } from './release-pair.js';

export const paths: readonly ReleasePair[] = [
  {
    name: 'an early return',
    open: `
export async function report(day: string) {
  const client = createClient();
  const { success } = await client.ping();
  if (!success) return undefined;
  try { return await client.query({ query: day }); } finally { await client.close(); }
}
`,
    released: `
export async function report(day: string) {
  const client = createClient();
  const { success } = await client.ping();
  if (!success) { await client.close(); return undefined; }
  try { return await client.query({ query: day }); } finally { await client.close(); }
}
`,
  },
  {
    name: 'a statement that fails',
    open: `
export async function report(day: string) {
  const client = createClient();
  await client.query({ query: day });
  await client.close();
}
`,
    released: `
export async function report(day: string) {
  const client = createClient();
  try {
    await client.query({ query: day });
    await client.close();
  } catch (error) {
    await client.close();
    throw error;
  }
}
`,
  },
  {
    name: 'released after an error only',
    open: `
export async function report(day: string) {
  const client = createClient();
  try { return await client.query({ query: day }); } catch (error) { await client.close(); throw error; }
}
`,
    released: `
export async function report(day: string) {
  const client = createClient();
  try { return await client.query({ query: day }); } catch (error) { console.error(error); throw error; } finally { await client.close(); }
}
`,
  },
  {
    name: 'a promise chain',
    open: `
export function report(day: string) {
  const client = createClient();
  return client.query({ query: day }).then(async (rows) => { await client.close(); return rows; });
}
`,
    released: `
export function report(day: string) {
  const client = createClient();
  return client.query({ query: day }).finally(() => client.close());
}
`,
  },
  {
    name: 'an async generator whose consumer stops early',
    open: `
export async function* rows(day: string) {
  const client = createClient();
  const result = await client.query({ query: day });
  for await (const row of result.stream()) yield row;
  await client.close();
}
`,
    released: `
export async function* rows(day: string) {
  const client = createClient();
  try {
    const result = await client.query({ query: day });
    for await (const row of result.stream()) yield row;
  } finally {
    await client.close();
  }
}
`,
  },
  {
    name: 'a race with a timeout',
    open: `
export async function report(day: string) {
  const client = createClient();
  const timeout = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), 1000));
  const rows = await Promise.race([client.query({ query: day }), timeout]);
  await client.close();
  return rows;
}
`,
    released: `
export async function report(day: string) {
  const client = createClient();
  const timeout = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), 1000));
  try { return await Promise.race([client.query({ query: day }), timeout]); } finally { await client.close(); }
}
`,
  },
  {
    name: 'clients made in a loop and collected',
    open: `
export async function report(urls: string[]) {
  const clients: ClickHouseClient[] = [];
  for (const url of urls) clients.push(createClient({ url }));
  await Promise.all(clients.map((client) => client.ping()));
}
`,
    released: `
export async function report(urls: string[]) {
  const clients: ClickHouseClient[] = [];
  for (const url of urls) clients.push(createClient({ url }));
  try { await Promise.all(clients.map((client) => client.ping())); } finally { await Promise.all(clients.map((client) => client.close())); }
}
`,
  },
  {
    name: 'a client for each element',
    open: `
export const report = (urls: string[]) => Promise.all(urls.map(async (url) => createClient({ url }).ping()));
`,
    released: `
export const report = (urls: string[]) => Promise.all(urls.map(async (url) => {
  const client = createClient({ url });
  try { return await client.ping(); } finally { await client.close(); }
}));
`,
  },
  {
    name: 'a flag that tells which code made it',
    open: `
export async function report(given?: ClickHouseClient) {
  let client = given;
  let isOwn = false;
  if (!client) { client = createClient(); isOwn = true; }
  try { await client.command({ query: '' }); } finally { if (!isOwn) await client.close(); }
}
`,
    released: `
export async function report(given?: ClickHouseClient) {
  let client = given;
  let isOwn = false;
  if (!client) { client = createClient(); isOwn = true; }
  try { await client.command({ query: '' }); } finally { if (isOwn) await client.close(); }
}
`,
  },
  {
    name: 'a variable that is filled inside of `try`',
    open: `
export async function report() {
  let client: ClickHouseClient | undefined;
  try { client = createClient(); await client.command({ query: '' }); } finally { console.info('done'); }
}
`,
    released: `
export async function report() {
  let client: ClickHouseClient | undefined;
  try { client = createClient(); await client.command({ query: '' }); } finally { await client?.close(); }
}
`,
  },
  {
    name: 'a switch with one branch that forgets',
    open: `
export async function report(mode: string) {
  const client = createClient();
  switch (mode) {
    case 'ping': await client.ping(); await client.close(); return;
    default: return;
  }
}
`,
    released: `
export async function report(mode: string) {
  const client = createClient();
  switch (mode) {
    case 'ping': await client.ping(); await client.close(); return;
    default: await client.close(); return;
  }
}
`,
  },
];
