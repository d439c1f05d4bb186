// The network to the platform, and calls for staff.

import { badge, byId, make, post, switches } from "/controls.js";

const MODES = {
  ok: { mode: "ok" }, cut: { mode: "cut" }, slow: { mode: "slow", bytesPerSecond: 4000 }, blackhole: { mode: "blackhole" },
  latency: { mode: "latency", milliseconds: 800, jitterMilliseconds: 300 }, lossy: { mode: "lossy" }, garbled: { mode: "garbled" },
  cutAfterBytes: { mode: "cutAfterBytes", bytes: 65536, direction: "up" },
  loseAnswer: { mode: "cutAfterBytes", bytes: 0, direction: "down" },
};
const showNetwork = switches(byId("network-modes"), "", [
  ["ok", "通"], ["cut", "断", true], ["slow", "慢（每秒 4 kB）", true], ["latency", "每趟 0.8 秒", true],
  ["lossy", "丢包", true], ["garbled", "乱码", true], ["blackhole", "有去无回", true],
  ["cutAfterBytes", "再传 64 kB 就断一次", true], ["loseAnswer", "丢掉下一个回答", true],
], (name) => post("network", MODES[name]));

export function drawNetwork(network) {
  byId("network-modes").hidden = !network;
  if (!network) return badge(byId("network-state"), "没有接平台（用 --platform 接上）");
  showNetwork(network.mode);
  byId("wire").dataset.mode = network.mode;
  byId("wire-cut").toggleAttribute("hidden", !["cut", "blackhole"].includes(network.mode));
  badge(byId("network-state"), `${network.connections} 个连接，发出 ${Math.round(network.bytesUp / 1024)} kB，收到 ${Math.round(network.bytesDown / 1024)} kB`,
    network.mode === "ok" ? "good" : "stop");
}

export function drawCalls(calls) {
  byId("calls").hidden = calls.length === 0;
  byId("calls-head").textContent = `有人叫帮忙（${calls.length}）`;
  byId("calls-list").replaceChildren(...calls.slice(-5).reverse().map((item) =>
    make("li", { textContent: `${item.kiosk} · ${item.step} · ${new Date(item.at).toLocaleTimeString("zh-CN")}` })));
}

const nameHolder = byId("network-name");
const showName = switches(nameHolder, "平台的名字", [["true", "查得到"], ["false", "查不到", true]],
  (resolves) => post("network/name", { resolves: resolves === "true" }));

export function drawName(name) {
  nameHolder.hidden = !name;
  if (!name) return;
  nameHolder.title = name.name;
  showName(String(name.resolves));
}
