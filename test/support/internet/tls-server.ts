import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { createServer as createTlsServer } from 'node:tls';

export interface TcpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts listening on a free port of loopback; ends with all its connections. */
const listen = async (server: Server): Promise<TcpServer> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

/** A TLS server that shakes hands and says nothing. */
export const startTlsServer = (options: TlsOptions): Promise<TcpServer> => {
  const server = createTlsServer(options, (socket) => socket.on('error', () => undefined));
  server.on('tlsClientError', () => undefined);
  return listen(server);
};

/** A server of something else: does with each connection what it is told to. */
export const startTcpServer = (react: (socket: Socket) => void): Promise<TcpServer> => listen(createServer(react));
