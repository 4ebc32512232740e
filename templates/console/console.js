// What the console does more where a browser runs scripts: pages that stand open stay true, and a
// form is not sent twice. Without it everything can be done all the same.
"use strict";

const POLL = 10000;
const SILENCE = 45000; // the other side says that it is there every 15 seconds
const TOGETHER = 80; // milliseconds in which changes are gathered before rows are asked for

const live = document.getElementById("live");
if (live) follow(live);

for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", () => {
    // After the browser has read the form: a button that is off is not sent.
    setTimeout(() => { for (const one of form.querySelectorAll("button")) one.disabled = true; });
  });
}
// Coming back to a page, one may want to do it again.
addEventListener("pageshow", () => {
  for (const one of document.querySelectorAll("form button[disabled]")) one.disabled = false;
});

// What is too large would be refused only after all of it was sent, and the form be lost.
const most = 1024 * Number(document.querySelector('meta[name="most-kilobytes"]')?.content || Infinity);
for (const input of document.querySelectorAll('input[type="file"]')) {
  input.addEventListener("change", () => {
    const large = [...input.files].some((file) => file.size > most);
    input.setCustomValidity(large ? `文件太大，最大 ${Math.floor(most / 1048576)} MB，请换小一些的` : "");
    input.reportValidity();
  });
}

function follow(sign) {
  const waiting = new Map();
  let timer = 0;
  let polling = 0;

  const gather = (item, said) => {
    waiting.set(item, said);
    timer ||= setTimeout(() => { timer = 0; const some = [...waiting]; waiting.clear(); refresh(some); }, TOGETHER);
  };
  const poll = () => {
    say(sign, "每 10 秒更新", true);
    polling ||= setInterval(() => refresh(shown().map((item) => [item, ""])), POLL);
  };
  if (!window.EventSource) { poll(); return; }

  const source = new EventSource(`/live?since=${sign.dataset.since}`);
  let failures = 0;
  let heard = Date.now();
  const giveUp = () => { clearInterval(watch); source.close(); poll(); };
  // A line that is cut again and again, or held back on its way, is no line.
  const watch = setInterval(() => { if (Date.now() - heard > SILENCE) giveUp(); }, POLL);
  const hear = () => { heard = Date.now(); failures = 0; };
  for (const kind of ["still", "change", "reload"]) source.addEventListener(kind, hear);
  source.addEventListener("open", () => { heard = Date.now(); clearInterval(polling); polling = 0; say(sign, "实时更新", true); });
  source.addEventListener("change", (event) => {
    const { item, title, channel, word } = JSON.parse(event.data);
    gather(item, `${title}：${heading(channel)}${word}`);
  });
  // Too much has happened to be told one by one. The page itself stays: somebody may be typing.
  source.addEventListener("reload", () => refresh(shown().map((item) => [item, ""])));
  source.addEventListener("error", () => {
    failures += 1;
    // Closed: the browser will not try again by itself.
    if (source.readyState === EventSource.CLOSED || failures > 5) giveUp();
    else say(sign, "正在重新连接……", false);
  });
}

// What stands open: rows of the matrix, or the one page of an item.
function shown() {
  const page = document.querySelector("[data-page-item]");
  if (page) return [page.dataset.pageItem];
  return [...document.querySelectorAll("[data-item]")].map((row) => row.dataset.item);
}

async function refresh(changed) {
  const here = new Set(shown());
  const mine = changed.filter(([item]) => here.has(item));
  if (changed.length > mine.length) offerNew();
  if (!mine.length) return;
  const part = document.querySelector("[data-part]");
  const asked = part ? part.dataset.part : rowsOf(mine.map(([item]) => item));
  let answer;
  try {
    answer = await fetch(asked, { headers: { "x-live": "1" } });
  } catch {
    return; // the network is away: what comes next brings all of it
  }
  if (answer.status === 401) { say(document.getElementById("live"), "登录已过期，请刷新网页重新登录", false); return; }
  if (!answer.ok) return;
  const text = await answer.text();
  if (part) replacePart(part, text);
  else replaceRows(text);
  const said = mine.map(([, word]) => word).filter(Boolean);
  const voice = document.getElementById("said");
  if (voice && said.length) voice.textContent = said.slice(-3).join("；");
}

function rowsOf(items) {
  const query = new URLSearchParams(items.slice(0, 50).map((item) => ["item", item]));
  const channel = document.getElementById("rows")?.dataset.channel;
  if (channel) query.set("channel", channel);
  return `/rows?${query}`;
}

function replaceRows(text) {
  const table = document.createElement("template");
  table.innerHTML = `<table><tbody>${text}</tbody></table>`;
  for (const row of table.content.querySelectorAll("tr")) {
    const old = document.getElementById(row.id);
    if (!old || old.innerHTML.trim() === row.innerHTML.trim()) continue;
    const focused = old.contains(document.activeElement) ? [...old.querySelectorAll("a")].indexOf(document.activeElement) : -1;
    row.classList.add("fresh");
    old.replaceWith(row);
    if (focused >= 0) row.querySelectorAll("a")[focused]?.focus();
  }
}

// Of an item's page: not while somebody is typing in it.
function replacePart(part, text) {
  if (part.contains(document.activeElement) || part.querySelector("details.action[open]")) {
    offerNew("这一条有变化");
    return;
  }
  part.innerHTML = text;
}

function offerNew(why = "有新的变化") {
  const sign = document.getElementById("live");
  if (sign.dataset.live === "no" && why === "有新的变化") return;
  if (sign.querySelector("a")) return;
  const link = document.createElement("a");
  link.href = sign.dataset.here || location.href.split("#")[0];
  link.textContent = `${why}，刷新`;
  sign.append(" ", link);
}

function heading(channel) {
  const names = JSON.parse(document.getElementById("live").dataset.titles || "{}");
  return names[channel] || channel;
}

function say(sign, word, on) {
  const link = sign.querySelector("a");
  sign.textContent = word;
  if (link) sign.append(" ", link);
  sign.classList.toggle("on", on);
}
