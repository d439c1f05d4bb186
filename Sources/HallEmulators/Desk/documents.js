// The A4 printer and the papers that came out of it.

import { actions, badge, byId, faults, make, post, switches, toggles } from "/controls.js";

const holder = byId("a4-switches");
const set = (name) => (value) => post("document-printer/state", { [name]: value });
const row = () => holder.appendChild(make("div", { className: "switches" }));
const showFault = faults(holder, "document-printer", [
  ["badBytes", "不是 IPP", true], ["wrongRequestID", "编号不对", true], ["truncated", "半截", true], ["endless", "没完没了", true],
  ["status500", "500", true], ["status503", "503", true],
]);
actions(holder, "纸", [
  ["装满", () => set("paper")(250)], ["剩 2 张", () => set("paper")(2), true], ["没有", () => set("paper")(0), true],
]);
const showToner = switches(row(), "碳粉", [["full", "足"], ["low", "少", true], ["empty", "没有", true]], set("toner"));
const showConditions = toggles(holder, "机器", [
  ["jam", "卡纸"], ["doorOpen", "门开着"], ["coverOpen", "盖子开着"], ["outputFull", "出纸盘满"], ["paused", "暂停"],
], (name, isSo) => set(name)(isSo));
const showPower = switches(row(), "电源", [["on", "开"], ["off", "关", true]], set("power"));
const showEvent = switches(row(), "再出一张", [
  ["", "没事"], ["paperOut", "时没纸", true], ["jam", "时卡纸", true], ["doorOpen", "时开门", true], ["tonerEmpty", "时没粉", true],
  ["power", "时断电", true], ["canceled", "时取消", true], ["aborted", "时放弃", true],
], (event) => post("document-printer/event-after", event ? { sheets: 1, event } : {}));
actions(holder, "任务", [
  ["在机器上取消", () => post("document-printer/end-job", { how: "canceled" }), true],
  ["机器放弃", () => post("document-printer/end-job", { how: "aborted" }), true],
]);
const showHonesty = switches(row(), "计数", [
  ["honest", "说实话"], ["fewerImpressions", "少印，照实说", true], ["claimsAll", "少印，说全印了", true],
], set("honesty"));
const showMemory = switches(row(), "记性", [["false", "记得任务"], ["true", "马上忘掉", true]], (forgets) => set("forgetsJobs")(forgets === "true"));
byId("take-papers").addEventListener("click", () => post("document-printer/take-papers"));

const STATES = { pending: "等着", processing: "在印", stopped: "停住", canceled: "取消了", aborted: "放弃了", completed: "印完了" };

function drawSheets(sheets) {
  const key = sheets.map((sheet) => sheet.id).join();
  const list = byId("a4-sheets");
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...sheets.slice(-12).reverse().flatMap((sheet) => sheet.pages.map((page, side) => {
    const picture = make("img", { src: `/api/document-printer/sheets/${sheet.id}.jpg?side=${side}`, alt: "" });
    const link = make("a", { href: `/api/document-printer/sheets/${sheet.id}.jpg?side=${side}&resolution=150`, target: "_blank",
      rel: "noopener", title: sheet.jobName }, picture,
      `第 ${page} 页${side ? "（反面）" : ""}${sheet.isComplete ? "" : " · 没印完"}`);
    link.dataset.complete = String(sheet.isComplete);
    return make("li", {}, link);
  })));
  list.scrollTop = 0;
}

export function drawDocumentPrinter(printer) {
  showFault(printer.fault);
  showToner(printer.toner);
  showConditions(printer.conditions);
  showPower(printer.power);
  showEvent(printer.eventAfter?.event ?? "");
  showHonesty(printer.honesty);
  showMemory(String(printer.forgetsJobs));
  drawSheets(printer.output);
  const isOff = printer.power === "off";
  byId("a4-scene").classList.toggle("off", isOff);
  byId("a4-lamp").dataset.on = isOff ? "" : { idle: "good", processing: "work", stopped: "stop" }[printer.state];
  byId("a4-door").style.transform = printer.conditions.some((name) => name !== "jam" && name.endsWith("Open")) ? "translateX(14px) skewY(8deg)" : "";
  byId("a4-jam").toggleAttribute("hidden", !printer.conditions.includes("jam"));
  byId("a4-paper").setAttribute("height", String(Math.round(24 * printer.paper / 250)));
  byId("a4-paper").setAttribute("y", String(152 - Math.round(24 * printer.paper / 250)));
  byId("a4-moving").toggleAttribute("hidden", printer.state !== "processing");
  byId("a4-pile").setAttribute("height", String(Math.min(26, printer.output.length * 2)));
  byId("a4-pile").setAttribute("y", String(44 - Math.min(26, printer.output.length * 2)));
  byId("a4-count").textContent = `纸盒 ${printer.paper} 张`;
  byId("take-papers").disabled = printer.output.length === 0;
  byId("a4-output").textContent = printer.output.length ? `出来了 ${printer.output.length} 张，等人拿` : "出纸盘空着";
  byId("a4-jobs").replaceChildren(...printer.jobs.slice(-4).reverse().map((job) =>
    make("li", { textContent: `${job.id} · ${job.name} · ${STATES[job.state] ?? job.state} · ${job.impressionsCompleted}/${job.impressions ?? "?"} 面` })));
  const state = byId("a4-state");
  if (isOff) badge(state, "没有电", "stop");
  else if (printer.fault === "gone") badge(state, "线断开了", "stop");
  else if (printer.state === "stopped") badge(state, "停住了", "stop");
  else if (printer.fault !== "none") badge(state, printer.remaining ? `出毛病（还有 ${printer.remaining} 次）` : "出毛病", "warn");
  else badge(state, printer.state === "processing" ? "正在打印" : "空闲", printer.state === "processing" ? "good" : "");
  byId("a4-reasons").textContent = printer.reasons.join(" ") === "none" ? "" : printer.reasons.join("  ");
}
