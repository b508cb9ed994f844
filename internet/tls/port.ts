import type { Endpoint, Handshake } from '../../domain/expiry/served.ts';

/** Handshakes as a visitor's browser makes them, and nothing sent after. */
export interface TlsProbe {
  /** Never throws: what hindered it is an answer. */
  shakeHands(endpoint: Pick<Endpoint, 'host' | 'port' | 'connectTo'>): Promise<Handshake>;
}
