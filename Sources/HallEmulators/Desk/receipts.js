// The receipt printer.

import { badge, byId, faults, make, post, switches } from "/controls.js";

const holder = byId("printer-switches");
const setPrinter = (name) => (value) => post("printer/state", { [name]: value });
const row = () => holder.appendChild(make("div", { className: "switches" }));
const showFault = faults(holder, "printer");
const showPaper = switches(row(), "纸", [["full", "足"], ["nearEnd", "快完了", true], ["out", "没有", true]], setPrinter("paper"));
const showPower = switches(row(), "电源", [["on", "开"], ["off", "关", true]], setPrinter("power"));
const showCover = switches(row(), "盖子", [["closed", "关好"], ["open", "开着", true]], setPrinter("cover"));
const showCutter = switches(row(), "切刀", [["ok", "好"], ["error", "卡住", true]], setPrinter("cutter"));
const showFaultAt = switches(row(), "20 毫米", [["", "没事"], ["nearEnd", "时快完", true], ["paperOut", "时没纸", true], ["power", "时断电", true],
  ["cover", "时开盖", true], ["cutter", "时卡刀", true]],
  (fault) => post("printer/fault-at", fault ? { millimetres: 20, fault } : {}));
const showInside = switches(row(), "图中命令", [["false", "当图"], ["true", "照做", true]],
  (inside) => setPrinter("executesRealTimeInsideData")(inside === "true"));
const showModel = switches(row(), "型号", [["epson", "爱普生"], ["clone", "兼容机"]], (model) => post("printer/model", { model }));

let drawnSlip = "";
export function drawPrinter(printer, slips) {
  showPaper(printer.paper);
  showPower(printer.power);
  showCover(printer.cover);
  showCutter(printer.cutter);
  showModel(printer.model);
  showFaultAt(printer.faultAt?.fault ?? "");
  showFault(printer.fault);
  showInside(String(printer.executesRealTimeInsideData));
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
  else if (printer.fault === "gone") badge(state, "线断开了", "stop");
  else if (printer.cover === "open") badge(state, "盖子开着", "stop");
  else if (printer.paper === "out") badge(state, "没有纸", "stop");
  else if (!printer.online) badge(state, "切刀卡住", "stop");
  else if (printer.fault !== "none") badge(state, "线路出毛病", "warn");
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

byId("take-slip").addEventListener("click", () => post("printer/take-slip"));
