"use strict";

/** The data of this page, which the program wrote. */
const data = JSON.parse(document.getElementById("data").textContent);

const GREEN = "#2da44e", BLUE = "#1f6feb", RED = "#b00020", GREY = "#57606a";
const ROW_PIXELS = 18, AXIS_PIXELS = 50, LEFT_PIXELS = 60, LABEL_PIXELS = 20;

/** Adds an element with a text; the text is never read as HTML. */
function add(parent, tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return parent.appendChild(element);
}

function addTable(parent, header, rows) {
  const table = add(parent, "table");
  for (const [tag, cells] of [["th", header], ...rows.map(row => ["td", row])]) {
    const line = add(table, "tr");
    cells.forEach(cell => add(line, tag, cell));
  }
}

const seconds = millis => millis / 1000;

/**
 * Adds a chart over time and keeps it as wide as the page.
 *
 * The height is in pixels. Series, values (times in seconds first), axes, ranges and hooks have
 * uPlot's form.
 * Charts with the same sync key share the cursor and the zoom.
 */
function addChart(parent, { height, series, values, yAxis, yRange, hooks, sync }) {
  const holder = add(parent, "div");
  const chart = new uPlot({
    width: holder.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, sync: { key: sync, scales: ["x", null] } },
    scales: { x: { time: false }, y: { range: yRange } },
    axes: [{ values: (_, ticks) => ticks.map(tick => tick + " s") }, yAxis],
    series: [{}, ...series],
    hooks,
  }, values, holder);
  addEventListener("resize", () => chart.setSize({ width: holder.clientWidth, height }));
}

/** Adds bars for the answers in each of equal parts of the time, and a line at each mark. */
function addCounts(parent, { name, counts, millis, colour, marks = [], sync }) {
  const part = seconds(millis) / counts.length;
  addChart(parent, {
    height: 90 + AXIS_PIXELS,
    series: [{
      label: name,
      stroke: colour,
      fill: colour,
      width: 0,
      points: { show: false },
      paths: uPlot.paths.bars({ size: [1, Infinity], align: 1 }),
    }],
    values: [[...counts, null].map((_, i) => i * part), [...counts, null]],
    yAxis: { label: name, labelSize: LABEL_PIXELS, size: LEFT_PIXELS - LABEL_PIXELS },
    yRange: (_, min, max) => [0, Math.max(1, max)],
    hooks: { draw: [chart => marks.forEach(mark => drawLine(chart, mark, chart.bbox.height))] },
    sync,
  });
}

/** Draws a dashed line from the top down, where a mark begins. */
function drawLine(chart, mark, height) {
  const { ctx, bbox } = chart;
  const x = place(chart, mark.from, true);
  ctx.save();
  ctx.setLineDash([3, 3]);
  ctx.strokeStyle = mark.colour;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + height);
  ctx.stroke();
  ctx.restore();
}

/** Where a time is drawn, not further out than the chart; in pixels of the canvas or of the page. */
function place(chart, millis, ofCanvas) {
  const { min, max } = chart.scales.x;
  return chart.valToPos(Math.min(Math.max(seconds(millis), min), max), "x", ofCanvas);
}

/**
 * Adds rows, one below the other: each a bar from its beginning to its end, and its text. A row
 * without an end goes on to the end of the chart; one that ends as it begins is a line.
 */
function addRows(parent, { from, to, rows, sync }) {
  if (rows.length === 0) {
    return;
  }
  const texts = rows.map(row => ({ ...row, to: row.to ?? to }));
  addChart(parent, {
    height: rows.length * ROW_PIXELS + AXIS_PIXELS,
    series: [{ show: false }],
    values: [[seconds(from), seconds(to)], [0, 0]],
    yAxis: { size: LEFT_PIXELS, ticks: { show: false }, grid: { show: false }, values: () => [] },
    yRange: () => [0, rows.length],
    hooks: { draw: [chart => drawRows(chart, texts)] },
    sync,
  });
}

function drawRows(chart, rows) {
  const { ctx, over, bbox } = chart;
  const height = bbox.height / rows.length;
  over.querySelectorAll(".row-text").forEach(text => text.remove());
  rows.forEach((row, i) => {
    const left = place(chart, row.from, true);
    const isInstant = row.from === row.to;
    if (isInstant) {
      drawLine(chart, row, (i + 0.8) * height);
    } else {
      ctx.save();
      ctx.globalAlpha = 0.6;
      ctx.fillStyle = row.colour;
      ctx.fillRect(
        left, bbox.top + (i + 1 / 6) * height, Math.max(2, place(chart, row.to, true) - left), height * 2 / 3);
      ctx.restore();
    }
    const text = add(over, "span", row.text, "row-text");
    text.style.color = isInstant ? row.colour : "inherit";
    text.style.top = (i + 0.25) * over.clientHeight / rows.length + "px";
    placeText(text, place(chart, row.from), place(chart, row.to), over.clientWidth);
  });
}

/** Puts a text where there is room: after its bar, before it, or else on it. */
function placeText(text, begin, end, width) {
  const space = 4;
  const needed = text.offsetWidth + space;
  if (end + needed <= width) {
    text.style.left = end + space + "px";
  } else if (begin >= needed) {
    text.style.right = width - begin + space + "px";
  } else {
    text.style.left = begin + space + "px";
  }
}
