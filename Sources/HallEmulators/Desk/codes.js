// The code reader: what is held under it.

import { badge, byId, faults, make, post, switches } from "/controls.js";

const stays = () => byId("code-stays").checked;
byId("code-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("code-text").value;
  if (text) post("code-reader/hold", { text, stays: stays() });
});
byId("code-slip").addEventListener("click", () => post("code-reader/hold", { slip: "last", stays: stays() }));
byId("code-remove").addEventListener("click", () => post("code-reader/remove"));

const holder = byId("code-faults");
const showFault = faults(holder, "code-reader", [["endless", "没完没了", true]]);
const showEnding = switches(holder.appendChild(make("div", { className: "switches" })), "结尾", [
  ["cr", "CR"], ["crlf", "CR LF"], ["lf", "LF"], ["tab", "TAB"], ["none", "没有"],
], (ending) => post("code-reader/settings", { ending }));
const showAIM = switches(holder.appendChild(make("div", { className: "switches" })), "前缀", [
  ["false", "没有"], ["true", "]Q1"],
], (sends) => post("code-reader/settings", { sendsAIM: sends === "true" }));

let drawnReadings = 0;
export function drawCodeReader(reader, hasSlip, canReadPictures) {
  byId("code-decoder").hidden = canReadPictures;
  showFault(reader.fault);
  showEnding(reader.settings.ending);
  showAIM(String(reader.settings.sendsAIM));
  const isGone = reader.fault === "gone";
  byId("code-scene").classList.toggle("off", isGone);
  const beam = byId("code-beam");
  if (reader.readings !== drawnReadings) {
    drawnReadings = reader.readings;
    beam.classList.remove("flash");
    void beam.getBoundingClientRect();
    if (reader.readings) beam.classList.add("flash");
  }
  byId("code-held").textContent = reader.held ? `下面有码：${reader.held}` : `读过 ${reader.readings} 次`;
  byId("code-slip").disabled = !hasSlip;
  byId("code-remove").disabled = !reader.held;
  const state = byId("code-state");
  if (isGone) badge(state, "线断开了", "stop");
  else if (reader.fault !== "none") badge(state, reader.remaining ? `出毛病（还有 ${reader.remaining} 次）` : "出毛病", "warn");
  else badge(state, reader.isOpened ? "有人在听" : "没有人在听", reader.isOpened ? "good" : "");
}
