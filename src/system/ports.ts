import { readlinkSync } from 'node:fs';
import { readdir, symlink, unlink } from 'node:fs/promises';
import { createServer, type ListenOptions } from 'node:net';
import { join } from 'node:path';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { isErrno, makePrivateDirectory } from './files.ts';

/*
 * Ports leased to variants, so that each keeps its own for as long as it exists. The registry is a folder of the person's with one
 * symlink per port, whose target is the key it is leased to: making one is exclusive and atomic, so no lock is needed, and
 * nothing is left half-written by a crash.
 */

const FIRST_PORT = 41_000;
/** Apart from what development servers take by habit; may overlap with the kernel's own choice for clients, hence the check. */
const LAST_PORT = 48_999;
const PORTS = LAST_PORT - FIRST_PORT + 1;

/** The port of this key: the one it has, else a new one that is not leased and that nothing listens on. CopseError `no-port`. */
export async function leasePort(o: { registry: string; key: string }): Promise<number> {
  await makePrivateDirectory(o.registry);
  const leases = await readLeases(o.registry);
  const target = encodeKey(o.key);
  for (const [port, owner] of leases) if (owner === target) return port;
  const start = hash(o.key);
  for (let step = 0; step < PORTS; step += 1) {
    const port = FIRST_PORT + ((start + step) % PORTS);
    if (leases.has(port) || !(await isPortFree(port))) continue;
    if (await claim(o.registry, port, target)) return port;
  }
  throw new CopseError({
    code: 'no-port',
    exit: EXIT.precondition,
    what: `All ports from ${FIRST_PORT} to ${LAST_PORT} are leased or in use.`,
    hint: `Each is a symlink in ${o.registry}; remove those of runs that are gone: ls -l '${o.registry}'`,
  });
}

/** Gives back the port of this one key. */
export async function releasePort(o: { registry: string; key: string }): Promise<void> {
  const target = encodeKey(o.key);
  for (const [port, owner] of await readLeases(o.registry)) {
    if (owner === target) await removeIfThere(join(o.registry, String(port)));
  }
}

/** Gives back the ports of all keys that begin with `keyPrefix`. */
export async function releasePorts(o: { registry: string; keyPrefix: string }): Promise<void> {
  const prefix = encodeKey(o.keyPrefix);
  for (const [port, owner] of await readLeases(o.registry)) {
    if (owner.startsWith(prefix)) await removeIfThere(join(o.registry, String(port)));
  }
}

/** Keys with this prefix that have a port. */
export async function leasedKeys(o: { registry: string; keyPrefix: string }): Promise<readonly string[]> {
  const prefix = encodeKey(o.keyPrefix);
  return [...(await readLeases(o.registry)).values()].filter((owner) => owner.startsWith(prefix)).map(decodeKey);
}

async function readLeases(registry: string): Promise<Map<number, string>> {
  const leases = new Map<number, string>();
  for (const name of await listIfThere(registry)) {
    if (!/^\d{5}$/.test(name)) continue;
    try {
      // Synchronous: 2 µs, not 50, and fifty variants that start together read each other's leases.
      leases.set(Number(name), readlinkSync(join(registry, name)));
    } catch (error) {
      // ENOENT: released meanwhile. EINVAL: not copse's file; the port counts as taken.
      if (isErrno(error, 'EINVAL')) leases.set(Number(name), '');
      else if (!isErrno(error, 'ENOENT')) throw error;
    }
  }
  return leases;
}

async function claim(registry: string, port: number, target: string): Promise<boolean> {
  try {
    await symlink(target, join(registry, String(port)));
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Whether a server could listen there, on loopback and on all addresses; IPv6 only if the machine has it. */
export async function isPortFree(port: number): Promise<boolean> {
  return (
    (await canListen({ port, host: '127.0.0.1' })) &&
    (await canListen({ port, host: '::' })) &&
    canListen({ port, host: '0.0.0.0' })
  );
}

function canListen(address: ListenOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(isErrno(error, 'EAFNOSUPPORT', 'EADDRNOTAVAIL')));
    server.listen({ ...address, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A symlink's target cannot hold NUL, which separates the parts of a key. */
function encodeKey(key: string): string {
  return key.replaceAll('%', '%25').replaceAll('\0', '%00');
}

function decodeKey(target: string): string {
  return target.replaceAll('%00', '\0').replaceAll('%25', '%');
}

/** The first port to try: spread, and the same for the same key, so that a URL stays the same over runs. */
function hash(key: string): number {
  let value = 0;
  for (let at = 0; at < key.length; at += 1) value = (value * 31 + key.charCodeAt(at)) % PORTS;
  return value;
}

async function listIfThere(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}
