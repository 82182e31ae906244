// The draw of experts: numbers made in the party's own browser, and everything public computed again here.
import { fromHex, toHex } from "./lib/bytes.js";
import { commitmentOf, labelledHash } from "./lib/draws.js";
import { follow } from "./lib/live_page.js";
import { serveNonceForms } from "./lib/nonces.js";

const encoder = new TextEncoder();
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function joined(...pieces) {
  const whole = new Uint8Array(pieces.reduce((size, one) => size + one.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

// RFC 6962: the root over the raw leaves.
async function rootOf(leaves) {
  const hashes = await Promise.all(leaves.map((one) => sha256(joined(new Uint8Array([0]), fromHex(one)))));
  const above = async (part) => {
    if (part.length === 1) return part[0];
    let split = 1;
    while (split * 2 < part.length) split *= 2;
    return sha256(joined(new Uint8Array([1]), await above(part.slice(0, split)), await above(part.slice(split))));
  };
  return toHex(await above(hashes));
}

function seedOf(draw, shares) {
  const entered = shares.flatMap(({ party, commitment, nonce }) => [
    party, nonce ? joined(new Uint8Array([1]), fromHex(nonce)) : joined(new Uint8Array([0]), fromHex(commitment)),
  ]);
  const { kind, root, vrf } = draw.dataset;
  return labelledHash("yangguang/draw/seed/v1", kind, draw.dataset.draw, fromHex(root), fromHex(vrf), ...entered);
}

// RFC 3797 with SHA-256: the first places in drawn order.
async function orderOf(seed, size, wanted) {
  const left = Array.from({ length: size }, (_, place) => place);
  const key = encoder.encode(`${seed.toUpperCase()}/`);
  const drawn = [];
  for (let turn = 0; turn < wanted; turn += 1) {
    const number = new Uint8Array([turn >> 8, turn & 255]);
    const hashed = await sha256(joined(number, key, number));
    drawn.push(...left.splice(Number(BigInt(`0x${toHex(hashed)}`) % BigInt(left.length)), 1));
  }
  return drawn;
}

function verdict(place, holds) {
  if (!place) return;
  const told = place.hasAttribute("data-verdict") ? "" : `${place.textContent}　`;
  place.textContent = `${told}${holds ? "✓ 相符" : "✗ 不符，请立即向监督人员报告"}`;
  place.classList.toggle("yg-due-late", !holds);
}

async function check(draw) {
  const rows = [...draw.querySelectorAll("[data-share]")];
  for (const row of rows) {
    const { party, commitment, nonce } = row.dataset;
    if (nonce) verdict(row.querySelector("[data-verdict]"), (await commitmentOf(draw.dataset.draw, party, nonce)) === commitment);
  }
  if (!draw.dataset.seed) return;
  const leaves = [...draw.querySelectorAll("[data-leaf]")].map((one) => one.dataset.leaf);
  verdict(draw.querySelector("[data-check=pool]"), (await rootOf(leaves)) === draw.dataset.root);
  verdict(draw.querySelector("[data-check=seed]"), (await seedOf(draw, rows.map((one) => one.dataset))) === draw.dataset.seed);
  const called = [...draw.querySelectorAll("[data-called]")].map((one) => Number(one.dataset.called));
  const order = await orderOf(draw.dataset.seed, Number(draw.dataset.size), called.length);
  verdict(draw.querySelector("[data-check=order]"), order.every((place, index) => place === called[index]));
}

function checkAll(place) {
  for (const draw of place.querySelectorAll("[data-draw]")) check(draw).catch(() => {});
}

serveNonceForms();
checkAll(document);
follow(checkAll);
