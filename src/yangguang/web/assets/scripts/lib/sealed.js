// Reading one's own sealed file: trial decryption (试解密), and the content keys for the decryption window (解密).
//
//   const sealed = await readSealed(sourceOf(file));           // or rangesOf(url): the file as the platform holds it
//   await tryOpening(sealed, opener, tell)                      // [{ part, files } | { part, problem }]
//   const keys = await contentKeys(sealed, opener);             // { part: Uint8Array }
//   const text = await releaseKeys(sealed, keys, signer, at);   // the signed release, as proof/key_release.py reads it
//
// `opener` and `signer` are certificates opened by certificate.js; keys and contents never leave the page.
import { toBase64, toHex } from "./bytes.js";
import { identify, LONGEST_HEADER, readEnvelope, TAIL_BYTES } from "./envelope.js";
import { Gcm } from "./gcm.js";
import { Sha256 } from "./hashes.js";
import { canonical, keyCommitment, writeMoment } from "./manifest.js";
import { CertificateProblem } from "./problems.js";
import { readHeader } from "./tar.js";

const PIECE = 4 << 20;
const BLOCK = 512;
const MOST_MEMBERS = 1000;

/** A file on this computer, read by slices. */
export function sourceOf(file) {
  return { size: file.size, read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()) };
}

/** A file at an address of ours, read by ranges. */
export async function rangesOf(url) {
  const read = async (from, to) => {
    const answer = await fetched(url, from, to - 1);
    return new Uint8Array(await answer.arrayBuffer());
  };
  const first = await fetched(url, 0, 0);
  const size = Number(first.headers.get("Content-Range")?.split("/")[1]);
  if (!size) throw new CertificateProblem("file.unread");
  return { size, read };
}

async function fetched(url, from, to) {
  const answer = await fetch(url, { headers: { Range: `bytes=${from}-${to}` }, cache: "no-store" }).catch(() => null);
  if (answer?.status !== 206) throw new CertificateProblem("file.unread");
  return answer;
}

/** Structure and manifest of a sealed file: { source, members, manifest, manifestSha256 }. */
export async function readSealed(source) {
  const members = new Map();
  for (let at = 0; at < source.size && members.size < MOST_MEMBERS;) {
    const header = readHeader(await source.read(at, at + BLOCK));
    if (!header) break;
    members.set(header.name, { from: at + BLOCK, size: header.size });
    at += BLOCK + Math.ceil(header.size / BLOCK) * BLOCK;
  }
  const held = members.get("manifest.json");
  if (!held) throw new CertificateProblem("sealed.unreadable", ["这不是密封的投标文件，或者文件不完整", "请选择完整的 .ygb 文件。"]);
  const data = await source.read(held.from, held.from + held.size);
  const manifestSha256 = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
  return { source, members, manifest: JSON.parse(new TextDecoder().decode(data)), manifestSha256 };
}

/** The content key of each part; CertificateProblem when this certificate does not open it. */
export async function contentKeys(sealed, opener) {
  const keys = {};
  for (const part of sealed.manifest.parts) keys[part.name] = (await openPart(sealed, part, opener)).key;
  return keys;
}

/** The small members and the head of each part's envelope, as base64: { manifest, signature, heads: { part } }. */
export async function headsOf(sealed) {
  const member = async (name) => {
    const { from, size } = sealed.members.get(name);
    return toBase64(await sealed.source.read(from, from + size));
  };
  const heads = {};
  for (const part of sealed.manifest.parts) {
    const { from, size } = sealed.members.get(part.file);
    const start = await sealed.source.read(from, from + Math.min(size, LONGEST_HEADER));
    heads[part.name] = toBase64(start.subarray(0, readEnvelope(start).headerBytes));
  }
  return { manifest: await member("manifest.json"), signature: await member("manifest.sig.json"), heads };
}

