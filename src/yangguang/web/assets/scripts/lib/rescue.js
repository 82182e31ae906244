// 解密救援 in the page, as proof/rescue.py, bid_rescue.py and share_release.py have it: the shares of each content key
// sealed to the trustees whom the tender document names, and what a trustee releases of a bid whose bidder asked for it.
import { toBase64, toHex } from "./bytes.js";
import { wrapFor } from "./certificate.js";
import { buildHeader, buildTail, identify, join, readEnvelope, suiteFor, TAIL_BYTES } from "./envelope.js";
import { Gcm } from "./gcm.js";
import { Sha256, Sm3 } from "./hashes.js";
import { canonical, writeMoment } from "./manifest.js";
import { CertificateProblem } from "./problems.js";

const FORMAT = "yangguang-shares/1";
const ACT = "release_rescue_share";
const PAPER = "解密份额";
const HEADER = "yangguang-signed-file/1";
const VERSION = 1;
const BLOCK = 16;
const REDUCTION = (1n << 128n) | 0x87n;

/** One share of a key for each trustee, `threshold` of which give the key: 01 ‖ threshold ‖ number ‖ value. */
export function splitKey(key, threshold, count) {
  const shares = Array.from({ length: count }, (_, place) => [Uint8Array.of(VERSION, threshold, place + 1)]);
  for (let at = 0; at < key.length; at += BLOCK) {
    const random = Array.from({ length: threshold - 1 }, () => number(crypto.getRandomValues(new Uint8Array(BLOCK))));
    const coefficients = [...random, number(key.subarray(at, at + BLOCK))];
    shares.forEach((one, place) => one.push(block(valueAt(coefficients, BigInt(place + 1)))));
  }
  return shares.map((one) => join(...one));
}

/**
 * The sealed shares of the content keys (part → key), by part, then by trustee: { share, data }, where `share` is the
 * manifest's entry. `rescue` is { threshold, trustees: [{ name, certificate }] } with certificates of readCertificate.
 */
export async function* sealShares({ threshold, trustees }, keys) {
  for (const [part, key] of Object.entries(keys)) {
    const shares = splitKey(key, threshold, trustees.length);
    for (const [place, { name, certificate }] of trustees.entries()) {
      const data = await sealSmall(shares[place], certificate);
      const sha256 = toHex(new Sha256().update(data).digest());
      yield { share: { part, trustee: name, file: `rescue/${part}.${place + 1}.p7m`, size: data.length, sha256 }, data };
    }
  }
}

/** The signed release of a trustee's shares of sealed files (readSealed) of one bidder, canonical JSON as bytes. */
export async function releaseShares(files, { opener, signer, at }) {
  const [{ manifest: { tender, lot, bidder } }] = files;
  const fingerprint = await digestOf(opener.certificate.der);
  const shares = {};
  let trustee = "";
  for (const sealed of files) {
    const { rescue } = sealed.manifest;
    trustee = rescue?.trustees.find((one) => one.certificate === fingerprint)?.name;
    if (!trustee) {
      throw new CertificateProblem("key.not_trustee", ["这张证书不是招标文件载明的受托人证书", "请选择招标文件载明的那张加密证书。"]);
    }
    const mine = rescue.shares.filter((one) => one.trustee === trustee);
    shares[sealed.manifestSha256] = Object.fromEntries(await Promise.all(mine.map(async (one) => [one.part, toHex(await openShare(sealed, one, opener))])));
  }
  const signed = { format: FORMAT, tender, lot, bidder, trustee, created_at: writeMoment(at), shares };
  const data = canonical(signed);
  const digests = [new Sha256(), new Sm3()].map((one) => toHex(one.update(data).digest()));
  const statement = [HEADER, ACT, tender, PAPER, ...digests].map((line) => `${line}\n`).join("");
  return canonical({ signed, signature: await signer.sign(new TextEncoder().encode(statement)) });
}

async function openShare(sealed, share, opener) {
  const member = sealed.members.get(share.file);
  if (!member) throw new CertificateProblem("sealed.unreadable", ["密封文件里没有这份份额", "请向平台管理人员报告。"]);
  return openSmall(await sealed.source.read(member.from, member.from + member.size), opener);
}

async function sealSmall(plain, certificate) {
  const suite = suiteFor(certificate);
  const key = crypto.getRandomValues(new Uint8Array(suite.keyBytes));
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const recipients = [{ identifier: identify(certificate.der), wrapped: await wrapFor(certificate, key) }];
  const gcm = await Gcm.begin({ suite, key, nonce });
  const sealed = await gcm.encrypt(plain);
  return join(buildHeader({ suite, recipients, nonce, contentBytes: plain.length }), sealed, buildTail(gcm.tag()));
}

async function openSmall(data, opener) {
  const envelope = readEnvelope(data);
  const own = toHex(identify(opener.certificate.der));
  const recipient = envelope.recipients.find((one) => toHex(one.identifier) === own);
  if (!recipient) throw new CertificateProblem("decrypt.failed");
  const gcm = await Gcm.begin({ suite: envelope.suite, key: await opener.unwrap(recipient.wrapped), nonce: envelope.nonce });
  const end = envelope.headerBytes + envelope.contentBytes;
  const plain = await gcm.decrypt(data.subarray(envelope.headerBytes, end));
  if (toBase64(data.subarray(end + TAIL_BYTES - BLOCK)) !== toBase64(gcm.tag())) throw new CertificateProblem("decrypt.failed");
  return plain;
}

const digestOf = async (data) => toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));

/** The polynomial at x, the first coefficient being that of the highest power: GF(2¹²⁸) modulo x¹²⁸+x⁷+x²+x+1. */
function valueAt(coefficients, x) {
  return coefficients.reduce((value, one) => times(value, x) ^ one, 0n);
}

function times(a, b) {
  let product = 0n;
  for (; b; b >>= 1n) {
    if (b & 1n) product ^= a;
    a <<= 1n;
    if (a >> 128n) a ^= REDUCTION;
  }
  return product;
}

const number = (bytes) => BigInt(`0x${toHex(bytes)}`);

function block(value) {
  const hex = value.toString(16).padStart(2 * BLOCK, "0");
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}
