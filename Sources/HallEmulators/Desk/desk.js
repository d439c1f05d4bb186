// The desk page: draws the state that the hall sends, and tells the hall what a hand does.

const byId = (id) => document.getElementById(id);

async function call(method, path, body, type = "application/json") {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": type };
    options.body = type === "application/json" ? JSON.stringify(body) : body;
  }
  const answer = await fetch(`/api/${path}`, options);
  if (!answer.ok) {
    const said = await answer.json().catch(() => ({}));
    alert(said?.error?.message ?? `没有做成（${answer.status}）`);
  }
  return answer;
}
const post = (path, body = {}) => call("POST", path, body);

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** A row of buttons of which one is down; `update` says which. */
function switches(holder, label, choices, onChoice) {
  const group = holder.classList.contains("switches") ? holder : holder.appendChild(make("div", { className: "switches" }));
  if (label) group.append(make("span", { textContent: label }));
  const buttons = choices.map(([value, text, isBad]) => {
    const button = make("button", { type: "button", textContent: text, title: value, className: isBad ? "bad" : "" });
    button.addEventListener("click", () => onChoice(value));
    group.append(button);
    return [value, button];
  });
  return (current) => buttons.forEach(([value, button]) => button.setAttribute("aria-pressed", String(value === current)));
}

function badge(node, text, kind = "") {
  node.textContent = text;
  node.dataset.kind = kind;
}

// Card reader

const FACE = '<svg viewBox="0 0 32 36" aria-hidden="true"><circle cx="16" cy="11" r="8"/><path d="M2 36a14 14 0 0 1 28 0z"/></svg>';
const cards = new Map();

function cardFace(button, card) {
  button.innerHTML = FACE;
  button.prepend(
    make("b", { textContent: card.name }),
    make("span", { textContent: card.note, className: "note" }),
    make("span", { textContent: `有效期至 ${card.validTo}` }),
    make("span", { textContent: card.number, className: "number" }));
}

async function layOutWallet() {
  const wallet = await (await fetch("/api/wallet")).json();
  for (const card of wallet) {
    const button = make("button", { type: "button", className: "idcard" });
    cardFace(button, card);
    button.setAttribute("aria-label", `${card.name}，${card.note}`);
    button.addEventListener("click", () =>
      state?.reader.card === card.id ? post("reader/remove") : post("reader/place", { card: card.id }));
    byId("wallet").append(make("li", {}, button));
    cards.set(card.id, { card, button });
  }
}

const showReaderFault = switches(byId("reader-faults"), "", [
  ["none", "正常"], ["singleBytes", "一字节一字节", true], ["extraPreamble", "多余前导", true], ["nonZeroFind", "寻卡带数据", true],
  ["staleReply", "迟到的回答", true], ["wrongChecksumOnce", "校验错一次", true], ["status41Once", "读卡失败一次", true],
  ["silence", "不回答", true], ["notAuthorised", "未授权 66", true], ["endlessNoise", "不停的杂音", true], ["unplugged", "拔掉线", true],
], (mode) => post("reader/misbehave", { mode }));

const PHASES = { waiting: "有卡，还没读", found: "找到卡", selected: "选中卡", read: "读完了" };

function drawReader(reader) {
  const large = byId("on-reader");
  if (large.dataset.card !== (reader.card ?? "")) {
    large.dataset.card = reader.card ?? "";
    large.hidden = !reader.card;
    if (reader.card && cards.has(reader.card)) cardFace(large, cards.get(reader.card).card);
  }
  for (const [id, { button }] of cards) button.dataset.away = String(id === reader.card);
  showReaderFault(reader.misbehaviour);
  const isOut = reader.misbehaviour === "unplugged";
  byId("reader-lamp").dataset.on = isOut ? "" : reader.phase === "read" ? "good" : reader.card ? "work" : "good";
  byId("reader-cable").classList.toggle("off", isOut);
  byId("reader-scene").classList.toggle("off", isOut);
  if (isOut) badge(byId("reader-state"), "线拔掉了", "stop");
  else if (reader.misbehaviour !== "none") badge(byId("reader-state"), reader.remaining ? `出毛病（还有 ${reader.remaining} 次）` : "出毛病", "warn");
  else badge(byId("reader-state"), reader.card ? PHASES[reader.phase] : "空着", reader.card ? "good" : "");
}

// Scanner

async function layOutDocuments() {
  const list = await (await fetch("/api/scanner/documents")).json();
  for (const item of list) {
    const button = make("button", { type: "button" },
      make("img", { src: `/api/scanner/documents/${item.id}`, alt: "" }), item.name);
    button.addEventListener("click", () => post("scanner/tray", { document: item.id, place: place() }));
    byId("documents").append(make("li", {}, button));
  }
}

const place = () => (byId("on-glass").checked ? "glass" : "tray");

async function layPictures(files) {
  for (const file of files) {
    if (/^image\/(jpeg|png)$/.test(file.type)) await call("POST", `scanner/tray?place=${place()}`, file, file.type);
  }
}

