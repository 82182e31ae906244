// The digest of a recording, computed where the file lies: it is never uploaded.
import { toHex } from "./lib/bytes.js";
import { Sha256 } from "./lib/hashes.js";

const SLICE = 8 * 1024 * 1024;

async function digestOf(file, tell) {
  const digest = new Sha256();
  for (let at = 0; at < file.size; at += SLICE) {
    digest.update(new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer()));
    tell(Math.min(100, Math.round(((at + SLICE) / file.size) * 100)));
  }
  return toHex(digest.digest());
}

for (const box of document.querySelectorAll("[data-digest]")) {
  const input = box.querySelector("input");
  const status = box.querySelector("[data-digest-status]");
  const form = input.closest("form");
  const button = form.querySelector("button[type=submit]");
  box.hidden = false;
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    button.disabled = true;
    try {
      const digest = await digestOf(file, (done) => { status.textContent = `正在计算摘要 ${done}%`; });
      if (input.files[0] !== file) return;
      form.elements.sha256.value = digest;
      if (!form.elements.file_index.value) form.elements.file_index.value = file.name;
      status.textContent = "摘要已计算并填入。";
    } catch {
      status.textContent = "文件读不出来，请重新选择，或者用工具计算后粘贴。";
    } finally {
      button.disabled = false;
    }
  });
}
