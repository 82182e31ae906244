// The wall: charts drawn from their own tables, a key to each table, and a board that follows the log by itself.
import { BarChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, GridComponent, CanvasRenderer]);

const EVERY = 5_000;
const OLD = 60_000;
const CONTAINED = { outerBoundsMode: "same", outerBoundsContain: "axisLabel" };
const screen = document.querySelector("[data-screen]");
const board = screen.querySelector("[data-board]");
const live = screen.querySelector("[data-live]");
const charts = new Map();

let seen = screen.dataset.seen;
let heard = Date.now();
let open = ""; // the key of the table that is open

function say(kind, text) {
  if (live.dataset.kind === kind) return;
  live.dataset.kind = kind;
  live.querySelector("[data-live-text]").textContent = text;
}

// Asked again and again, because a wall hangs there for weeks: a lost connection, a restarted server, a night offline.
async function follow() {
  try {
    await ask();
    heard = Date.now();
    say("on", "实时更新");
  } catch {
    say("lost", "连接中断，正在重新连接");
  }
  if (Date.now() - heard > OLD) say("old", `数据停在 ${clock(heard)}，已超过一分钟没有更新`);
  setTimeout(follow, EVERY);
}

async function ask() {
  const signal = AbortSignal.timeout(2 * EVERY);
  const answer = await fetch(`${screen.dataset.screen}?seen=${seen}`, { cache: "no-store", redirect: "error", signal });
  if (answer.status === 204) return;
  if (!answer.ok) throw new Error(String(answer.status));
  replaceChanged(await answer.text());
  seen = answer.headers.get("X-Seen");
}

const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });

let told = partsOf(board.innerHTML);

/** Only what changed is put in its place: charts and whatever has the focus stay. */
function replaceChanged(html) {
  const fresh = partsOf(html);
  for (const [name, text] of fresh) {
    if (told.get(name) === text) continue;
    const part = board.querySelector(`[data-part="${name}"]`);
    for (const figure of part.querySelectorAll("[data-chart]")) forget(figure.dataset.chart);
    part.outerHTML = text;
  }
  told = fresh;
  show();
}

function partsOf(html) {
  const parts = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-part]");
  return new Map([...parts].map((one) => [one.dataset.part, one.outerHTML]));
}

/** Draw the charts, and lay the one table that somebody asked for over the wall. */
function show() {
  for (const table of board.querySelectorAll("[data-table]")) {
    table.hidden = table.dataset.table !== open;
    board.querySelector(`[aria-controls="${table.id}"]`).setAttribute("aria-expanded", String(!table.hidden));
  }
  for (const figure of board.querySelectorAll("[data-chart]")) draw(figure);
}

function draw(figure) {
  const place = figure.querySelector("[data-picture]");
  const name = figure.dataset.chart;
  if (!charts.has(name)) {
    charts.set(name, init(place));
    resized.observe(place);
  }
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", `${figure.querySelector("h2").textContent}的柱状图，数据见表格`);
  charts.get(name).resize();
  charts.get(name).setOption(name === "months" ? upright(figure) : lying(figure), true);
}

function forget(name) {
  charts.get(name)?.dispose();
  charts.delete(name);
}

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target.isConnected) draw(target.closest("[data-chart]"));
});

function upright(figure) {
  const { labels, series, style, text } = readings(figure);
  return {
    ...style,
    grid: { left: 0, right: 0, top: 1.6 * text.fontSize, bottom: 0, ...CONTAINED },
    xAxis: { type: "category", data: labels.map((one) => one.replace("月", "")), axisLabel: text, axisTick: { show: false } },
    yAxis: { type: "value", show: false },
    series: [bars(series.before, "before", text), bars(series.now, "now", text)],
  };
}

function lying(figure) {
  const { labels, series, style, text } = readings(figure);
  return {
    ...style,
    grid: { left: 0, right: 3 * text.fontSize, top: 0, bottom: 0, ...CONTAINED },
    xAxis: { type: "value", show: false },
    yAxis: { type: "category", inverse: true, data: labels, axisLabel: text, axisTick: { show: false }, axisLine: { show: false } },
    series: [bars(series.now, "now", text), bars(series.before, "before", text)],
  };
}

function bars(data, year, text) {
  const color = getComputedStyle(screen).getPropertyValue(`--yg-screen-${year}`).trim();
  const label = { ...text, show: year === "now", position: "outside", formatter: ({ value }) => value || "" };
  return { type: "bar", data, itemStyle: { color, borderRadius: 3 }, barGap: "10%", barCategoryGap: "30%", label };
}

/** What the table of a chart says. */
function readings(figure) {
  const rows = [...figure.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent.trim()));
  const { color, fontFamily, fontSize } = getComputedStyle(figure);
  const number = (cell) => (cell === "—" ? null : Number(cell));
  return {
    labels: rows.map((row) => row[0]),
    series: { now: rows.map((row) => number(row[1])), before: rows.map((row) => number(row[2])) },
    style: { animation: false, textStyle: { fontFamily } },
    text: { color, fontFamily, fontSize: parseFloat(fontSize) },
  };
}

function turn(key) {
  if (key !== "Escape" && !board.querySelector(`[data-table="${CSS.escape(key)}"]`)) return;
  open = key === "Escape" || key === open ? "" : key;
  show();
}

board.addEventListener("click", (event) => {
  const button = event.target.closest("[data-key]");
  if (button) turn(button.dataset.key);
});
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea");
  if (!isTyping && !event.ctrlKey && !event.altKey && !event.metaKey) turn(event.key);
});

screen.dataset.drawn = "1";
show();
follow();