const showScannerFault = switches(byId("scanner-faults"), "", [
  ["none", "正常"], ["jam", "卡纸", true], ["coverOpen", "盖子开着", true], ["slow", "很慢", true],
  ["goneMidPage", "扫到一半断开", true], ["gone", "找不到", true], ["busy", "忙", true],
], (fault) => post("scanner/fault", { fault }));

function pile(node, sheets, step) {
  const key = sheets.map((sheet) => sheet.id).join();
  if (node.dataset.key === key) return;
  node.dataset.key = key;
  node.replaceChildren(...sheets.slice(0, 6).reverse().map((sheet, index, all) => {
    const picture = make("img", { src: `/api/scanner/sheets/${sheet.id}`, alt: sheet.name });
    picture.style.left = `${(all.length - 1 - index) * step}px`;
    picture.style.top = `${(all.length - 1 - index) * step}px`;
    return picture;
  }));
}

function drawScanner(scanner) {
  pile(byId("tray"), scanner.tray, 4);
  pile(byId("output"), [...scanner.output].reverse(), 4);
  const isFromGlass = scanner.scanning && scanner.glass?.id === scanner.scanning.id;
  pile(byId("path"), scanner.scanning && !isFromGlass ? [scanner.scanning] : [], 0);
  pile(byId("glass"), scanner.glass ? [scanner.glass] : [], 0);
  byId("tray-tag").textContent = scanner.tray.length ? `进纸盘 ${scanner.tray.length} 张` : "进纸盘空";
  byId("output-tag").textContent = scanner.output.length ? `出来了 ${scanner.output.length} 张，还没拿走` : "";
  byId("glass-tag").textContent = scanner.glass ? `玻璃板：${scanner.glass.name}` : "玻璃板";
  byId("scanner-lid").style.transform = scanner.fault === "coverOpen" ? "translateY(-26px) rotate(-4deg)" : "";
  byId("scanner-jam").toggleAttribute("hidden", scanner.fault !== "jam");
  byId("scanner-scene").classList.toggle("off", scanner.fault === "gone");
  byId("scanner-lamp").dataset.on = scanner.fault === "gone" ? "" : scanner.scanning ? "work" : ["none", "slow"].includes(scanner.fault) ? "good" : "stop";
  showScannerFault(scanner.fault);
  const names = { jam: "卡纸", coverOpen: "盖子开着", slow: "很慢", goneMidPage: "下一页会断开", gone: "找不到", busy: "忙" };
  if (scanner.fault !== "none") badge(byId("scanner-state"), names[scanner.fault], scanner.fault === "slow" ? "warn" : "stop");
  else badge(byId("scanner-state"), scanner.scanning ? "正在扫描" : `空闲，扫过 ${scanner.pagesScanned} 页`, scanner.scanning ? "good" : "");
}

// Printer

const holder = byId("printer-switches");
const setPrinter = (name) => (value) => post("printer/state", { [name]: value });
const showPaper = switches(holder, "纸", [["full", "足"], ["nearEnd", "快完了", true], ["out", "没有", true]], setPrinter("paper"));
const showPower = switches(holder, "电源", [["on", "开"], ["off", "关", true]], setPrinter("power"));
const showCover = switches(holder, "盖子", [["closed", "关好"], ["open", "开着", true]], setPrinter("cover"));
const showCutter = switches(holder, "切刀", [["ok", "好"], ["error", "卡住", true]], setPrinter("cutter"));
const showFaultAt = switches(holder, "20 毫米", [["paperOut", "时没纸", true], ["power", "时断电", true], ["cover", "时开盖", true]],
  (fault) => post("printer/fault-at", { millimetres: 20, fault }));
const showModel = switches(holder, "型号", [["epson", "爱普生"], ["clone", "兼容机"]], (model) => post("printer/model", { model }));

