// Sealing (加密封装) in the page, as proof/seal.py does it: files in, one signed and encrypted *.ygb out, by slices.
import { toHex } from "./bytes.js";
import { fingerprintOf, wrapFor } from "./certificate.js";
import { buildHeader, buildTail, identify, suiteFor, TAIL_BYTES } from "./envelope.js";
import { Gcm } from "./gcm.js";
import { Sha256, Sm3 } from "./hashes.js";
import { canonical, keyCommitment, writeMoment } from "./manifest.js";
import { sealShares } from "./rescue.js";
import { checkNames, END, memberHeader, padding, tarPieces, tarSize } from "./tar.js";

const TOOL = { name: "yangguang page", version: "1" };

/**
 * Seal `parts` ([{ name, files: [{ name, size, content: Blob }] }]) for `heading` { tender, lot, createdAt: Date }.
 * `signer` signs the manifest (certificate.js), `recipient` is the certificate whose key can open. Where the tender
 * document declares a rescue, `rescue` is { threshold, trustees: [{ name, certificate }] }.
 * Gives { file: Blob, manifest }; `tell(done, total)` hears of the bytes.
 */
export async function sealBid({ heading, parts, signer, recipient, rescue = null, tell = () => {} }) {
  const suite = suiteFor(recipient);
  const work = {
    out: [], suite, recipient, tell, done: 0, keys: {},
    total: parts.reduce((sum, one) => sum + tarSize(one.files), 0),
    whose: { tender: heading.tender, lot: heading.lot, bidder: signer.certificate.organisationCode },
  };
  for (const part of parts) {
    const problem = checkNames(part.files.map((one) => one.name));
    if (problem) throw new Error(problem);
  }
  const sealed = [];
  for (const part of parts) sealed.push(await sealPart(work, part));
  const manifest = {
    format: "yangguang-bid/1", ...work.whose, signer: await fingerprintOf(signer.certificate), suite: suite.name,
    created_at: writeMoment(heading.createdAt), tool: TOOL, parts: sealed,
    ...(rescue ? { rescue: await writeRescue(work, rescue) } : {}),
  };
  for (const key of Object.values(work.keys)) key.fill(0);
  const data = canonical(manifest);
  writeMember(work.out, "manifest.json", data);
  writeMember(work.out, "manifest.sig.json", canonical(await signer.sign(data)));
  work.out.push(END);
  return { file: new Blob(work.out), manifest };
}

async function sealPart(work, part) {
  const contentKey = crypto.getRandomValues(new Uint8Array(work.suite.keyBytes));
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const contentBytes = tarSize(part.files);
  const wrapped = await wrapFor(work.recipient, contentKey);
  const header = buildHeader({
    suite: work.suite, nonce, contentBytes, recipients: [{ identifier: identify(work.recipient.der), wrapped }],
  });
  const size = header.length + contentBytes + TAIL_BYTES;
  const file = `parts/${part.name}.p7m`;
  work.out.push(memberHeader(file, size));
  const digests = [new Sha256(), ...(work.suite.name === "GM" ? [new Sm3()] : [])];
  const write = (bytes) => {
    digests.forEach((one) => one.update(bytes));
    work.out.push(new Blob([bytes])); // the browser keeps what is large outside of the page's memory
  };
  write(header);
  await sealContent(work, part.files, { contentKey, nonce, write });
  work.out.push(padding(size));
  const [sha256, sm3] = digests.map((one) => toHex(one.digest()));
  const commitment = await keyCommitment(work.whose, part.name, contentKey);
  work.keys[part.name] = contentKey;
  return { name: part.name, file, size, sha256, ...(sm3 ? { sm3 } : {}), key_commitment: commitment };
}

/** The trustees' shares behind the parts, and what the manifest says of them. */
async function writeRescue(work, { threshold, trustees }) {
  const shares = [];
  for await (const { share, data } of sealShares({ threshold, trustees }, work.keys)) {
    writeMember(work.out, share.file, data);
    shares.push(share);
  }
  const named = trustees.map(async ({ name, certificate }) => ({ name, certificate: await fingerprintOf(certificate) }));
  return { threshold, trustees: await Promise.all(named), shares };
}

async function sealContent(work, files, { contentKey, nonce, write }) {
  const gcm = await Gcm.begin({ suite: work.suite, key: contentKey, nonce });
  for await (const piece of tarPieces(files)) {
    write(await gcm.encrypt(piece));
    work.done += piece.length;
    work.tell(work.done, work.total);
  }
  write(buildTail(gcm.tag()));
}

function writeMember(out, name, data) {
  out.push(memberHeader(name, data.length), data, padding(data.length));
}
