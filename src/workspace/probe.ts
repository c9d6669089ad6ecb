import { connect, createServer } from 'node:net';
import { errnoOf } from '../lib/errors.ts';

/** Any of these may be taken while the others are free: dev servers differ in what they listen on. */
const ADDRESSES = ['127.0.0.1', '0.0.0.0', '::1', '::'];

/** Milliseconds in which something on this machine answers. */
const ANSWER = 500;

/** Whether a server could listen on the port now, on every local address. Tries it, and lets go again. */
export async function isPortFree(port: number): Promise<boolean> {
  for (const address of ADDRESSES) {
    if (!(await canListen(port, address))) return false;
  }
  return true;
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 has nothing there that could be in the way.
    server.once('error', (error) => resolve(['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(errnoOf(error) ?? '')));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether something accepts connections on the port of this machine. */
export async function isListening(port: number): Promise<boolean> {
  const answers = await Promise.all(['127.0.0.1', '::1'].map((host) => accepts(port, host)));
  return answers.includes(true);
}

function accepts(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}
