// A PKCS#12 file (.p12, .pfx; RFC 7292) opened with its password: private keys and certificates as DER.
// The MAC is not looked at: the password proves itself by opening the key, and a certificate counts only when it
// fits the key (certificate.js), so that nothing put into the file by another hand is ever used.
import { sm4 } from "sm-crypto-v2";
import { CertificateProblem } from "./problems.js";
import { dotted, members, octets, parse } from "./x509.js";

const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED = "1.2.840.113549.1.7.6";
const BAG = "1.2.840.113549.1.12.10.1";
const X509 = "1.2.840.113549.1.9.22.1";
const OLD_ENCRYPTION = "1.2.840.113549.1.12.1.";
const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const HASHES = {
  "1.2.840.113549.2.7": "SHA-1",
  "1.2.840.113549.2.9": "SHA-256",
  "1.2.840.113549.2.10": "SHA-384",
  "1.2.840.113549.2.11": "SHA-512",
};
const AES_BITS = { "2.16.840.1.101.3.4.1.2": 128, "2.16.840.1.101.3.4.1.22": 192, "2.16.840.1.101.3.4.1.42": 256 };
const SM4_CBC = "1.2.156.10197.1.104.2";
const MOST_ITERATIONS = 10_000_000;

/** { keys: [PKCS#8 DER], certificates: [DER] }; throws CertificateProblem. */
export async function openPkcs12(bytes, password) {
  const found = { keys: [], certificates: [] };
  for (const safe of safesOf(bytes)) {
    const [kind, content] = members(safe);
    const bags = dotted(kind) === ENCRYPTED ? await decryptSafe(content, password) : octets(members(content)[0]);
    for (const bag of members(parse(bags))) await takeBag(bag, password, found);
  }
  return found;
}

function safesOf(bytes) {
  try {
    const [kind, content] = members(members(parse(bytes))[1]);
    if (dotted(kind) !== DATA) throw new Error("not a file protected by a password");
    return members(parse(octets(members(content)[0])));
  } catch {
    throw new CertificateProblem("file.unreadable");
  }
}

async function decryptSafe(content, password) {
  const [, algorithm, sealed] = members(members(members(content)[0])[1]);
  const pieces = sealed.idBlock.isConstructed ? members(sealed).map(octets) : [sealed.valueBlock.valueHexView];
  return decrypt(algorithm, new Uint8Array(await new Blob(pieces).arrayBuffer()), password);
}

async function takeBag(bag, password, found) {
  const [kind, content] = members(bag);
  const value = members(content)[0];
  if (dotted(kind) === `${BAG}.1`) found.keys.push(new Uint8Array(value.toBER()));
  if (dotted(kind) === `${BAG}.2`) {
    const [algorithm, sealed] = members(value);
    found.keys.push(await decrypt(algorithm, octets(sealed), password));
  }
  if (dotted(kind) === `${BAG}.3` && dotted(members(value)[0]) === X509) {
    found.certificates.push(octets(members(members(value)[1])[0]));
  }
}

async function decrypt(algorithm, sealed, password) {
  const [kind, parameters] = members(algorithm);
  if (dotted(kind).startsWith(OLD_ENCRYPTION)) throw new CertificateProblem("file.old_encryption");
  if (dotted(kind) !== PBES2) throw new CertificateProblem("file.unreadable");
  const [derivation, cipher] = members(parameters).map((one) => members(one));
  const name = dotted(cipher[0]);
  const bits = name === SM4_CBC ? 128 : AES_BITS[name];
  if (!bits) throw new CertificateProblem("file.old_encryption");
  const key = await derive(derivation, bits, password);
  try {
    const open = name === SM4_CBC ? openSm4 : openAes;
    const plain = await open(key, octets(cipher[1]), sealed);
    parse(plain); // a wrong password passes the padding once in 256 times
    return plain;
  } catch {
    throw new CertificateProblem("password.wrong");
  }
}

async function derive([kind, parameters], bits, password) {
  const [salt, count, ...rest] = members(parameters);
  const chosen = rest.find((one) => one.idBlock.tagNumber === 16);
  const hash = chosen ? HASHES[dotted(members(chosen)[0])] : "SHA-1";
  const iterations = count.valueBlock.valueDec;
  if (dotted(kind) !== PBKDF2 || !hash || iterations > MOST_ITERATIONS) throw new CertificateProblem("file.unreadable");
  const secret = await crypto.subtle.importKey("raw", new TextEncoder().encode(password), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash, salt: octets(salt), iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(how, secret, bits));
}

async function openAes(raw, iv, sealed) {
  const key = await crypto.subtle.importKey("raw", raw, "AES-CBC", false, ["decrypt"]);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, sealed));
}

function openSm4(key, iv, sealed) {
  return Uint8Array.from(sm4.decrypt(sealed, key, { mode: "cbc", iv, padding: "pkcs#7", output: "array" }));
}
