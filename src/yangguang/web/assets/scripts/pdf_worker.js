// pdf.js's worker, as its makers built it, under a name of our own.
export { WorkerMessageHandler } from "pdfjs-dist/build/pdf.worker.mjs";
