// The worker that seals and opens, asked as if it were a function.

/** `ask(work, inputs, tell)` of a worker at this address; failures are errors with a text for people and a code. */
export function workerAt(url) {
  const worker = new Worker(url, { type: "module" });
  const waiting = new Map();
  let last = 0;
  worker.addEventListener("message", ({ data }) => {
    const one = waiting.get(data.id);
    if ("total" in data) return one.tell(data.done, data.total);
    waiting.delete(data.id);
    if ("failed" in data) one.reject(Object.assign(new Error(data.failed), { code: data.code }));
    else one.resolve(data.result);
  });
  worker.addEventListener("error", (event) => {
    for (const one of waiting.values()) one.reject(new Error(`未能完成：${event.message || "请刷新页面后重试"}`));
    waiting.clear();
  });
  return (work, inputs, tell = () => {}) => new Promise((resolve, reject) => {
    waiting.set(++last, { resolve, reject, tell });
    worker.postMessage({ id: last, work, ...inputs });
  });
}

/** `askSealing("release", { url, certificate, encryption, password, at })` and its like, by the page's own worker. */
export function sealingWorker(element) {
  let ask = null;
  return (...inputs) => (ask ??= workerAt(element.dataset.worker))(...inputs);
}
