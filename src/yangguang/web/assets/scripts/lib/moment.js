// The server's moment in a page.

/** The one that the page was made at, and what passed since by the machine's own counter. */
export function serverMoment() {
  const served = Number(document.documentElement.dataset.at);
  return new Date(served ? served + performance.now() : Date.now());
}
