// The WebSocket that a runtime carries (Bun, Deno), or that a package exports: standard.mjs undici
import process from 'node:process';
import {drive} from './drive.mjs';
import {commands, tell} from './lines.mjs';

const WebSocket = process.argv[2] ? (await import(process.argv[2])).WebSocket : globalThis.WebSocket;
await drive(WebSocket, commands(), tell);
process.exit();
