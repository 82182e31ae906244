// Draws (抽取) as src/yangguang/proof/draws.py defines their bytes: commitments made and outcomes checked in the browser.
import { fromHex, toHex } from "./bytes.js";

const encoder = new TextEncoder();
const NONCE_BYTES = 32;

async function sha256(bytes) {
  if (!globalThis.crypto?.subtle) throw new Error("浏览器只在 HTTPS 网址下提供加密功能，请用 https:// 打开本页。");
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** H( u64(len(label)) ‖ label ‖ u64(len(part)) ‖ part … ), lower-case hexadecimal; text parts are UTF-8. */
export async function labelledHash(label, ...parts) {
  const pieces = [label, ...parts].map((one) => (typeof one === "string" ? encoder.encode(one) : one));
  const framed = new Uint8Array(pieces.reduce((size, one) => size + 8 + one.length, 0));
  const view = new DataView(framed.buffer);
  let at = 0;
  for (const piece of pieces) {
    view.setBigUint64(at, BigInt(piece.length));
    framed.set(piece, at + 8);
    at += 8 + piece.length;
  }
  return toHex(await sha256(framed));
}

/** A fresh secret number, hexadecimal. */
export const freshNonce = () => toHex(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));

/** What binds a party to its number. */
export const commitmentOf = (drawId, party, nonce) =>
  labelledHash("yangguang/draw/commitment/v1", drawId, party, fromHex(nonce));

/** A member of the pool behind its salt. */
export const leafOf = (drawId, salt, member) => labelledHash("yangguang/draw/leaf/v1", drawId, fromHex(salt), member);

/** The place that a seed draws first from a pool (RFC 3797 with SHA-256), from 0. */
export async function firstPlace(seed, size) {
  const hashed = await sha256(encoder.encode(`\0\0${seed.toUpperCase()}/\0\0`));
  return Number(BigInt(`0x${toHex(hashed)}`) % BigInt(size));
}

/** Where this window keeps its number for one party of one draw until it is revealed. */
export const nonceKey = (drawId, party) => `yangguang-draw/${drawId}/${party}`;
