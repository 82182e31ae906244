// The worker beside the bidder's page: sealing, trial decryption and key release, so that the page stays alive.
import { openCertificate, problemsOf, readCertificate } from "./lib/certificate.js";
import { fromBase64 } from "./lib/bytes.js";
import { CertificateProblem, textOf } from "./lib/problems.js";
import { releaseShares } from "./lib/rescue.js";
import { sealBid } from "./lib/seal.js";
import { contentKeys, headsOf, rangesOf, readSealed, releaseKeys, sourceOf, tryOpening } from "./lib/sealed.js";

const WORK = { seal, tryOut, release, heads, share };
let told = 0;

self.addEventListener("message", async ({ data }) => {
  try {
    self.postMessage({ id: data.id, result: await WORK[data.work](data, (done, total) => tell(data.id, done, total)) });
  } catch (error) {
    self.postMessage({ id: data.id, failed: textOf(error), code: error.code ?? "" });
  }
});

function tell(id, done, total) {
  if (done < total && performance.now() - told < 100) return;
  told = performance.now();
  self.postMessage({ id, done, total });
}

async function seal({ heading, parts, certificate, password, encryption, at, organisation, rescue }, progress) {
  const signer = await openCertificate(certificate, password);
  try {
    refuseProblems(signer.certificate, { at: new Date(at), organisation });
    const recipient = await recipientIn(encryption ?? certificate, password);
    refuseProblems(recipient, { at: new Date(at), organisation });
    const sealing = { heading: { ...heading, createdAt: new Date(at) }, parts, signer, recipient, tell: progress };
    return await sealBid({ ...sealing, rescue: rescue && readPlan(rescue) });
  } finally {
    signer.close();
  }
}

async function tryOut({ url, file, manifest, certificate, password }, progress) {
  const opener = await openCertificate(certificate, password, "encrypt");
  try {
    const sealed = await readSealed(file ? sourceOf(file) : await rangesOf(url));
    if (sealed.manifestSha256 !== manifest) {
      throw new CertificateProblem("sealed.other");
    }
    const parts = await tryOpening(sealed, opener, progress);
    const { commonName, serial, notAfter } = opener.certificate;
    return { parts, certificate: `${commonName} ${serial}`, notAfter: notAfter.getTime() };
  } finally {
    opener.close();
  }
}

async function release({ url, file, certificate, encryption, password, at }) {
  const opener = await openCertificate(encryption ?? certificate, password, "encrypt");
  const signer = await openCertificate(certificate, password);
  try {
    const sealed = await readSealed(file ? sourceOf(file) : await rangesOf(url));
    return await releaseKeys(sealed, await contentKeys(sealed, opener), signer, new Date(at));
  } finally {
    opener.close();
    signer.close();
  }
}

/** What the helper outside of the browser needs to release the keys of a sealed file; its contents are not read. */
async function heads({ url }) {
  return headsOf(await readSealed(await rangesOf(url)));
}

/** A trustee's shares of a bidder's sealed files, signed. */
async function share({ urls, certificate, encryption, password, at }) {
  const opener = await openCertificate(encryption ?? certificate, password, "encrypt");
  const signer = await openCertificate(certificate, password);
  try {
    const files = [];
    for (const url of urls) files.push(await readSealed(await rangesOf(url)));
    return await releaseShares(files, { opener, signer, at: new Date(at) });
  } finally {
    opener.close();
    signer.close();
  }
}

/** The rescue that the document declares, with its certificates read from base64. */
const readPlan = ({ threshold, trustees }) => ({
  threshold, trustees: trustees.map(({ name, certificate }) => ({ name, certificate: readCertificate(fromBase64(certificate)) })),
});

/** The encryption certificate: in a .p12 with its key, or by itself (.cer, .crt, .pem). */
async function recipientIn(file, password) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const armoured = new TextDecoder().decode(bytes).match(/-----BEGIN CERTIFICATE-----([^-]+)-----END/);
  if (armoured) return readCertificate(fromBase64(armoured[1].replace(/\s/g, "")));
  try {
    return await holderOf(file, password);
  } catch (error) {
    if (!(error instanceof CertificateProblem) || error.code !== "file.unreadable") throw error;
    return readCertificate(bytes);
  }
}

async function holderOf(file, password) {
  const opener = await openCertificate(file, password, "encrypt");
  opener.close();
  return opener.certificate;
}

function refuseProblems(certificate, expected) {
  const [problem] = problemsOf(certificate, expected);
  if (problem) throw problem;
}
