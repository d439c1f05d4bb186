// The scanner and the papers at hand.

import { badge, byId, call, faults, make, post } from "/controls.js";

export async function layOutDocuments() {
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

const showScannerFault = faults(byId("scanner-faults"), "scanner", [
  ["jam", "卡纸", true], ["coverOpen", "盖子开着", true], ["doorOpen", "门开着", true], ["mispick", "没搓进纸", true],
  ["multipick", "两张一起进", true], ["goneMidPage", "扫到一半断开", true], ["busy", "忙", true],
]);

const NAMES = {
  slow: "很慢", garbled: "乱码", silent: "不回答", gone: "线断开了", jam: "卡纸", coverOpen: "盖子开着", doorOpen: "门开着",
  mispick: "没搓进纸", multipick: "两张一起进", goneMidPage: "下一页会断开", busy: "忙",
};

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

export function drawScanner(scanner) {
  pile(byId("tray"), scanner.tray, 4);
  pile(byId("output"), [...scanner.output].reverse(), 4);
  const isFromGlass = scanner.scanning && scanner.glass?.id === scanner.scanning.id;
  pile(byId("path"), scanner.scanning && !isFromGlass ? [scanner.scanning] : [], 0);
  pile(byId("glass"), scanner.glass ? [scanner.glass] : [], 0);
  byId("tray-tag").textContent = scanner.tray.length ? `进纸盘 ${scanner.tray.length} 张` : "进纸盘空";
  byId("output-tag").textContent = scanner.output.length ? `出来了 ${scanner.output.length} 张，还没拿走` : "";
  byId("glass-tag").textContent = scanner.glass ? `玻璃板：${scanner.glass.name}` : "玻璃板";
  byId("scanner-lid").style.transform = ["coverOpen", "doorOpen"].includes(scanner.fault) ? "translateY(-26px) rotate(-4deg)" : "";
  byId("scanner-jam").toggleAttribute("hidden", !["jam", "mispick", "multipick"].includes(scanner.fault));
  byId("scanner-scene").classList.toggle("off", scanner.fault === "gone");
  byId("scanner-lamp").dataset.on = scanner.fault === "gone" ? "" : scanner.scanning ? "work" : ["none", "slow"].includes(scanner.fault) ? "good" : "stop";
  showScannerFault(scanner.fault);
  if (scanner.fault !== "none") badge(byId("scanner-state"), NAMES[scanner.fault], scanner.fault === "slow" ? "warn" : "stop");
  else badge(byId("scanner-state"), scanner.scanning ? "正在扫描" : `空闲，扫过 ${scanner.pagesScanned} 页`, scanner.scanning ? "good" : "");
}

byId("take-originals").addEventListener("click", () => post("scanner/take-originals"));
byId("empty-tray").addEventListener("click", () => call("DELETE", "scanner/tray"));
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
