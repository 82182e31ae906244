// The facts of an X.509 certificate that a page shows and checks. The server decides whether to rely on it.
import { fromBER } from "asn1js";
import { toBase64, toHex } from "./bytes.js";
import { CertificateProblem } from "./problems.js";

const COMMON_NAME = "2.5.4.3";
const ORGANISATION_NAME = "2.5.4.10";
const ORGANISATION_CODES = ["2.5.4.97", "2.5.4.5"]; // organizationIdentifier, else serialNumber
const CODE_PREFIX = /^(NTRCN-|VATCN-)+/;
const KEY_USAGE = "2.5.29.15";
const EC_KEY = "1.2.840.10045.2.1";
const FAMILIES = {
  "1.2.840.113549.1.1.1": "rsa",
  "1.3.101.112": "ed25519",
  [`${EC_KEY}/1.2.840.10045.3.1.7`]: "ecdsa",
  [`${EC_KEY}/1.2.156.10197.1.301`]: "sm2",
};

/** Parsed DER or BER; throws where the bytes are neither. */
export function parse(bytes) {
  const { offset, result } = fromBER(bytes);
  if (offset === -1) throw new Error("not ASN.1");
  return result;
}

/** The members of a sequence or set, or of an explicit tag. */
export const members = (node) => node.valueBlock.value;

/** Dotted number of an object identifier. */
export const dotted = (node) => node.valueBlock.toString();

/** The bytes of an octet string, also of one sent in pieces. */
export const octets = (node) => new Uint8Array(node.getValue());

/** Key family by an AlgorithmIdentifier: "rsa", "ecdsa", "ed25519", "sm2", or undefined. */
export function familyOf(algorithm) {
  const [kind, parameters] = members(algorithm);
  const named = dotted(kind);
  return FAMILIES[named === EC_KEY && parameters ? `${named}/${dotted(parameters)}` : named];
}

/**
 * Read a certificate's DER (Uint8Array).
 *
 * Gives { der, base64, family, spki, publicPoint, commonName, organisationName, organisationCode, serial,
 * notBefore, notAfter (Date), maySign, mayEncrypt }; `publicPoint` is 04‖x‖y in hex for SM2.
 */
export function readCertificate(der) {
  let body;
  try {
    body = members(members(parse(der))[0]);
    return factsOf(der, body[0].idBlock.tagClass === 3 ? body.slice(1) : body);
  } catch (error) {
    if (error instanceof CertificateProblem) throw error;
    throw new CertificateProblem("file.unreadable");
  }
}

function factsOf(der, [serial, , , validity, subject, spki, ...rest]) {
  const names = namesOf(subject);
  const code = ORGANISATION_CODES.map((kind) => names[kind]).find(Boolean) ?? "";
  const [algorithm, publicBits] = members(spki);
  const family = familyOf(algorithm);
  const usage = keyUsage(rest);
  return {
    der,
    base64: toBase64(der),
    family,
    spki: new Uint8Array(spki.toBER()),
    publicPoint: family === "sm2" ? toHex(publicBits.valueBlock.valueHexView) : "",
    commonName: names[COMMON_NAME] ?? "",
    organisationName: names[ORGANISATION_NAME] ?? "",
    organisationCode: code.trim().toUpperCase().replace(CODE_PREFIX, ""),
    serial: toHex(serial.valueBlock.valueHexView).replace(/^(00)+(?=..)/, ""),
    notBefore: members(validity)[0].toDate(),
    notAfter: members(validity)[1].toDate(),
    maySign: !usage || Boolean(usage & 0b11000000),
    mayEncrypt: (family === "rsa" || family === "sm2") && (!usage || Boolean(usage & 0b00111000)),
  };
}

function namesOf(subject) {
  const pairs = members(subject).flatMap((part) => members(part)).map((one) => members(one));
  return Object.fromEntries(pairs.map(([kind, value]) => [dotted(kind), String(value.valueBlock.value)]));
}

/** The first byte of the key usage bits, or 0 where there is no such extension. */
function keyUsage(rest) {
  const tagged = rest.find((one) => one.idBlock.tagClass === 3 && one.idBlock.tagNumber === 3);
  const extensions = tagged ? members(members(tagged)[0]).map((one) => members(one)) : [];
  const found = extensions.find(([kind]) => dotted(kind) === KEY_USAGE);
  return found ? parse(octets(found.at(-1))).valueBlock.valueHexView[0] : 0;
}
