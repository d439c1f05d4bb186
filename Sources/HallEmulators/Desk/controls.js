// What all stations of the desk share: requests, nodes, rows of buttons.

export const byId = (id) => document.getElementById(id);

export async function call(method, path, body, type = "application/json") {
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
export const post = (path, body = {}) => call("POST", path, body);

export function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** A row of buttons of which one is down; `update` says which. */
export function switches(holder, label, choices, onChoice) {
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

export function badge(node, text, kind = "") {
  node.textContent = text;
  node.dataset.kind = kind;
}

/** Buttons that do something once; none of them stays down. */
export function actions(holder, label, choices) {
  const group = holder.appendChild(make("div", { className: "switches" }));
  if (label) group.append(make("span", { textContent: label }));
  for (const [text, act, isBad] of choices) {
    const button = make("button", { type: "button", textContent: text, className: isBad ? "bad" : "" });
    button.addEventListener("click", act);
    group.append(button);
  }
}

/** Buttons of which any number may be down; `update` takes the set of those that are. */
export function toggles(holder, label, choices, onToggle) {
  const group = holder.appendChild(make("div", { className: "switches" }));
  if (label) group.append(make("span", { textContent: label }));
  let down = new Set();
  const buttons = choices.map(([value, text]) => {
    const button = make("button", { type: "button", textContent: text, title: value, className: "bad" });
    button.addEventListener("click", () => onToggle(value, !down.has(value)));
    group.append(button);
    return [value, button];
  });
  return (current) => {
    down = new Set(current);
    buttons.forEach(([value, button]) => button.setAttribute("aria-pressed", String(down.has(value))));
  };
}

/** Buttons for a cable that is out for a while: shorter than a blip of three seconds, and longer. */
export function passing(row, set) {
  for (const seconds of [2, 10]) {
    const button = make("button", { type: "button", textContent: `断开 ${seconds} 秒`, className: "bad" });
    button.addEventListener("click", () => set("gone", { seconds }));
    row.append(button);
  }
}

/** The row of faults that every device has, with the two that mend themselves. */
export function faults(holder, device, more = []) {
  const set = (fault, rest = {}) => post(`${device}/fault`, { fault, ...rest });
  const row = holder.appendChild(make("div", { className: "switches" }));
  const show = switches(row, "毛病", [
    ["none", "正常"], ["slow", "慢", true], ["garbled", "乱码", true], ["silent", "不回答", true], ["gone", "断开", true], ...more,
  ], (fault) => set(fault));
  passing(row, set);
  return show;
}
