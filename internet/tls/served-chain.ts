import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate } from 'node:tls';
import type { ServedCertificate } from '../../domain/expiry/served.ts';

/** Longer chains are not followed: what browsers take is four. */
const MAXIMUM_CHAIN = 10;

/** `DNS:example.com, DNS:"odd, name", IP Address:192.0.2.1`; Node quotes what could be taken for two names. */
const ALTERNATIVE_NAME = /(?:^|, )(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g;

const unquoted = (name: string): string => {
  if (!name.startsWith('"')) return name;
  try {
    return String(JSON.parse(name));
  } catch {
    return name;
  }
};

const namesOf = (alternativeNames: string | undefined): readonly string[] => [
  ...new Set([...(alternativeNames ?? '').matchAll(ALTERNATIVE_NAME)].map(([, name]) => unquoted(name ?? ''))),
];

/** What people call a holder: its common name, else all of it on one line. */
const calledName = (distinguishedName: string): string =>
  /^CN=(.+)$/m.exec(distinguishedName)?.[1] ?? distinguishedName.replaceAll('\n', ', ');

/** @throws {RangeError} for dates that no clock shows */
const toDate = (written: string): Date => {
  const date = new Date(written);
  if (Number.isNaN(date.getTime())) throw new RangeError(`the certificate has a date that can't be read: ${written}`);
  return date;
};

const toServed = (raw: Buffer): ServedCertificate => {
  const certificate = new X509Certificate(raw);
  return {
    subject: calledName(certificate.subject),
    issuer: calledName(certificate.issuer),
    names: namesOf(certificate.subjectAltName),
    notBefore: toDate(certificate.validFrom),
    notAfter: toDate(certificate.validTo),
    serial: certificate.serialNumber.toUpperCase(),
    fingerprint256: certificate.fingerprint256,
  };
};

/**
 * The leaf, then each issuer that came along. A root at the end is left out: no server has to send it, and Node adds it from
 * its own store.
 */
const rawChainOf = (leaf: DetailedPeerCertificate): readonly Buffer[] => {
  const chain: Buffer[] = [];
  const seen = new Set<string>();
  let certificate: DetailedPeerCertificate | undefined = leaf;
  while (certificate?.raw !== undefined && !seen.has(certificate.fingerprint256) && chain.length < MAXIMUM_CHAIN) {
    const isRoot = certificate.issuerCertificate?.fingerprint256 === certificate.fingerprint256;
    if (!isRoot || chain.length === 0) chain.push(certificate.raw);
    seen.add(certificate.fingerprint256);
    certificate = certificate.issuerCertificate;
  }
  return chain;
};

/**
 * The chain of a handshake in our words; empty when the server showed no certificate.
 * @throws {Error} when a certificate can't be read, or has dates that can't
 */
export const servedChainOf = (leaf: DetailedPeerCertificate): readonly ServedCertificate[] =>
  rawChainOf(leaf).map(toServed);
