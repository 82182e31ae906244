// SHA-256 and SM3 over a stream: WebCrypto takes only what lies whole in memory. Both are Merkle–Damgård, 64-byte blocks.

const K = primes(64).map((one) => fraction(Math.cbrt(one)));
const START_256 = primes(8).map((one) => fraction(Math.sqrt(one)));
const START_SM3 = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
];
const T = Array.from({ length: 64 }, (_, j) => roll(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32));

class Stream {
  #rest = new Uint8Array(64);
  #filled = 0;
  #length = 0;

  constructor(start) {
    this.state = Int32Array.from(start);
    this.words = new Int32Array(68);
  }

  /** Take more bytes. */
  update(data) {
    this.#length += data.length;
    let position = 0;
    if (this.#filled) {
      position = Math.min(64 - this.#filled, data.length);
      this.#rest.set(data.subarray(0, position), this.#filled);
      this.#filled += position;
      if (this.#filled < 64) return this;
      this.block(this.#rest, 0);
      this.#filled = 0;
    }
    for (; position + 64 <= data.length; position += 64) this.block(data, position);
    this.#rest.set(data.subarray(position));
    this.#filled = data.length - position;
    return this;
  }

  /** The digest, 32 bytes; nothing can be added afterwards. */
  digest() {
    const end = new Uint8Array(this.#filled < 56 ? 64 - this.#filled : 128 - this.#filled);
    const view = new DataView(end.buffer);
    end[0] = 0x80;
    view.setUint32(end.length - 8, Math.floor(this.#length / 0x20000000));
    view.setUint32(end.length - 4, (this.#length * 8) >>> 0);
    this.update(end);
    const out = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, place) => out.setInt32(4 * place, word));
    return new Uint8Array(out.buffer);
  }

  load(data, position) {
    for (let i = 0; i < 16; i++, position += 4) {
      this.words[i] = data[position] << 24 | data[position + 1] << 16 | data[position + 2] << 8 | data[position + 3];
    }
  }

}

const CONSTANTS = Int32Array.from(K);
const TURNED = Int32Array.from(T);

/** SHA-256 (FIPS 180-4). */
export class Sha256 extends Stream {
  constructor() {
    super(START_256);
  }

  block(data, position) {
    const w = this.words;
    this.load(data, position);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
      const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
      w[i] = w[i - 16] + s0 + w[i - 7] + s1 | 0;
    }
    const v = this.state;
    let a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];
    for (let i = 0; i < 64; i++) {
      const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      const t1 = h + s1 + (g ^ e & (f ^ g)) + CONSTANTS[i] + w[i] | 0;
      const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      const t2 = s0 + (a & b | c & (a | b)) | 0;
      h = g; g = f; f = e; e = d + t1 | 0; d = c; c = b; b = a; a = t1 + t2 | 0;
    }
    v[0] += a; v[1] += b; v[2] += c; v[3] += d; v[4] += e; v[5] += f; v[6] += g; v[7] += h;
  }
}

/** SM3 (GB/T 32905). */
export class Sm3 extends Stream {
  constructor() {
    super(START_SM3);
  }

  block(data, position) {
    const w = this.words;
    this.load(data, position);
    for (let i = 16; i < 68; i++) {
      const x = w[i - 16] ^ w[i - 9] ^ (w[i - 3] << 15 | w[i - 3] >>> 17);
      const p1 = x ^ (x << 15 | x >>> 17) ^ (x << 23 | x >>> 9);
      w[i] = p1 ^ (w[i - 13] << 7 | w[i - 13] >>> 25) ^ w[i - 6];
    }
    const v = this.state;
    let a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];
    for (let i = 0; i < 16; i++) {
      const a12 = a << 12 | a >>> 20;
      const sum = a12 + e + TURNED[i] | 0;
      const ss1 = sum << 7 | sum >>> 25;
      const tt1 = (a ^ b ^ c) + d + (ss1 ^ a12) + (w[i] ^ w[i + 4]) | 0;
      const tt2 = (e ^ f ^ g) + h + ss1 + w[i] | 0;
      d = c; c = b << 9 | b >>> 23; b = a; a = tt1;
      h = g; g = f << 19 | f >>> 13; f = e; e = tt2 ^ (tt2 << 9 | tt2 >>> 23) ^ (tt2 << 17 | tt2 >>> 15);
    }
    for (let i = 16; i < 64; i++) {
      const a12 = a << 12 | a >>> 20;
      const sum = a12 + e + TURNED[i] | 0;
      const ss1 = sum << 7 | sum >>> 25;
      const tt1 = (a & b | c & (a | b)) + d + (ss1 ^ a12) + (w[i] ^ w[i + 4]) | 0;
      const tt2 = (g ^ e & (f ^ g)) + h + ss1 + w[i] | 0;
      d = c; c = b << 9 | b >>> 23; b = a; a = tt1;
      h = g; g = f << 19 | f >>> 13; f = e; e = tt2 ^ (tt2 << 9 | tt2 >>> 23) ^ (tt2 << 17 | tt2 >>> 15);
    }
    v[0] ^= a; v[1] ^= b; v[2] ^= c; v[3] ^= d; v[4] ^= e; v[5] ^= f; v[6] ^= g; v[7] ^= h;
  }
}

function primes(count) {
  const found = [];
  for (let one = 2; found.length < count; one++) if (found.every((prime) => one % prime)) found.push(one);
  return found;
}

function fraction(number) {
  return Math.floor((number % 1) * 0x100000000) | 0;
}

function roll(word, by) {
  return by ? word << by | word >>> 32 - by : word;
}
