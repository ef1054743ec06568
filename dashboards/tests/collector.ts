/** A running collector for the end-to-end test: the one named by the environment, or one of our own. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BINARY = process.env['HEADCOUNT_BINARY'] ?? `${ROOT}target/release/headcount`;
const LINK = /https?:\/\/\S+\/sign-in\?token=[\w.~-]+/;

/** Without the settings of whoever runs the tests; the collector refuses variables that it does not know. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HEADCOUNT_')));

export interface Collector {
  url: string;
  signInLink: string;
  /** Runs a command of the program beside it; what it prints. */
  command(...words: string[]): Promise<string>;
  /** Settles when the server takes a key that was made by a command: within two seconds. */
  knows(key: string): Promise<void>;
  stop(): Promise<void>;
}

/** Whether one of our own can be started. */
export const hasBinary = (): boolean => existsSync(BINARY);
/** Whether there is anything to test against. */
export const hasCollector = (): boolean => !!process.env['HEADCOUNT_URL'] || hasBinary();

/** The one named by the environment, which has no commands, or one of our own. */
export async function startCollector(): Promise<Collector> {
  const url = process.env['HEADCOUNT_URL'];
  const none = () => Promise.reject(new Error('commands are for a collector of our own'));
  if (url) return { url, signInLink: process.env['HEADCOUNT_SIGN_IN'] ?? '', command: none, knows: none, stop: async () => {} };
  return startOwn();
}

/** One of our own, with the site `demo`. */
export async function startOwn(): Promise<Collector> {

  const state = await mkdtemp(join(tmpdir(), 'headcount-browser-'));
  const address = `127.0.0.1:${await freePort()}`;
  const env = {
    ...ENVIRONMENT,
    HEADCOUNT_STATE_DIR: state,
    HEADCOUNT_LISTEN__PUBLIC: address,
    HEADCOUNT_LISTEN__OPS: `127.0.0.1:${await freePort()}`,
  };
  const command = async (...words: string[]) => (await promisify(execFile)(BINARY, words, { env, cwd: ROOT })).stdout.trim();
  await command('site', 'add', 'demo');
  const child = spawn(BINARY, ['serve'], { env, cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = async () => {
    await ended(child);
    await rm(state, { recursive: true, force: true });
  };
  try {
    const knows = async (key: string) => {
      const headers = { authorization: `Bearer ${key}` };
      while (!(await fetch(`http://${address}/api/v1/sites`, { headers })).ok) await new Promise((again) => setTimeout(again, 100));
    };
    return { url: `http://${address}`, signInLink: await linkFrom(child), command, knows, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The one-time link that a first start prints. */
function linkFrom(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk;
      const link = LINK.exec(said);
      if (link) resolve(link[0]);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the collector ended with ${code}:\n${said}`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
