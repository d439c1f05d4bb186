// The one script of the resident's screen. It shows what the controller sends, sends back what is touched, and splits
// what does not fit into pages. It knows nothing about any flow.

const root = document.documentElement;
const get = (id) => document.getElementById(id);
const [panel, header, content, overlay, footer] = ["panel", "header", "content", "overlay", "footer"].map(get);
const revisionField = document.querySelector("#act input[name=revision]");

// ---------------------------------------------------------------- scale: the whole panel in a smaller window (laptop)

function scalePanel() {
  const { offsetWidth: width, offsetHeight: height } = panel;
  const scale = Math.min(1, innerWidth / width, innerHeight / height);
  root.classList.toggle("scaled", scale < 1);
  root.style.setProperty("--scale", scale);
  root.style.setProperty("--shift-x", `${Math.max(0, (innerWidth - width * scale) / 2)}px`);
  root.style.setProperty("--shift-y", `${Math.max(0, (innerHeight - height * scale) / 2)}px`);
}

// ---------------------------------------------------------------- pages: what does not fit stands on another one

// Each page: the blocks from `first` up to `end`; the last one has the main buttons; a tight one goes without the heading
// that reminds.
let pages = [{ first: 0, end: 0, isLast: true, isContinued: false }];
let pageNumber = 0;

const blocks = () => [...content.querySelectorAll("[data-block]")];
const caseOf = (block) => block.closest(".case");
const overflows = () => content.scrollHeight > content.clientHeight + 1;

function show({ first, end, isLast, isContinued, isTight = false }, all) {
  all.forEach((block, index) => { block.hidden = index < first || index >= end; });
  const hide = (selector, isHidden) => {
    const found = content.querySelector(selector);
    if (found) found.hidden = isHidden;
  };
  hide(".act .main", !isLast);
  hide("[data-page=more]", isLast);
  hide("[data-page=previous]", !isContinued);
  content.classList.toggle("continued", isContinued);
  content.classList.toggle("tight", isTight);
  // The inner ones first.
  for (const list of [...content.querySelectorAll("ul, dl, .case")].reverse()) {
    list.hidden = [...list.children].every((item) => item.hidden);
  }
}

function fits(page, all) {
  show(page, all);
  return !overflows();
}

/** Splits at block boundaries and shows page `wanted`. The last page has at least one block beside its buttons, unless
    that block and the buttons do not fit together. No block is ever cut. */
function paginate(wanted = 0) {
  root.style.setProperty("--footer", `${footer.offsetHeight}px`);
  const all = blocks();
  const count = all.length;
  const isPageable = content.querySelector("[data-page=more]") !== null;
  const put = (page) => {
    const isContinued = pages.length > 0;
    pages.push({ ...page, isContinued, isTight: isPageable && isContinued && !fits({ ...page, isContinued }, all) });
  };
  pages = [];
  for (let first = 0; first < count || pages.length === 0;) {
    const isContinued = pages.length > 0;
    const fitsTo = (end, isLast) => fits({ first, end, isLast, isContinued }, all);
    if (!isPageable || count === 0 || fitsTo(count, true)) {
      put({ first, end: count, isLast: true });
      break;
    }
    let end = Math.max(first + 1, count - 1);
    while (end > first + 1 && !fitsTo(end, false)) end -= 1;
    // A case stays in one piece where it can.
    const splits = (at) => at < count && caseOf(all[at]) && caseOf(all[at]) === caseOf(all[at - 1]);
    let whole = end;
    while (whole > first && splits(whole)) whole -= 1;
    if (whole > first) end = whole;
    // A heading that leaves no room for even one block stands alone.
    if (!isContinued && !fitsTo(end, false)) put({ first: 0, end: 0, isLast: false });
    put({ first, end, isLast: false });
    first = end;
    if (first === count) put({ first, end, isLast: true });
  }
  pageNumber = Math.min(wanted, pages.length - 1);
  show(pages[pageNumber], all);
  root.dataset.page = `${pageNumber + 1}/${pages.length}`;
}

function turnPage(by) {
  paginate(Math.max(0, pageNumber + by));
  noteChange();
  const first = blocks().find((block) => !block.hidden) ?? content.querySelector("h1");
  focusOn(first);
}

// ---------------------------------------------------------------- XT2: where a finger just was

// A button that was pressed does nothing for a second, and neither does whatever stands where it was: a second tap of the
// same finger was meant for what stood there before. That second begins anew when something else comes to stand under
// the place that was touched last. A new document is at rest as a whole: the finger comes from the one before.
const rest = 1000;
const documentRests = performance.now() + rest;
/** What was touched: its box, the name of a pressed button, until when it is dead, and what stood there. */
let places = [];

const nameOf = (button) => button.dataset.page ?? button.value;
const inReach = () => [...panel.querySelectorAll("button")].filter((b) => b.checkVisibility() && !b.closest("[inert]"));
const meets = (box, other) =>
  box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;

