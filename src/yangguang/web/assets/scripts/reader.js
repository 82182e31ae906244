// The reader of bid files: one page large, thumbnails beside it, search through the text. Shows no properties of a file.
import { GlobalWorkerOptions, getDocument } from "pdfjs-dist/build/pdf.mjs";

const reader = document.querySelector("[data-reader]");
const find = (name) => reader.querySelector(`[data-${name}]`);
const status = find("status");
const canvas = find("canvas");
const texts = new Map();
let file;
let page = 1;
let scale = 1.25;
let drawing = Promise.resolve();

GlobalWorkerOptions.workerPort = new Worker(reader.dataset.worker, { type: "module" });

async function open() {
  const cMapUrl = new URL(reader.dataset.cmaps, location.href).href.replace(/[^/]+$/, "");
  file = await getDocument({ url: reader.dataset.url, cMapUrl, cMapPacked: true, useWasm: false, useSystemFonts: true, isEvalSupported: false, enableXfa: false }).promise;
  find("page").max = String(file.numPages);
  find("count").textContent = `共 ${file.numPages} 页`;
  await show(1);
  status.textContent = "";
  await thumbnails();
}

function show(number) {
  drawing = drawing.then(() => draw(number));
  return drawing;
}

async function draw(number) {
  page = Math.min(Math.max(number, 1), file.numPages);
  const shown = await file.getPage(page);
  await render(shown, canvas, scale * Math.min(window.devicePixelRatio || 1, 2));
  canvas.setAttribute("aria-label", `第 ${page} 页`);
  find("page").value = String(page);
  find("text").textContent = await textOf(page);
  for (const one of find("thumbs").children) {
    if (Number(one.dataset.number) === page) one.setAttribute("aria-current", "page");
    else one.removeAttribute("aria-current");
  }
}

async function render(shown, target, size) {
  const viewport = shown.getViewport({ scale: size });
  target.width = viewport.width;
  target.height = viewport.height;
  await shown.render({ canvas: target, viewport, annotationMode: 0 }).promise;
}

async function thumbnails() {
  for (let number = 1; number <= file.numPages; number += 1) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.number = String(number);
    if (number === page) button.setAttribute("aria-current", "page");
    const small = document.createElement("canvas");
    small.setAttribute("aria-hidden", "true");
    const label = document.createElement("span");
    label.textContent = `第 ${number} 页`;
    button.append(small, label);
    button.addEventListener("click", () => show(number));
    find("thumbs").append(button);
    await render(await file.getPage(number), small, 0.2);
  }
}

async function textOf(number) {
  if (!texts.has(number)) {
    const content = await (await file.getPage(number)).getTextContent();
    texts.set(number, content.items.map((one) => one.str ?? "").join(""));
  }
  return texts.get(number);
}

async function search(words) {
  const wanted = words.replace(/\s+/g, "").toLowerCase();
  if (!wanted) return;
  status.textContent = "正在查找……";
  for (let step = 1; step <= file.numPages; step += 1) {
    const number = ((page - 1 + step) % file.numPages) + 1;
    const text = (await textOf(number)).replace(/\s+/g, "").toLowerCase();
    if (text.includes(wanted)) {
      await show(number);
      status.textContent = `“${words}”在第 ${number} 页${step === file.numPages ? "（只有这一页）" : ""}。再点“查找”看下一处。`;
      return;
    }
  }
  status.textContent = `没有找到“${words}”。扫描件没有文字层，不能查找。`;
}

find("previous").addEventListener("click", () => show(page - 1));
find("next").addEventListener("click", () => show(page + 1));
find("larger").addEventListener("click", () => { scale = Math.min(scale * 1.25, 5); show(page); });
find("smaller").addEventListener("click", () => { scale = Math.max(scale / 1.25, 0.4); show(page); });
find("page").addEventListener("change", (event) => show(Number(event.target.value) || 1));
find("find").addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  search(document.getElementById("words").value.trim());
});
open().catch(() => { status.textContent = "打不开这个文件，可能已损坏。请向组长报告。"; });
