// The receipt printer.

import { actions, badge, byId, faults, make, post, switches, toggles } from "/controls.js";

const holder = byId("printer-switches");
const setPrinter = (name) => (value) => post("printer/state", { [name]: value });
const row = () => holder.appendChild(make("div", { className: "switches" }));
const showFault = faults(holder, "printer");
const showPaper = switches(row(), "纸", [["full", "足"], ["nearEnd", "快完了", true], ["out", "没有", true]], setPrinter("paper"));
const showPower = switches(row(), "电源", [["on", "开"], ["off", "关", true]], setPrinter("power"));
const showCover = switches(row(), "盖子", [["closed", "关好"], ["open", "开着", true]], setPrinter("cover"));
const showCutter = switches(row(), "切刀", [["ok", "好"], ["error", "卡住", true]], setPrinter("cutter"));
const showFaultAt = switches(row(), "20 毫米", [["", "没事"], ["nearEnd", "时快完", true], ["paperOut", "时没纸", true], ["power", "时断电", true],
  ["cover", "时开盖", true], ["cutter", "时卡刀", true], ["jam", "时卡纸", true]],
  (fault) => post("printer/fault-at", fault ? { millimetres: 20, fault } : {}));
const showInside = switches(row(), "图中命令", [["false", "当图"], ["true", "照做", true]],
  (inside) => setPrinter("executesRealTimeInsideData")(inside === "true"));
const showModel = switches(row(), "型号", [["epson", "爱普生"], ["clone", "兼容机"], ["custom-kiosk", "嵌入式"]],
  (model) => post("printer/model", { model }));

// Only an embedded printer has a presenter.
const presenter = holder.appendChild(make("div", { className: "rows", hidden: true }));
const setPresenter = (name) => (value) => post("printer/presenter", { [name]: value });
const presenterRow = () => presenter.appendChild(make("div", { className: "switches" }));
const showPresenting = switches(presenterRow(), "出纸", [["whilePrinting", "边打边出"], ["afterCut", "切了再出"], ["onCommand", "听命令"]],
  setPresenter("presenting"));
const showLeftSlip = switches(presenterRow(), "没人拿", [["pushOut", "下一张推出去"], ["drawBack", "下一张前收回"]], setPresenter("leftSlip"));
const showCuts = switches(presenterRow(), "半切命令", [["false", "不认"], ["true", "认"]],
  (known) => setPresenter("cutsPartially")(known === "true"));
actions(presenter, "出纸口", [["收回凭条", () => post("printer/draw-back")]]);
const showConditions = toggles(presenter, "状态", [["jam", "卡纸"], ["headUp", "打印头抬起"], ["headHot", "过热"],
  ["supplyVoltage", "电压"], ["lineError", "串口错"], ["commandRefused", "命令不认"], ["virtualPaperEnd", "纸数到头"], ["notch", "黑标"],
  ["lineFeedKey", "走纸键"], ["formFeedKey", "换页键"], ["cutterCoverOpen", "切刀盖开"], ["ramError", "内存坏"],
  ["eepromError", "存储坏"], ["flashError", "闪存坏"]], (condition, on) => post("printer/condition", { condition, on }));
const places = { inside: "还在里面", pushedOut: "掉出来了", box: "收回去了" };

let drawnSlip = "";
export function drawPrinter(printer, slips) {
  showPaper(printer.paper);
  showPower(printer.power);
  showCover(printer.cover);
  showCutter(printer.cutter);
  showModel(printer.model);
  presenter.hidden = !printer.presenter;
  if (printer.presenter) {
    showPresenting(printer.presenter.presenting);
    showLeftSlip(printer.presenter.leftSlip);
    showCuts(String(printer.presenter.cutsPartially));
    showConditions(printer.presenter.conditions);
  }
  showFaultAt(printer.faultAt?.fault ?? "");
  showFault(printer.fault);
  showInside(String(printer.executesRealTimeInsideData));
  byId("printer-lamp").dataset.on = printer.power === "off" ? "" : printer.online ? (printer.printing ? "work" : "good") : "stop";
  byId("paper-lamp").dataset.on = printer.power === "off" ? "" : { full: "good", nearEnd: "warn", out: "stop" }[printer.paper];
  byId("printer-cover").style.transform = printer.cover === "open" ? "translateY(-6px) scaleY(1.25)" : "";
  byId("printer-scene").classList.toggle("off", printer.power === "off" && !printer.slipInSlot);

  const waiting = slips.filter((slip) => slip.place === "slot" || slip.id === "current");
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
  byId("take-slip").disabled = !printer.slipInSlot && !slips.some((slip) => slip.place === "pushedOut");
  byId("slip-state").textContent = shown
    ? shown.id === "current" ? `出来了 ${shown.millimetres} 毫米` : `${shown.millimetres} 毫米，${shown.complete ? "完整" : "不完整"}，等人拿` : printer.slipInSlot ? "出纸口有纸" : "出纸口空着";
  const state = byId("printer-state");
  if (printer.power === "off") badge(state, "没有电", "stop");
  else if (printer.fault === "gone") badge(state, "线断开了", "stop");
  else if (printer.cover === "open") badge(state, "盖子开着", "stop");
  else if (printer.paper === "out") badge(state, "没有纸", "stop");
  else if (printer.presenter?.conditions.includes("jam")) badge(state, "卡纸", "stop");
  else if (printer.presenter?.conditions.includes("headUp")) badge(state, "打印头抬起", "stop");
  else if (!printer.online) badge(state, printer.cutter === "error" ? "切刀卡住" : "出毛病了", "stop");
  else if (printer.fault !== "none") badge(state, "线路出毛病", "warn");
  else if (printer.printing) badge(state, "正在打印", "good");
  else badge(state, printer.paper === "nearEnd" ? "纸快完了" : "空闲", printer.paper === "nearEnd" ? "warn" : "");

  const list = slips.filter((slip) => slip.id !== "current").slice(-12);
  const key = JSON.stringify(list.map((slip) => [slip.id, slip.place]));
  if (byId("slips").dataset.key !== key) {
    byId("slips").dataset.key = key;
    byId("slips").replaceChildren(...list.map((slip) => {
      const link = make("a", { href: `/api/printer/slips/${slip.id}.png`, target: "_blank", rel: "noopener",
        textContent: `${slip.id.replace("slip-", "第 ")} 张 · ${slip.millimetres} 毫米${slip.complete ? "" : " · 不完整"}${places[slip.place] ? ` · ${places[slip.place]}` : ""}` });
      link.dataset.complete = String(slip.complete);
      return make("li", {}, link);
    }));
  }
}

byId("take-slip").addEventListener("click", () => post("printer/take-slip"));
