// Deterministic tar as proof/tarfiles.py writes it: one list of files gives one sequence of bytes.

const BLOCK = 512;
const LARGEST = 8 ** 11 - 1;
const MOST_FILES = 2000;
const PIECE = 1 << 20;
const FORBIDDEN = /[/\\:*?"<>|]|\p{C}/u;
const text = new TextEncoder();
export const END = new Uint8Array(2 * BLOCK);

/** The zeros after a content of `size` bytes. */
export const padding = (size) => new Uint8Array((BLOCK - size % BLOCK) % BLOCK);

/** The header of one file, as proof.tarfiles.member_header. */
export function memberHeader(name, size) {
  if (size > LARGEST) throw new Error(`文件“${name}”超过 8 GiB`);
  const path = text.encode(name);
  if (path.length <= 100) return ustar(path, size, "0");
  const rest = text.encode(` path=${name}\n`);
  const record = text.encode(`${rest.length + String(rest.length + 3).length} path=${name}\n`);
  const parts = [ustar(text.encode("pax"), record.length, "x"), record, padding(record.length), ustar(new Uint8Array(), size, "0")];
  return new Uint8Array(concat(parts));
}

/** Why files cannot be packed, in words; nothing when they can. */
export function checkNames(names) {
  const seen = new Set();
  if (names.length > MOST_FILES) return `文件超过 ${MOST_FILES} 个`;
  for (const name of names) {
    if (!name || name !== name.trim() || name.endsWith(".") || text.encode(name).length > 255) {
      return `文件名“${name}”为空、过长，或首尾有空格、句点`;
    }
    if (FORBIDDEN.test(name)) return `文件名“${name}”含有不允许的字符`;
    const folded = name.normalize("NFC").toLowerCase();
    if (seen.has(folded)) return `文件名“${name}”重复`;
    seen.add(folded);
  }
  return "";
}

/** Bytes of the tar of these files (File, or Blob with a name). */
export function tarSize(files) {
  return files.reduce((sum, one) => sum + memberHeader(one.name, one.size).length + one.size + padding(one.size).length, END.length);
}

/** The tar in pieces of 1 MiB, the last one shorter; nothing is held whole. */
export async function* tarPieces(files) {
  const buffer = new Uint8Array(PIECE);
  let filled = 0;
  for await (const one of segments(files)) {
    for (let at = 0; at < one.length;) {
      const count = Math.min(PIECE - filled, one.length - at);
      buffer.set(one.subarray(at, at + count), filled);
      [filled, at] = [filled + count, at + count];
      if (filled === PIECE) {
        yield buffer;
        filled = 0;
      }
    }
  }
  if (filled) yield buffer.subarray(0, filled);
}

async function* segments(files) {
  for (const file of files) {
    yield memberHeader(file.name, file.size);
    for (let at = 0; at < file.size; at += PIECE) {
      yield new Uint8Array(await file.content.slice(at, Math.min(file.size, at + PIECE)).arrayBuffer());
    }
    yield padding(file.size);
  }
  yield END;
}

/** { name, size } in a plain header block, or null at the end mark. */
export function readHeader(block) {
  if (block.every((one) => one === 0)) return null;
  const field = (from, to) => new TextDecoder().decode(block.subarray(from, to)).replace(/\0.*$/s, "");
  return { name: field(0, 100), size: parseInt(field(124, 135), 8), kind: field(156, 157) };
}

function ustar(name, size, kind) {
  const block = new Uint8Array(BLOCK);
  const put = (value, at) => block.set(text.encode(value), at);
  const octal = (number, digits) => number.toString(8).padStart(digits, "0");
  block.set(name);
  put("0000644\0" + "0000000\0".repeat(2) + `${octal(size, 11)}\0` + `${octal(0, 11)}\0` + " ".repeat(8) + kind, 100);
  put("ustar\x0000", 257);
  put("0000000\0".repeat(2), 329);
  put(`${octal(block.reduce((sum, one) => sum + one, 0), 6)}\0 `, 148);
  return block;
}

function concat(parts) {
  return parts.flatMap((one) => Array.from(one));
}
