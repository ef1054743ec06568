/** Runs a program of `clients/`, which uses a client as an app would, and tells how it went. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MARK } from './marks.mjs';

const PYTHON = resolve(process.env.COMPAT_PYTHON ?? 'target/clients/bin/python');
const PATIENCE = 90_000;

/** Runs it to its end. `failures` are what the client told the app went wrong, `said` is what stands on its stderr. */
export async function run(name, url, token) {
  const path = fileURLToPath(new URL(`../clients/${name}`, import.meta.url));
  const program = name.endsWith('.py') ? PYTHON : process.execPath;
  // Nothing of the machine's own settings: some clients take a proxy from them.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, NO_PROXY: '*', MARK };
  const child = spawn(program, [path, url, token], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  let [told, said] = ['', ''];
  child.stdout.on('data', (chunk) => (told += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...ended) => resolve(ended));
  });
  clearTimeout(timer);
  if (code !== 0) throw new Error(`${name} ended with ${signal ?? code}:\n${told}\n${said}`);
  const { failures } = JSON.parse(told.trim().split('\n').at(-1));
  return { failures, said };
}