/** Millimetres of the panel in the pixels of this window. */
const millimetres = (count) =>
  count * parseFloat(getComputedStyle(root).getPropertyValue("--mm")) * (panel.getBoundingClientRect().width / panel.offsetWidth);

function grown({ left, top, right, bottom }, by) {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

/** What can be pressed at a place, and where exactly. */
function standingAt(box) {
  return inReach().map((button) => [nameOf(button), button.getBoundingClientRect()])
    .filter(([, other]) => meets(box, other))
    .map(([name, other]) => [name, Math.round(other.left), Math.round(other.top)].join(" ")).sort().join("\n");
}

function touchPlace(box, name) {
  const place = { box, name, deadUntil: 0, standing: standingAt(box) };
  // Of those before, only the ones at rest still matter.
  places = [...places.filter((other) => performance.now() < other.deadUntil), place];
  return place;
}

/** To be called after everything that moves or exchanges buttons. */
function noteChange() {
  for (const place of places) {
    const standing = standingAt(place.box);
    if (standing !== place.standing) place.deadUntil = performance.now() + rest;
    place.standing = standing;
  }
}

function isAtRest(button) {
  const now = performance.now();
  if (now < documentRests) return true;
  const box = button.getBoundingClientRect();
  return places.some((place) => now < place.deadUntil && (place.name === nameOf(button) || meets(place.box, box)));
}

// ---------------------------------------------------------------- focus and announcements

function focusOn(element) {
  if (!element) return;
  if (!element.matches("button")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

const dialogButton = () =>
  overlay.querySelector(".go") ?? overlay.querySelector("[aria-pressed=true]") ?? overlay.querySelector("button");
const noteTexts = () => [...content.querySelectorAll(".note, .state, .status")].map((note) => note.textContent);

// ---------------------------------------------------------------- what the controller sends

let shown = {
  name: root.dataset.screen,
  revision: Number(revisionField.value),
  key: root.dataset.key,
  fingerprint: root.dataset.fingerprint,
  overlayName: overlay.hidden ? undefined : overlay.firstElementChild?.classList[1],
};

function swap(element, html, property) {
  if (shown[property] === html) return false;
  element.innerHTML = html;
  return true;
}

/** The screens on which nobody is being served. */
const isNobodys = (name) => name === "start" || name === "closed";

function apply(screen) {
  if (screen.fingerprint !== shown.fingerprint || (isNobodys(screen.name) && !isNobodys(shown.name))) {
    // A session has ended, or the page's own parts are others: nothing of this document stays, nor a way back to it.
    events.close();
    clearTimeout(silenceTimer);
    location.replace(location.href);
    return;
  }
  const focused = document.activeElement?.closest("button")?.value;
  const isElsewhere = screen.key !== shown.key;
  const isOtherDialog = screen.overlayName !== shown.overlayName;
  const isOtherFace = ["language", "textStep", "isLowered"].some((face) => screen[face] !== shown[face]);
  const notesBefore = isElsewhere ? [] : noteTexts();
  const alertBefore = content.querySelector("[role=alert]")?.textContent;

  root.lang = screen.language;
  root.dataset.textStep = screen.textStep;
  root.toggleAttribute("data-lowered", screen.isLowered);
  root.dataset.screen = screen.name;
  root.dataset.key = screen.key;
  revisionField.value = screen.revision;

  const hasOverlay = screen.overlayName !== undefined && screen.overlayName !== null;
  swap(header, screen.header, "header");
  const isNewContent = swap(content, screen.content, "content");
  swap(footer, screen.footer, "footer");
  overlay.hidden = !hasOverlay;
  header.inert = content.inert = hasOverlay;
  let isNewOverlay = false;
  if (shown.overlay !== screen.overlay) {
    // Only the seconds changed: they are written into the dialog that stands there, and nothing is announced.
    const next = document.createElement("div");
    next.innerHTML = screen.overlay;
    const [before, after] = [overlay, next].map((part) => part.querySelector("[data-live]"));
    if (!isOtherDialog && before && after && sameButSeconds(overlay, next)) before.textContent = after.textContent;
    else {
      overlay.replaceChildren(...next.childNodes);
      isNewOverlay = true;
    }
  }
  get("offline").firstElementChild.textContent = screen.offline;
  shown = screen;
  // What is wrong is said on the first page.
  const isNewAlert = (content.querySelector("[role=alert]")?.textContent ?? alertBefore) !== alertBefore;
  if (isNewContent || isOtherFace) paginate(isElsewhere || isNewAlert ? 0 : pageNumber);
  noteChange();

  if (hasOverlay && isOtherDialog) focusOn(dialogButton());
  else if (!hasOverlay && (isElsewhere || isOtherDialog)) focusOn(content.querySelector("h1"));
  else if (focused && document.activeElement === document.body) {
    // The same place, made anew: the focus returns to the same button.
    const place = hasOverlay ? overlay : document;
    focusOn(place.querySelector(`button[value="${CSS.escape(focused)}"]`) ?? (isNewOverlay ? dialogButton() : null));
  }
  // What was said of an earlier screen, or of what is over, must not be found in this one's text.
  const notes = isElsewhere ? [] : noteTexts();
  const isNew = (text) => !notesBefore.includes(text);
  if (isElsewhere || notes.some(isNew) || !notesBefore.every((text) => notes.includes(text))) {
    get("announcement").textContent = notes.filter(isNew).join(" ");
  }
}

function sameButSeconds(left, right) {
  const bare = (part) => {
    const copy = part.cloneNode(true);
    copy.querySelector("[data-live]").textContent = "";
    return copy.innerHTML;
  };
  return bare(left) === bare(right);
}

let events;
let offlineTimer;
let silenceTimer;

function connect() {
  events = new EventSource("/events");
  const alive = () => {
    clearTimeout(offlineTimer);
    offlineTimer = undefined;
    get("offline").hidden = true;
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(lost, 16000);
  };
  events.addEventListener("tick", alive);
  events.addEventListener("screen", (event) => {
    alive();
    apply(JSON.parse(event.data));
  });
  events.onerror = lost;
}

/** Covers the page within a second and tries again until the controller answers. */
function lost() {
  events.close();
  clearTimeout(silenceTimer);
  offlineTimer ??= setTimeout(() => { get("offline").hidden = false; }, 600);
  setTimeout(connect, 400);
}

// ---------------------------------------------------------------- what the person does

let held;

async function post(path, fields) {
  try {
    await fetch(path, {
      method: "POST", body: new URLSearchParams(fields), cache: "no-store", signal: AbortSignal.timeout(3000),
    });
  } catch {
    // The event stream notices that the controller is away, and says so.
  }
}

function act(button, place, revision) {
  place.name = nameOf(button);
  place.deadUntil = performance.now() + rest;
  button.classList.add("resting");
  setTimeout(() => button.classList.remove("resting"), rest);
  if (button.dataset.page) turnPage(button.dataset.page === "more" ? 1 : -1);
  else post("/act", { action: button.value, revision });
}

function buttonAt(x, y) {
  return document.elementFromPoint(x, y)?.closest("button");
}

function letGo() {
  held?.button?.classList.remove("pressed");
  // Something else came under the finger while it was down: the second begins when it is up.
  if (held?.place.deadUntil) held.place.deadUntil = performance.now() + rest;
  held = undefined;
}

addEventListener("pointerdown", (event) => {
  reportActivity();
  letGo();
  if (!event.isPrimary || event.button !== 0) return;
  const { target, clientX: x, clientY: y, pointerId: pointer } = event;
  const button = target.closest?.("button");
  if (button && isAtRest(button)) return;
  const box = button ? grown(button.getBoundingClientRect(), millimetres(2))
    : grown({ left: x, top: y, right: x, bottom: y }, millimetres(10));
  held = { button, pointer, place: touchPlace(box), revision: shown.revision };
  button?.classList.add("pressed");
});

// A touch is captured by what it began on, so what lies under the finger is looked up.
addEventListener("pointermove", (event) => {
  if (held?.pointer === event.pointerId) {
    held.button?.classList.toggle("pressed", buttonAt(event.clientX, event.clientY) === held.button);
  }
});

addEventListener("pointerup", (event) => {
  if (held?.pointer !== event.pointerId) return;
  const { button, place, revision } = held;
  letGo();
  if (button?.isConnected && buttonAt(event.clientX, event.clientY) === button) act(button, place, revision);
});

addEventListener("pointercancel", letGo);

// Clicks that no pointer made come from a key or from an assistive tool.
addEventListener("click", (event) => {
  event.preventDefault();
  const button = event.target.closest?.("button");
  if (!button || event.detail !== 0 || isAtRest(button)) return;
  act(button, touchPlace(grown(button.getBoundingClientRect(), millimetres(2))), shown.revision);
});

addEventListener("submit", (event) => event.preventDefault());

addEventListener("keydown", (event) => {
  reportActivity();
  const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
  if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
  else if (!isPlain || /^(F\d+|ContextMenu|Escape|Backspace|BrowserBack)$/.test(event.key)) event.preventDefault();
});

for (const unwanted of ["contextmenu", "selectstart", "dragstart", "drop", "gesturestart", "auxclick"]) {
  addEventListener(unwanted, (event) => event.preventDefault());
}
addEventListener("wheel", (event) => event.preventDefault(), { passive: false });
addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });

let lastActivity = -Infinity;

function reportActivity() {
  const now = performance.now();
  if (now - lastActivity < 1000) return;
  lastActivity = now;
  post("/activity", {});
}

// ---------------------------------------------------------------- begin

addEventListener("resize", () => { scalePanel(); paginate(pageNumber); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
scalePanel();
paginate();
document.fonts.ready.then(() => paginate(pageNumber));
if (!overlay.hidden) focusOn(dialogButton());
root.dataset.ready = "";
connect();
