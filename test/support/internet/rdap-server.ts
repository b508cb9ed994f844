import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RdapServer {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  /** Paths in the order they were asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** IANA's bootstrap file, with one service for each top-level domain. */
export const bootstrapFile = (services: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    version: '1.0',
    publication: '2026-11-22T00:00:00Z',
    services: Object.entries(services).map(([ending, url]) => [[ending], [url]]),
  });

/** A web server on loopback that does with each path what it is told to. */
export const startRdapServer = async (
  react: (path: string, response: ServerResponse, request: IncomingMessage) => void,
): Promise<RdapServer> => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    react(request.url ?? '', response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

export const answerJson = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/rdap+json; charset=utf-8' });
  response.end(JSON.stringify(value));
};
