/** A place where a certificate is served to visitors, or should be. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** The address to connect to where it is not what DNS says of the host: a balancer's own name. */
  readonly connectTo: string | undefined;
  /** The certificate AWS says is attached there; `undefined` for endpoints that the stage lists by hand. */
  readonly certificateArn: string | undefined;
  /** How it was found: an alias of a distribution, a likely name below a wildcard of one, a listener, or the stage's list. */
  readonly foundAs: 'cloudfront-alias' | 'below-wildcard' | 'listener' | 'configured';
}

/** One certificate of a chain, as a handshake shows it. */
export interface ServedCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Upper-case hexadecimal without colons. */
  readonly serial: string;
  readonly fingerprint256: string;
}

/** What a handshake with an endpoint showed. "Could not connect" says nothing about the certificate. */
export type Handshake =
  | {
      readonly kind: 'served';
      /** The leaf first, then whatever the server sent along; never empty. */
      readonly chain: readonly ServedCertificate[];
      /** Whether the leaf answers for the host. */
      readonly namesHost: boolean;
      /** Whether the chain as it was sent leads to an authority that Node trusts. */
      readonly trust: 'trusted' | 'incomplete-chain' | 'self-signed' | 'untrusted' | 'expired';
    }
  | {
      readonly kind: 'could-not-connect';
      readonly because: 'NameNotFound' | 'Refused' | 'TimedOut' | 'Unreachable' | 'TlsRefused' | 'Other';
      readonly detail: string;
    };
