// The sealed envelope (数字信封) of docs/bid-format.md: CMS AuthEnvelopedData in definite-length DER, byte for byte as
// proof/envelope.py writes it.
import { fromHex, toHex } from "./bytes.js";
import { CertificateProblem } from "./problems.js";

const TAG_BYTES = 16;
export const TAIL_BYTES = 2 + TAG_BYTES;
export const LONGEST_HEADER = 1 << 16;
const [INTEGER, OCTETS, OID, SEQUENCE, SET] = [0x02, 0x04, 0x06, 0x30, 0x31];
const [EXPLICIT_0, IMPLICIT_0] = [0xa0, 0x80];

const oid = (hex) => der(OID, fromHex(hex));
const VERSION_0 = der(INTEGER, Uint8Array.of(0));
const AUTH_ENVELOPED = oid("2a864886f70d0109100117");
const DATA = oid("2a864886f70d010701");
const SHA256 = der(SEQUENCE, oid("608648016503040201"));
const MGF1_SHA256 = der(SEQUENCE, oid("2a864886f70d010108"), SHA256);
const OAEP_SHA256 = der(SEQUENCE, oid("2a864886f70d010107"), der(SEQUENCE, der(0xa0, SHA256), der(0xa1, MGF1_SHA256)));
const SM2_ENCRYPTION = der(SEQUENCE, oid("2a811ccf5501822d03"));
const ICV_16 = der(INTEGER, Uint8Array.of(TAG_BYTES));

/** The two suites; `family` is the key of those who can open. */
export const SUITES = {
  INTL: { name: "INTL", cipher: "AES", keyBytes: 32, family: "rsa", content: oid("60864801650304012e"), transport: OAEP_SHA256 },
  GM: { name: "GM", cipher: "SM4", keyBytes: 16, family: "sm2", content: oid("2a811ccf55016808"), transport: SM2_ENCRYPTION },
};

/** The suite whose envelopes the key of this certificate opens. */
export function suiteFor(certificate) {
  const found = Object.values(SUITES).find((one) => one.family === certificate.family);
  if (!found || !certificate.mayEncrypt) throw new CertificateProblem("key.cannot_decrypt");
  return found;
}

/** Everything before the ciphertext; `recipients` are { identifier, wrapped }. */
export function buildHeader({ suite, recipients, nonce, contentBytes }) {
  const infos = recipients.map(({ identifier, wrapped }) =>
    der(SEQUENCE, VERSION_0, identifier, suite.transport, der(OCTETS, wrapped)));
  infos.sort((one, other) => (toHex(one) < toHex(other) ? -1 : 1));
  const algorithm = der(SEQUENCE, suite.content, der(SEQUENCE, der(OCTETS, nonce), ICV_16));
  let content = join(DATA, algorithm, start(IMPLICIT_0, contentBytes));
  content = join(start(SEQUENCE, content.length + contentBytes), content);
  let body = join(VERSION_0, der(SET, ...infos), content);
  const after = contentBytes + TAIL_BYTES;
  for (const [tag, before] of [[SEQUENCE, []], [EXPLICIT_0, AUTH_ENVELOPED], [SEQUENCE, []]]) {
    body = join(before, start(tag, body.length + after), body);
  }
  return body;
}

/** The mac after the ciphertext. */
export const buildTail = (tag) => join([OCTETS, TAG_BYTES], tag);

/** { suite, recipients, nonce, headerBytes, contentBytes } of an envelope that begins with these bytes. */
export function readEnvelope(data) {
  const reader = new Reader(data);
  reader.enter(SEQUENCE);
  if (toHex(der(OID, reader.value(OID))) !== toHex(AUTH_ENVELOPED)) throw new Error("not an envelope");
  for (const tag of [EXPLICIT_0, SEQUENCE]) reader.enter(tag);
  reader.value(INTEGER);
  const recipients = recipientsIn(reader.value(SET));
  reader.enter(SEQUENCE);
  reader.value(OID);
  reader.enter(SEQUENCE);
  const content = toHex(der(OID, reader.value(OID)));
  const suite = Object.values(SUITES).find((one) => toHex(one.content) === content);
  if (!suite) throw new Error("unknown suite");
  reader.enter(SEQUENCE);
  const nonce = reader.value(OCTETS);
  reader.value(INTEGER);
  const contentBytes = reader.enter(IMPLICIT_0);
  return { suite, recipients, nonce, headerBytes: reader.position, contentBytes };
}

/** IssuerAndSerialNumber (RFC 5652 §10.2.4) of a certificate's DER. */
export function identify(certificateDer) {
  const reader = new Reader(certificateDer);
  reader.enter(SEQUENCE);
  reader.enter(SEQUENCE);
  if (certificateDer[reader.position] === EXPLICIT_0) reader.value(EXPLICIT_0);
  const serial = der(INTEGER, reader.value(INTEGER));
  reader.value(SEQUENCE);
  return der(SEQUENCE, der(SEQUENCE, reader.value(SEQUENCE)), serial);
}

/** Byte pieces one after the other. */
export function join(...pieces) {
  const out = new Uint8Array(pieces.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of pieces) {
    out.set(one, at);
    at += one.length;
  }
  return out;
}

function der(tag, ...contents) {
  const body = join(...contents);
  return join(start(tag, body.length), body);
}

function start(tag, length) {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const octets = [];
  for (let rest = length; rest; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 | octets.length, ...octets);
}

function recipientsIn(data) {
  const reader = new Reader(data);
  const found = [];
  while (reader.position < data.length) {
    reader.enter(SEQUENCE);
    reader.value(INTEGER);
    const identifier = der(SEQUENCE, reader.value(SEQUENCE));
    reader.value(SEQUENCE);
    found.push({ identifier, wrapped: reader.value(OCTETS) });
  }
  return found;
}

class Reader {
  constructor(data) {
    this.data = data;
    this.position = 0;
  }

  enter(tag) {
    if (this.data[this.position] !== tag) throw new Error("another tag");
    const first = this.data[this.position + 1];
    this.position += 2;
    if (first < 0x80) return first;
    return this.take(first - 0x80).reduce((length, octet) => length * 256 + octet, 0);
  }

  take(count) {
    if (this.position + count > this.data.length) throw new Error("cut short");
    this.position += count;
    return this.data.slice(this.position - count, this.position);
  }

  value(tag) {
    return this.take(this.enter(tag));
  }
}
