// The desk page: draws the state that the hall sends, and tells the hall what a hand does.

import { drawReader, layOutWallet } from "/cards.js";
import { drawCodeReader } from "/codes.js";
import { byId, post } from "/controls.js";
import { drawDocumentPrinter } from "/documents.js";
import { drawCalls, drawName, drawNetwork } from "/network.js";
import { drawPrinter } from "/receipts.js";
import { drawScanner, layOutDocuments } from "/scanner.js";

function draw(next) {
  drawReader(next.reader);
  drawCodeReader(next.codeReader, next.slips.some((slip) => slip.id !== "current"), next.canReadPictures);
  drawScanner(next.scanner);
  drawPrinter(next.printer, next.slips);
  drawDocumentPrinter(next.documentPrinter);
  drawNetwork(next.network);
  drawName(next.name);
  drawCalls(next.staffCalls);
}

byId("reset").addEventListener("click", () => post("reset"));

await Promise.all([layOutWallet(), layOutDocuments()]);
const events = new EventSource("/api/events");
events.onmessage = (event) => draw(JSON.parse(event.data));
events.onopen = () => { byId("link").dataset.on = "true"; byId("link").textContent = "已连接"; };
events.onerror = () => { byId("link").dataset.on = "false"; byId("link").textContent = "大厅没有回答"; };
