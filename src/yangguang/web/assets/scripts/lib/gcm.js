// GCM over a stream (NIST SP 800-38D): WebCrypto's own takes only what lies whole in memory. The key stream is
// AES-CTR of WebCrypto, or SM4; the authentication is GHASH with a table for each byte of the block.
import { counterMode, expandKey } from "./sm4.js";

const FIRST = 2; // counter 1 masks the tag

/** One message under one key and nonce: `encrypt` or `decrypt` its pieces in order, then `tag`. */
export class Gcm {
  static async begin({ suite, key, nonce }) {
    const cipher = suite.cipher === "AES" ? await aes(key) : sm4(key);
    const hash = new Ghash(await cipher(new Uint8Array(12), 0, new Uint8Array(16)));
    return new Gcm(cipher, hash, nonce, await cipher(nonce, 1, new Uint8Array(16)));
  }

  #cipher;
  #hash;
  #nonce;
  #mask;
  #bytes = 0;

  constructor(cipher, hash, nonce, mask) {
    [this.#cipher, this.#hash, this.#nonce, this.#mask] = [cipher, hash, nonce, mask];
  }

  /** The ciphertext of the next piece; every piece but the last is a whole number of blocks. */
  async encrypt(piece) {
    const sealed = await this.#turn(piece);
    this.#hash.update(sealed);
    return sealed;
  }

  /** The plaintext of the next piece; it may be used only after `tag` was compared. */
  async decrypt(piece) {
    this.#hash.update(piece);
    return this.#turn(piece);
  }

  /** The authentication tag of everything. */
  tag() {
    const lengths = new DataView(new ArrayBuffer(16));
    lengths.setUint32(8, Math.floor(this.#bytes / 0x20000000));
    lengths.setUint32(12, (this.#bytes * 8) >>> 0);
    this.#hash.update(new Uint8Array(lengths.buffer));
    return this.#hash.value().map((one, place) => one ^ this.#mask[place]);
  }

  async #turn(piece) {
    const counter = FIRST + this.#bytes / 16;
    this.#bytes += piece.length;
    return this.#cipher(this.#nonce, counter, piece);
  }
}

async function aes(raw) {
  const key = await crypto.subtle.importKey("raw", raw, "AES-CTR", false, ["encrypt"]);
  return async (nonce, counter, data) => {
    const block = new Uint8Array(16);
    block.set(nonce);
    new DataView(block.buffer).setUint32(12, counter);
    return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CTR", counter: block, length: 32 }, key, data));
  };
}

function sm4(raw) {
  const rounds = expandKey(raw);
  return async (nonce, counter, data) => counterMode(rounds, nonce, counter, data);
}

/** GHASH: sixteen tables of 256 products, one for each byte of a block. */
class Ghash {
  #table = new Int32Array(16 * 256 * 4);
  #state = new Int32Array(4);

  constructor(key) {
    const view = new DataView(key.buffer, key.byteOffset, 16);
    let power = [0, 4, 8, 12].map((at) => view.getInt32(at));
    for (let bit = 0; bit < 128; bit++, power = halved(power)) this.#fill(bit >> 3, 128 >> (bit & 7), power);
  }

  #fill(place, one, power) {
    const table = this.#table;
    for (let byte = one; byte < 256; byte++) {
      if (!(byte & one)) continue;
      const at = (place << 8 | byte) << 2;
      for (let i = 0; i < 4; i++) table[at + i] ^= power[i];
    }
  }

  update(data) {
    const whole = data.length - data.length % 16;
    this.#blocks(data, whole);
    if (whole < data.length) {
      const last = new Uint8Array(16);
      last.set(data.subarray(whole));
      this.#blocks(last, 16);
    }
  }

  #blocks(data, end) {
    const table = this.#table;
    let [a, b, c, d] = this.#state;
    const load = (at) => data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3];
    for (let at = 0; at < end; at += 16) {
      const words = [a ^ load(at), b ^ load(at + 4), c ^ load(at + 8), d ^ load(at + 12)];
      a = b = c = d = 0;
      for (let i = 0; i < 16; i++) {
        const t = (i << 8 | words[i >> 2] >>> 24 - 8 * (i & 3) & 255) << 2;
        a ^= table[t]; b ^= table[t + 1]; c ^= table[t + 2]; d ^= table[t + 3];
      }
    }
    this.#state.set([a, b, c, d]);
  }

  value() {
    const view = new DataView(new ArrayBuffer(16));
    this.#state.forEach((word, place) => view.setInt32(4 * place, word));
    return new Uint8Array(view.buffer);
  }
}

/** Times x in GCM's order of bits. */
function halved([a, b, c, d]) {
  const out = d & 1;
  return [a >>> 1 ^ (out ? 0xe1000000 : 0), b >>> 1 | a << 31, c >>> 1 | b << 31, d >>> 1 | c << 31];
}
