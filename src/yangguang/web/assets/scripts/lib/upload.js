// Resumable upload of a sealed file by the tus protocol; goes on by itself after a lost connection.
import { Upload } from "tus-js-client";

const CHUNK = 8 * 1024 * 1024;
const WAITS = [0, 1000, 3000, 5000, 10000, 20000, 30000, 30000, 30000, 30000, 30000, 30000];

/**
 * Send `file` (File or Blob) to `endpoint` for `act`. Gives { pause(), go() }.
 * `tell.progress(sent, total)`, `tell.done(url)`, `tell.failed(refusals | null, status)`; status 0: no answer at all.
 */
export function sendSealed(file, { endpoint, act, token, tell }) {
  const upload = new Upload(file, {
    endpoint,
    chunkSize: CHUNK,
    retryDelays: WAITS,
    metadata: { act },
    headers: { "X-CSRFToken": token },
    removeFingerprintOnSuccess: true,
    storeFingerprintForResuming: file instanceof File,
    onProgress: tell.progress,
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      return status === 0 || status === 409 && !refusalsIn(error) || status === 423 || status >= 500 && status !== 507;
    },
    onError: (error) => tell.failed(refusalsIn(error), error.originalResponse?.getStatus() ?? 0),
    onSuccess: () => tell.done(upload.url),
  });
  const begin = async () => {
    // The same file for the same purpose goes on where it stopped; the server says how far it was.
    const [before] = (await upload.findPreviousUploads()).filter((one) => one.metadata.act === act);
    if (before) upload.resumeFromPreviousUpload(before);
    upload.start();
  };
  begin();
  return { pause: () => upload.abort(), go: () => upload.start() };
}

function refusalsIn(error) {
  try {
    return JSON.parse(error.originalResponse.getBody()).refusals;
  } catch {
    return null;
  }
}
