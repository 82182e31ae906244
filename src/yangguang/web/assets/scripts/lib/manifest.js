// The manifest of a sealed bid and what is signed: canonical JSON (RFC 8785) and the commitments of docs/bid-format.md.
import { toHex } from "./bytes.js";
import { join } from "./envelope.js";

const text = new TextEncoder();

/** Canonical bytes of a value of objects, lists, texts, whole numbers, booleans. */
export function canonical(value) {
  return text.encode(write(value));
}

/** SHA-256 over label and values, each preceded by its length in eight bytes; lowercase hex. */
export async function labelledHash(label, ...values) {
  const parts = [label, ...values].map((one) => (typeof one === "string" ? text.encode(one) : one));
  const pieces = parts.flatMap((one) => [lengthOf(one), one]);
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", join(...pieces))));
}

/** 密钥承诺. */
export function keyCommitment({ tender, lot, bidder }, part, contentKey) {
  return labelledHash("yangguang/content-key/1", tender, lot, bidder, part, contentKey);
}

/** `2026-03-01T01:30:00Z`. */
export const writeMoment = (at) => `${at.toISOString().slice(0, 19)}Z`;

function write(value) {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${write(value[name])}`).join(",")}}`;
}

function lengthOf(bytes) {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(4, bytes.length);
  return new Uint8Array(view.buffer);
}
