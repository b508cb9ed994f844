import 'reflect-metadata';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

cryptoProvider.set(webcrypto);

export type KeyKind = 'RSA' | 'ECDSA';

/** A certificate made for a test, with the key that belongs to it. */
export interface MadeCertificate {
  readonly name: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly serial: string;
  readonly keys: CryptoKeyPair;
  readonly signing: { readonly name: string; readonly hash: string };
}

interface Wish {
  /** The common name, and the only name unless others are given. */
  readonly name: string;
  readonly names?: readonly string[];
  readonly issuer?: MadeCertificate;
  readonly kind?: KeyKind;
  readonly isAuthority?: boolean;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const DAY_MILLISECONDS = 86_400_000;

type CryptoKeyPair = webcrypto.CryptoKeyPair;

const ALGORITHMS = {
  ECDSA: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RSA: { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
} as const;

const generateKeys = async (kind: KeyKind): Promise<CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHMS[kind], true, ['sign', 'verify']);

/** Makes a certificate, signed by its issuer or, without one, by itself. */
export const makeCertificate = async ({ issuer, kind = 'ECDSA', ...wish }: Wish): Promise<MadeCertificate> => {
  const keys = await generateKeys(kind);
  const { name: algorithm, hash } = ALGORITHMS[kind];
  const signing = { name: algorithm, hash };
  // The first bit is the sign: a serial number that begins with it is written with a byte more.
  const serial = `4${randomBytes(8).toString('hex').slice(1)}`;
  const made = await X509CertificateGenerator.create({
    serialNumber: serial,
    subject: `CN=${wish.name}, O=Test`,
    issuer: `CN=${issuer?.name ?? wish.name}, O=Test`,
    notBefore: wish.notBefore ?? new Date(Date.now() - DAY_MILLISECONDS),
    notAfter: wish.notAfter ?? new Date(Date.now() + 90 * DAY_MILLISECONDS),
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: issuer?.signing ?? signing,
    extensions: [
      new BasicConstraintsExtension(wish.isAuthority ?? false, undefined, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(issuer === undefined ? [] : [await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey)]),
      ...(wish.isAuthority
        ? []
        : [new SubjectAlternativeNameExtension((wish.names ?? [wish.name]).map((value) => ({ type: 'dns', value })))]),
    ],
  });
  return {
    name: wish.name,
    certificate: made.toString('pem'),
    privateKey: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
    serial: serial.toUpperCase(),
    keys,
    signing,
  };
};
