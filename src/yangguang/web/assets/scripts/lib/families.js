// What a private key does, for each family that the platform knows (proof/keys.py): sign, and open short secrets.
import { Integer, Sequence } from "asn1js";
import { sm2 } from "sm-crypto-v2";
import { fromHex, toHex } from "./bytes.js";
import { CertificateProblem } from "./problems.js";
import { dotted, familyOf, members, octets, parse } from "./x509.js";

const RSA_SIGN = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const RSA_OPEN = { name: "RSA-OAEP", hash: "SHA-256" };
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const ECDSA_SIGN = { name: "ECDSA", hash: "SHA-256" };
const SM2_KEY = "1.2.156.10197.1.301";
const C1C3C2 = 1;

/** The names of signatures as proof/signatures.py has them. */
export const SIGNATURE_NAMES = {
  rsa: "rsa-pkcs1v15-sha256",
  ecdsa: "ecdsa-p256-sha256",
  ed25519: "ed25519",
  sm2: "sm2-sm3",
};

/**
 * A key from its PKCS#8 DER: { family, sign(bytes), verify(signature, bytes, certificate), unwrap(bytes) }.
 * Keys of WebCrypto cannot be read out again; an SM2 key lives in this closure only.
 */
export async function loadKey(pkcs8) {
  const [, algorithm, inner] = members(parse(pkcs8));
  const family = dotted(members(algorithm)[0]) === SM2_KEY ? "sm2" : familyOf(algorithm);
  const load = { rsa: loadRsa, ecdsa: loadEcdsa, ed25519: loadEd25519, sm2: () => loadSm2(octets(inner)) }[family];
  if (!load) throw new CertificateProblem("key.unsupported");
  try {
    return { family, ...(await load(pkcs8)) };
  } catch (error) {
    if (error instanceof CertificateProblem) throw error;
    throw new CertificateProblem("key.unsupported");
  }
}

/** A short secret for the holder of a certificate (see readCertificate): RSA-OAEP with SHA-256, or SM2 as GM/T 0009. */
export async function wrapFor(certificate, secret) {
  if (certificate.family === "sm2") return fromHex(sm2.doEncrypt(secret, certificate.publicPoint, C1C3C2, { asn1: true }));
  if (certificate.family !== "rsa") throw new CertificateProblem("key.cannot_decrypt");
  const key = await crypto.subtle.importKey("spki", certificate.spki, RSA_OPEN, false, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.encrypt(RSA_OPEN, key, secret));
}

async function loadRsa(pkcs8) {
  const signer = await crypto.subtle.importKey("pkcs8", pkcs8, RSA_SIGN, false, ["sign"]);
  const opener = await crypto.subtle.importKey("pkcs8", pkcs8, RSA_OPEN, false, ["decrypt"]);
  return {
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(RSA_SIGN, signer, bytes)),
    verify: (value, bytes, certificate) => verifyWith(RSA_SIGN, RSA_SIGN, value, bytes, certificate),
    unwrap: async (bytes) => {
      try {
        return new Uint8Array(await crypto.subtle.decrypt(RSA_OPEN, opener, bytes));
      } catch {
        throw new CertificateProblem("decrypt.failed");
      }
    },
  };
}

async function loadEcdsa(pkcs8) {
  const signer = await crypto.subtle.importKey("pkcs8", pkcs8, P256, false, ["sign"]);
  const plain = async (bytes) => new Uint8Array(await crypto.subtle.sign(ECDSA_SIGN, signer, bytes));
  return {
    sign: async (bytes) => derOf(await plain(bytes)),
    verify: (value, bytes, certificate) => verifyWith(P256, ECDSA_SIGN, plainOf(value), bytes, certificate),
    unwrap: cannotUnwrap,
  };
}

async function loadEd25519(pkcs8) {
  const signer = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
  return {
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign("Ed25519", signer, bytes)),
    verify: (value, bytes, certificate) => verifyWith("Ed25519", "Ed25519", value, bytes, certificate),
    unwrap: cannotUnwrap,
  };
}

function loadSm2(inner) {
  const number = octets(members(parse(inner))[1]);
  const secret = toHex(number).padStart(64, "0");
  const publicKey = sm2.getPublicKeyFromPrivateKey(secret);
  return {
    sign: async (bytes) => fromHex(sm2.doSignature(bytes, secret, { der: true, hash: true, publicKey })),
    verify: async (_value, _bytes, certificate) => certificate.publicPoint === publicKey,
    unwrap: async (bytes) => {
      const plain = sm2.doDecrypt(toHex(bytes), secret, C1C3C2, { output: "array", asn1: true });
      if (!plain.length) throw new CertificateProblem("decrypt.failed");
      return Uint8Array.from(plain);
    },
  };
}

async function cannotUnwrap() {
  throw new CertificateProblem("key.cannot_decrypt");
}

async function verifyWith(imported, how, value, bytes, certificate) {
  try {
    const key = await crypto.subtle.importKey("spki", certificate.spki, imported, false, ["verify"]);
    return await crypto.subtle.verify(how, key, value, bytes);
  } catch {
    return false; // a certificate of another family or curve
  }
}

/** WebCrypto gives r‖s; the platform takes DER SEQUENCE{r, s}. */
function derOf(plain) {
  const half = plain.length / 2;
  const numbers = [plain.subarray(0, half), plain.subarray(half)].map((one) => BigInt(`0x${toHex(one)}`));
  return new Uint8Array(new Sequence({ value: numbers.map((one) => Integer.fromBigInt(one)) }).toBER());
}

function plainOf(der) {
  const numbers = members(parse(der)).map((one) => one.toBigInt().toString(16).padStart(64, "0"));
  return fromHex(numbers.join(""));
}