/** Decrypt and check every part, keeping nothing; `tell(done, total)`. */
export async function tryOpening(sealed, opener, tell = () => {}) {
  const found = [];
  const progress = { done: 0, total: sealed.manifest.parts.reduce((sum, one) => sum + one.size, 0), tell };
  for (const part of sealed.manifest.parts) {
    try {
      found.push({ part: part.name, files: await tryPart(sealed, part, opener, progress) });
    } catch (error) {
      if (!(error instanceof CertificateProblem)) throw error;
      found.push({ part: part.name, code: error.code, problem: error.text });
    }
  }
  return found;
}

/** The signed key release, canonical JSON as bytes. */
export async function releaseKeys(sealed, keys, signer, at) {
  const { tender, lot, bidder } = sealed.manifest;
  const signed = {
    format: "yangguang-keys/1", tender, lot, bidder, manifest: sealed.manifestSha256, created_at: writeMoment(at),
    keys: Object.fromEntries(Object.entries(keys).map(([part, key]) => [part, toHex(key)])),
  };
  return canonical({ signed, signature: await signer.sign(canonical(signed)) });
}

async function openPart(sealed, part, opener) {
  const member = sealed.members.get(part.file);
  const start = await sealed.source.read(member.from, member.from + Math.min(member.size, LONGEST_HEADER));
  const envelope = readEnvelope(start);
  const own = toHex(identify(opener.certificate.der));
  const recipient = envelope.recipients.find((one) => toHex(one.identifier) === own);
  if (!recipient) {
    throw new CertificateProblem("key.not_recipient", ["加密时用的不是这张证书", "请选择加密时使用的证书；证书换过的，请用旧证书，或用新证书重新加密后替换。"]);
  }
  const key = await opener.unwrap(recipient.wrapped);
  if (await keyCommitment(sealed.manifest, part.name, key) !== part.key_commitment) {
    throw new CertificateProblem("key.wrong", ["解出的密钥与清单的承诺不符", "请重新加密并替换投标文件。"]);
  }
  return { key, envelope, start, member };
}

async function tryPart(sealed, part, opener, progress) {
  const { key, envelope, start, member } = await openPart(sealed, part, opener);
  const gcm = await Gcm.begin({ suite: envelope.suite, key, nonce: envelope.nonce });
  const digest = new Sha256().update(start.subarray(0, envelope.headerBytes));
  const names = new Listing();
  const end = member.from + envelope.headerBytes + envelope.contentBytes;
  for (let at = member.from + envelope.headerBytes; at < end;) {
    const piece = await sealed.source.read(at, Math.min(end, at + PIECE));
    digest.update(piece);
    names.take(await gcm.decrypt(piece));
    at += piece.length;
    progress.tell(progress.done += piece.length, progress.total);
  }
  const tail = await sealed.source.read(end, end + TAIL_BYTES);
  if (toHex(tail.subarray(2)) !== toHex(gcm.tag()) || toHex(digest.update(tail).digest()) !== part.sha256) {
    throw new CertificateProblem("sealed.tampered", ["文件内容已被改动，或者不完整", "请重新加密并替换投标文件。"]);
  }
  return names.files;
}

/** The names and sizes of the files in a tar that comes in pieces. */
class Listing {
  files = [];
  #skip = 0;
  #rest = new Uint8Array();

  take(piece) {
    let data = piece;
    if (this.#rest.length) {
      data = new Uint8Array(this.#rest.length + piece.length);
      data.set(this.#rest);
      data.set(piece, this.#rest.length);
    }
    let at = Math.min(this.#skip, data.length);
    this.#skip -= at;
    while (!this.#skip && at + BLOCK <= data.length) {
      const header = readHeader(data.subarray(at, at + BLOCK));
      at += BLOCK;
      if (!header || !(header.size >= 0)) continue;
      if (header.kind === "0") this.files.push({ name: header.name, size: header.size });
      const whole = Math.ceil(header.size / BLOCK) * BLOCK;
      this.#skip = Math.max(0, whole - (data.length - at));
      at = Math.min(data.length, at + whole);
    }
    this.#rest = data.slice(at);
  }
}