let drawnSlip = "";
function drawPrinter(printer, slips) {
  showPaper(printer.paper);
  showPower(printer.power);
  showCover(printer.cover);
  showCutter(printer.cutter);
  showModel(printer.model);
  showFaultAt(printer.faultAt?.fault);
  byId("printer-lamp").dataset.on = printer.power === "off" ? "" : printer.online ? (printer.printing ? "work" : "good") : "stop";
  byId("paper-lamp").dataset.on = printer.power === "off" ? "" : { full: "good", nearEnd: "warn", out: "stop" }[printer.paper];
  byId("printer-cover").style.transform = printer.cover === "open" ? "translateY(-6px) scaleY(1.25)" : "";
  byId("printer-scene").classList.toggle("off", printer.power === "off" && !printer.slipInSlot);

  const waiting = slips.filter((slip) => !slip.taken);
  const shown = waiting.find((slip) => slip.id === "current" && printer.printing) ?? waiting.at(-1);
  const picture = byId("slip-picture");
  picture.hidden = !shown;
  if (shown) {
    const key = `${shown.id}-${shown.millimetres}`;
    if (key !== drawnSlip) {
      drawnSlip = key;
      picture.src = `/api/printer/slips/${shown.id}.png?${shown.millimetres}`;
      picture.alt = shown.lines.join(" ");
      picture.dataset.loose = String(shown.id !== "current");
      if (shown.id === "current") byId("slip").scrollTop = 1e6;
    }
  } else drawnSlip = "";
  byId("take-slip").disabled = !printer.slipInSlot;
  byId("slip-state").textContent = shown
    ? shown.id === "current" ? `出来了 ${shown.millimetres} 毫米` : `${shown.millimetres} 毫米，${shown.complete ? "完整" : "不完整"}，等人拿` : "出纸口空着";
  const state = byId("printer-state");
  if (printer.power === "off") badge(state, "没有电", "stop");
  else if (printer.cover === "open") badge(state, "盖子开着", "stop");
  else if (printer.paper === "out") badge(state, "没有纸", "stop");
  else if (!printer.online) badge(state, "切刀卡住", "stop");
  else if (printer.printing) badge(state, "正在打印", "good");
  else badge(state, printer.paper === "nearEnd" ? "纸快完了" : "空闲", printer.paper === "nearEnd" ? "warn" : "");

  const list = slips.filter((slip) => slip.id !== "current").slice(-12);
  const key = JSON.stringify(list.map((slip) => [slip.id, slip.taken]));
  if (byId("slips").dataset.key !== key) {
    byId("slips").dataset.key = key;
    byId("slips").replaceChildren(...list.map((slip) => {
      const link = make("a", { href: `/api/printer/slips/${slip.id}.png`, target: "_blank", rel: "noopener",
        textContent: `${slip.id.replace("slip-", "第 ")} 张 · ${slip.millimetres} 毫米${slip.complete ? "" : " · 不完整"}` });
      link.dataset.complete = String(slip.complete);
      return make("li", {}, link);
    }));
  }
}

// Network and calls for staff

const MODES = {
  ok: { mode: "ok" }, cut: { mode: "cut" }, slow: { mode: "slow", bytesPerSecond: 4000 }, blackhole: { mode: "blackhole" },
  cutAfterBytes: { mode: "cutAfterBytes", bytes: 65536, direction: "up" },
  loseAnswer: { mode: "cutAfterBytes", bytes: 0, direction: "down" },
};
const showNetwork = switches(byId("network-modes"), "", [
  ["ok", "通"], ["cut", "断", true], ["slow", "慢（每秒 4 kB）", true], ["blackhole", "有去无回", true],
  ["cutAfterBytes", "再传 64 kB 就断一次", true], ["loseAnswer", "丢掉下一个回答", true],
], (name) => post("network", MODES[name]));

function drawNetwork(network) {
  byId("network-modes").hidden = !network;
  if (!network) return badge(byId("network-state"), "没有接平台（用 --platform 接上）");
  showNetwork(network.mode);
  byId("wire").dataset.mode = network.mode;
  byId("wire-cut").toggleAttribute("hidden", !["cut", "blackhole"].includes(network.mode));
  badge(byId("network-state"), `${network.connections} 个连接，发出 ${Math.round(network.bytesUp / 1024)} kB，收到 ${Math.round(network.bytesDown / 1024)} kB`,
    network.mode === "ok" ? "good" : "stop");
}

function drawCalls(calls) {
  byId("calls").hidden = calls.length === 0;
  byId("calls-head").textContent = `有人叫帮忙（${calls.length}）`;
  byId("calls-list").replaceChildren(...calls.slice(-5).reverse().map((item) =>
    make("li", { textContent: `${item.kiosk} · ${item.step} · ${new Date(item.at).toLocaleTimeString("zh-CN")}` })));
}

// Wiring

let state;
function draw(next) {
  state = next;
  drawReader(next.reader);
  drawScanner(next.scanner);
  drawPrinter(next.printer, next.slips);
  drawNetwork(next.network);
  drawCalls(next.staffCalls);
}

byId("on-reader").addEventListener("click", () => post("reader/remove"));
byId("reset").addEventListener("click", () => post("reset"));
byId("take-originals").addEventListener("click", () => post("scanner/take-originals"));
byId("empty-tray").addEventListener("click", () => call("DELETE", "scanner/tray"));
byId("take-slip").addEventListener("click", () => post("printer/take-slip"));
byId("file").addEventListener("change", (event) => layPictures(event.target.files).then(() => (event.target.value = "")));
for (const zone of [byId("drop"), byId("scanner-scene")]) {
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    layPictures(event.dataTransfer.files);
  });
}

await Promise.all([layOutWallet(), layOutDocuments()]);
const events = new EventSource("/api/events");
events.onmessage = (event) => draw(JSON.parse(event.data));
events.onopen = () => { byId("link").dataset.on = "true"; byId("link").textContent = "已连接"; };
events.onerror = () => { byId("link").dataset.on = "false"; byId("link").textContent = "大厅没有回答"; };
