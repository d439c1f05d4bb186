// The card reader and the wallet beside it.

import { badge, byId, make, passing, post, switches } from "/controls.js";

const FACE = '<svg viewBox="0 0 32 36" aria-hidden="true"><circle cx="16" cy="11" r="8"/><path d="M2 36a14 14 0 0 1 28 0z"/></svg>';
const cards = new Map();
let lying = {};

function cardFace(button, card) {
  button.innerHTML = FACE;
  button.prepend(
    make("b", { textContent: card.name }),
    make("span", { textContent: card.note, className: "note" }),
    make("span", { textContent: `${card.validFrom} – ${card.validTo}` }),
    make("span", { textContent: card.number, className: "number" }));
}

export async function layOutWallet() {
  const wallet = await (await fetch("/api/wallet")).json();
  for (const card of wallet) {
    const button = make("button", { type: "button", className: "pocket", title: `${card.number}，有效期至 ${card.validTo}` },
      make("b", { textContent: card.name }), make("span", { textContent: card.note }));
    button.addEventListener("click", () => {
      if (lying.card === card.id || lying.second === card.id) post("reader/remove");
      else post(byId("second-card").checked ? "reader/add" : "reader/place", { card: card.id });
    });
    byId("wallet").append(make("li", {}, button));
    cards.set(card.id, { card, button });
  }
}

const holder = byId("reader-faults");
const set = (fault, rest = {}) => post("reader/fault", { fault, ...rest });
const faultRow = holder.appendChild(make("div", { className: "switches" }));
const showFault = switches(faultRow, "毛病", [
  ["none", "正常"], ["slow", "慢", true], ["garbled", "乱码", true], ["silence", "不回答", true], ["unplugged", "断开", true],
  ["singleBytes", "一字节一字节", true], ["cutShort", "回答半截", true], ["extraPreamble", "多余前导", true],
  ["nonZeroFind", "寻卡带数据", true], ["staleReply", "迟到的回答", true], ["wrongChecksumOnce", "校验错一次", true],
  ["status41Once", "读卡失败一次", true], ["notAuthorised", "未授权 66", true], ["endlessNoise", "不停的杂音", true],
], (fault) => set(fault));
passing(faultRow, set);
const showPull = switches(holder.appendChild(make("div", { className: "switches" })), "抽走卡", [
  ["", "不抽"], ["afterFind", "寻到后", true], ["afterSelect", "选中后", true], ["midRead", "读到一半", true], ["midReply", "回答途中", true],
], (moment) => post("reader/pull-at", { moment: moment || null }));
const showCollision = switches(holder.appendChild(make("div", { className: "switches" })), "两张卡", [
  ["findFails", "寻卡 80"], ["selectFails", "选卡 81"], ["cardRefuses", "选卡 31"], ["moduleRefuses", "选卡 32"], ["dataCheckFails", "读卡 33"],
], (collision) => post("reader/collision", { collision }));

const PHASES = { waiting: "有卡，还没读", found: "找到卡", selected: "选中卡", read: "读完了" };

export function drawReader(reader) {
  lying = reader;
  const large = byId("on-reader");
  if (large.dataset.card !== (reader.card ?? "")) {
    large.dataset.card = reader.card ?? "";
    large.hidden = !reader.card;
    if (reader.card && cards.has(reader.card)) cardFace(large, cards.get(reader.card).card);
  }
  const second = byId("second-on-reader");
  second.hidden = !reader.second;
  if (reader.second && cards.has(reader.second)) cardFace(second, cards.get(reader.second).card);
  for (const [id, { button }] of cards) button.dataset.away = String(id === reader.card || id === reader.second);
  showFault(reader.misbehaviour);
  showPull(reader.pullMoment ?? "");
  showCollision(reader.collision);
  const isOut = reader.misbehaviour === "unplugged";
  byId("reader-lamp").dataset.on = isOut ? "" : reader.phase === "read" ? "good" : reader.card ? "work" : "good";
  byId("reader-cable").classList.toggle("off", isOut);
  byId("reader-scene").classList.toggle("off", isOut);
  const state = byId("reader-state");
  if (isOut) badge(state, "线断开了", "stop");
  else if (reader.misbehaviour !== "none") badge(state, reader.remaining ? `出毛病（还有 ${reader.remaining} 次）` : "出毛病", "warn");
  else if (reader.second) badge(state, "两张卡叠着", "warn");
  else badge(state, reader.card ? PHASES[reader.phase] : "空着", reader.card ? "good" : "");
}

for (const id of ["on-reader", "second-on-reader"]) byId(id).addEventListener("click", () => post("reader/remove"));
