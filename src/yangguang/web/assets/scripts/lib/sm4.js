// The block cipher SM4 (GB/T 32907) as a key stream of counter blocks: WebCrypto has no SM4.

const FK = [0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc];
const CK = Int32Array.from({ length: 32 }, (_, i) => [0, 1, 2, 3].reduce((word, j) => word << 8 | (4 * i + j) * 7 & 255, 0));
const SBOX = makeSbox();
const TABLES = [0, 8, 16, 24].map((by) => Int32Array.from(SBOX, (one) => turn(spread(one << 24), by)));

/** Round keys of a 16-byte key. */
export function expandKey(key) {
  const k = wordsOf(key).map((word, i) => word ^ FK[i]);
  const rounds = new Int32Array(32);
  for (let i = 0; i < 32; i++) {
    const word = substitute(k[1] ^ k[2] ^ k[3] ^ CK[i]);
    rounds[i] = k[0] ^ word ^ roll(word, 13) ^ roll(word, 23);
    k.push(rounds[i]);
    k.shift();
  }
  return rounds;
}

/** XOR `data` (whole blocks or a last part) with the key stream that begins at this counter; nonce of 12 bytes. */
export function counterMode(rounds, nonce, counter, data) {
  const [n0, n1, n2] = wordsOf(nonce);
  const blocks = Math.ceil(data.length / 16);
  const stream = new Uint8Array(16 * blocks);
  const words = new DataView(stream.buffer);
  const [t0, t1, t2, t3] = TABLES;
  for (let at = 0; at < stream.length; at += 16, counter++) {
    let a = n0, b = n1, c = n2, d = counter | 0, x = 0;
    for (let i = 0; i < 32; i += 4) {
      x = b ^ c ^ d ^ rounds[i];
      a ^= t0[x >>> 24] ^ t1[x >>> 16 & 255] ^ t2[x >>> 8 & 255] ^ t3[x & 255];
      x = c ^ d ^ a ^ rounds[i + 1];
      b ^= t0[x >>> 24] ^ t1[x >>> 16 & 255] ^ t2[x >>> 8 & 255] ^ t3[x & 255];
      x = d ^ a ^ b ^ rounds[i + 2];
      c ^= t0[x >>> 24] ^ t1[x >>> 16 & 255] ^ t2[x >>> 8 & 255] ^ t3[x & 255];
      x = a ^ b ^ c ^ rounds[i + 3];
      d ^= t0[x >>> 24] ^ t1[x >>> 16 & 255] ^ t2[x >>> 8 & 255] ^ t3[x & 255];
    }
    words.setInt32(at, d);
    words.setInt32(at + 4, c);
    words.setInt32(at + 8, b);
    words.setInt32(at + 12, a);
  }
  for (let i = 0; i < data.length; i++) stream[i] ^= data[i];
  return stream.subarray(0, data.length);
}

function wordsOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i));
}

function roll(word, by) {
  return word << by | word >>> 32 - by;
}

function turn(word, by) {
  return by ? word >>> by | word << 32 - by : word;
}

function spread(word) {
  return word ^ roll(word, 2) ^ roll(word, 10) ^ roll(word, 18) ^ roll(word, 24);
}

function substitute(word) {
  return SBOX[word >>> 24] << 24 | SBOX[word >>> 16 & 255] << 16 | SBOX[word >>> 8 & 255] << 8 | SBOX[word & 255];
}

/** The S-box by its algebra: an affine map, the inverse modulo x⁸+x⁷+x⁶+x⁵+x⁴+x²+1, the affine map once more. */
function makeSbox() {
  const affine = (x) => {
    let out = 0;
    for (let i = 0; i < 8; i++) {
      let bits = x & (0xa7 << i | 0xa7 >>> 8 - i) & 255;
      bits ^= bits >> 4;
      bits ^= bits >> 2;
      bits ^= bits >> 1;
      out |= (bits & 1) << i;
    }
    return out ^ 0xd3;
  };
  const times = (a, b) => {
    let product = 0;
    for (; b; b >>= 1, a = a << 1 ^ (a & 128 ? 0x1f5 : 0)) if (b & 1) product ^= a;
    return product;
  };
  const inverse = (x) => { // x²⁵⁴
    let power = 1;
    for (let i = 0; i < 254; i++) power = times(power, x);
    return power;
  };
  return Uint8Array.from({ length: 256 }, (_, x) => affine(inverse(affine(x))));
}
