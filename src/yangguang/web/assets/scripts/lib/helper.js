// The bidder's helper (投标助手, `yangguang bid agent`): a program on this computer that holds the key. The page is paired
// with it by a code that its window shows; the token stays in this tab. docs/bid-agent.md.
//
//   const holder = await openHelper();      // as openCertificate of certificate.js: certificate, signAll, close
//   await tryOutByHelper(blob, manifest)    // as the worker's "tryOut"
//   await releaseByHelper([heads])          // the signed texts, in the same order
import { toBase64 } from "./bytes.js";
import { CertificateProblem } from "./problems.js";

const FIRST_PORT = 8765;
const KEPT = "yangguang-helper";
const CODE = /^[0-9][2-9A-Z]{8}$/;

/** Whether this tab was paired; the helper may have been stopped since. */
export const isPaired = () => kept() !== null;

/** Pair with the helper whose window shows this code. */
export async function pair(typed) {
  const code = typed.toUpperCase().replace(/[^0-9A-Z]/g, "");
  if (!CODE.test(code)) throw new CertificateProblem("helper.code");
  const port = FIRST_PORT + Number(code[0]);
  const { token } = await ask({ port }, "/pair", { code });
  sessionStorage.setItem(KEPT, JSON.stringify({ port, token }));
}

/** Whose certificates the helper holds: { signs, opens }, facts as of readCertificate; `opens` may be null. */
export async function helperStatus() {
  const { signs, opens } = await ask(paired(), "/status", {});
  return { signs: factsOf(signs), opens: opens && factsOf(opens) };
}

/** A certificate whose key stays with the helper; the person agrees in its window. */
export async function openHelper() {
  const { signs } = await helperStatus();
  return {
    certificate: signs,
    signAll: async (many) => (await ask(paired(), "/sign", { statements: many.map(toBase64) })).signatures,
    close() {},
  };
}

/** Trial decryption of a sealed file, whole, by the helper; `manifest` is the digest of the file that is meant. */
export async function tryOutByHelper(blob, manifest) {
  await helperStatus(); // before gigabytes are on their way
  const told = await ask(paired(), "/trial", blob);
  if (told.manifest !== manifest) throw new CertificateProblem("sealed.other");
  const { commonName, serial, notAfter } = told.certificate;
  return { parts: told.parts, certificate: `${commonName} ${serial}`, notAfter: Date.parse(notAfter) };
}

/** The signed releases of sealed files, given as the worker's "heads" has them. */
export async function releaseByHelper(files) {
  return (await ask(paired(), "/release", { files })).releases;
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function paired() {
  const found = kept();
  if (!found) throw new CertificateProblem("helper.unpaired");
  return found;
}

async function ask({ port, token }, path, given) {
  const isFile = given instanceof Blob;
  const headers = { "Content-Type": isFile ? "application/octet-stream" : "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const how = { method: "POST", mode: "cors", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };
  const body = isFile ? given : JSON.stringify(given);
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { ...how, headers, body }).catch(() => null);
  if (!answer) throw new CertificateProblem("helper.away");
  const told = await answer.json();
  if (answer.ok) return told;
  if (answer.status === 401) sessionStorage.removeItem(KEPT);
  throw new CertificateProblem(told.code, [told.reason, told.remedy]);
}

const factsOf = (facts) => ({ ...facts, notBefore: new Date(facts.notBefore), notAfter: new Date(facts.notAfter) });
