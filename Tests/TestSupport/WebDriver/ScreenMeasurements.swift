/// What is measured on a page in the browser, in millimetres of the panel. Returns the sentences of what is wrong.
public enum ScreenMeasurements {
    /// A function body for `WebDriver.run`: gives `wrong` (one sentence each, with the requirement's number), `help`
    /// (place of the help button in pixels), `page` (`1/2`) and `knowsRules` (axe-core is there).
    public static let script = #"""
        const wrong = [];
        const root = document.documentElement;
        const mm = parseFloat(getComputedStyle(root).getPropertyValue("--mm"));
        const panel = document.getElementById("panel").getBoundingClientRect();
        const lowered = root.hasAttribute("data-lowered") ? 0.22 * panel.height : 0;
        const content = document.getElementById("content").getBoundingClientRect();
        const name = (e) => `<${e.tagName.toLowerCase()} ${e.className?.baseVal ?? e.className}> "${(e.textContent ?? "").trim().slice(0, 20)}"`;
        const isShown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest("[inert], .unseen, .tight h1");
        const box = (e) => e.getBoundingClientRect();
        const inside = (a, b, slack = 1) =>
          a.left >= b.left - slack && a.right <= b.right + slack && a.top >= b.top - slack && a.bottom <= b.bottom + slack;

        // Text: where it is, how high, in what colour.
        const canvas = document.createElement("canvas").getContext("2d");
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const texts = [];
        while (walker.nextNode()) {
          const node = walker.currentNode;
          const element = node.parentElement;
          if (!node.data.trim() || !isShown(element) || element.closest("script, style, svg")) continue;
          const range = document.createRange();
          range.selectNodeContents(node);
          const style = getComputedStyle(element);
          // What is inked: the em box, without the font's leading above and below.
          const em = parseFloat(style.fontSize);
          const lines = [...range.getClientRects()].filter((r) => r.width > 0).map((r) => {
            const middle = (r.top + r.bottom) / 2;
            return { left: r.left, right: r.right, width: r.width, top: middle - em / 2, bottom: middle + em / 2, height: em };
          });
          texts.push({ element, lines, style });
        }
        const rgb = (text) => {
          const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
          return { r, g, b, a };
        };
        const luminance = ({ r, g, b }) => {
          const [x, y, z] = [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
          return 0.2126 * x + 0.7152 * y + 0.0722 * z;
        };
        const contrast = (a, b) => {
          const [high, low] = [luminance(rgb(a)), luminance(rgb(b))].sort((x, y) => y - x);
          return (high + 0.05) / (low + 0.05);
        };
        const ground = (e) => {
          for (let place = e; place; place = place.parentElement) {
            const colour = getComputedStyle(place).backgroundColor;
            if (rgb(colour).a === 1) return colour;
          }
          return "rgb(255, 255, 255)";
        };
        for (const { element, lines, style } of texts) {
          const size = parseFloat(style.fontSize);
          canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
          const capital = canvas.measureText("H").actualBoundingBoxAscent / mm;
          if (capital < 6.11) wrong.push(`XA1 ${name(element)}: capital height ${capital.toFixed(2)} mm`);
          const rows = new Set(lines.map((line) => Math.round(line.top))).size;
          if (rows > 1 && parseFloat(style.lineHeight) / size < 1.5 - 0.001) {
            wrong.push(`XA5 ${name(element)}: line height ${(parseFloat(style.lineHeight) / size).toFixed(2)}`);
          }
          const widest = Math.max(...lines.map((line) => line.width));
          if (widest / size > 40.5) wrong.push(`XA5 ${name(element)}: ${(widest / size).toFixed(1)} characters in a line`);
          if (style.textAlign === "justify") wrong.push(`XA5 ${name(element)} is justified`);
          const ratio = contrast(style.color, ground(element));
          if (ratio < 10) wrong.push(`XB1 ${name(element)}: contrast ${ratio.toFixed(2)}`);
          const frame = element.closest("button, .note, .dialog, .case, .things li, .entered");
          for (const line of lines) {
            if (!inside(line, panel)) wrong.push(`XA4 ${name(element)} leaves the panel`);
            if (frame && !inside(line, box(frame))) wrong.push(`XA4 ${name(element)} leaves its ${name(frame)}`);
            if (element.closest("#content") && !inside(line, content)) wrong.push(`XA4 ${name(element)} is cut by the frame`);
          }
        }
        for (let i = 0; i < texts.length; i++) {
          for (let j = i + 1; j < texts.length; j++) {
            for (const a of texts[i].lines) {
              for (const b of texts[j].lines) {
                const over = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const leading = 0.05 * Math.min(a.height, b.height);
                const sameLayer = !!texts[i].element.closest("#overlay") === !!texts[j].element.closest("#overlay");
                if (sameLayer && over > leading && across > 1) {
                  wrong.push(`XA4 ${name(texts[i].element)} overlaps ${name(texts[j].element)}`);
                }
              }
            }
          }
        }

        // Controls.
        const buttons = [...document.querySelectorAll("button")].filter(isShown);
        for (const button of buttons) {
          const { width, height } = box(button);
          if (width < 12.7 * mm || height < 12.7 * mm) {
            wrong.push(`XT1 ${name(button)}: ${(width / mm).toFixed(1)} x ${(height / mm).toFixed(1)} mm`);
          }
          if (button.matches(".go, .other, .choices button, .key") && height < 20 * mm) wrong.push(`XT1 ${name(button)}: ${(height / mm).toFixed(1)} mm high`);
          if (!inside(box(button), panel)) wrong.push(`XA4 ${name(button)} leaves the panel`);
          if (button.closest("#content") && !inside(box(button), content)) wrong.push(`XA4 ${name(button)} is cut by the frame`);
          if (button.closest(".dialog") && !inside(box(button), box(button.closest(".dialog")))) wrong.push(`XA4 ${name(button)} leaves its dialog`);
          if (button.scrollWidth > button.clientWidth + 1) wrong.push(`XA4 ${name(button)} is too narrow for its words`);
          const style = getComputedStyle(button);
          const edge = Math.max(contrast(style.borderTopColor, ground(button.parentElement)), contrast(ground(button), ground(button.parentElement)));
          if (edge < 7) wrong.push(`XB1 ${name(button)}: border ${edge.toFixed(2)}`);
          const inFront = document.elementFromPoint(box(button).left + width / 2, box(button).top + height / 2);
          if (!button.contains(inFront)) wrong.push(`XA4 ${name(button)} is covered by ${inFront && name(inFront)}`);
        }
        for (let i = 0; i < buttons.length; i++) {
          for (let j = i + 1; j < buttons.length; j++) {
            const [a, b] = [box(buttons[i]), box(buttons[j])];
            const gap = Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
            const areMain = buttons[i].matches(".go, .other") && buttons[j].matches(".go, .other");
            if (gap < (areMain ? 8 : 2.54) * mm - 0.5) {
              wrong.push(`XT1 ${name(buttons[i])} and ${name(buttons[j])}: gap ${(gap / mm).toFixed(2)} mm`);
            }
          }
        }
        for (const icon of document.querySelectorAll("svg")) {
          if (!isShown(icon)) continue;
          const ratio = contrast(getComputedStyle(icon).color, ground(icon));
          if (ratio < 10) wrong.push(`XB1 icon in ${name(icon.parentElement)}: contrast ${ratio.toFixed(2)}`);
        }

        // The page as a whole.
        for (const element of document.querySelectorAll("*")) {
          const style = getComputedStyle(element);
          if (/auto|scroll/.test(style.overflowX + style.overflowY)) wrong.push(`XA4 ${name(element)} can scroll`);
        }
        if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) wrong.push("XA4 the page is larger than the panel");
        const area = document.getElementById("content");
        if (area.scrollWidth > area.clientWidth + 1 || (area.scrollHeight > area.clientHeight + 1)) {
          wrong.push(`XA4 the middle overflows by ${area.scrollHeight - area.clientHeight} px`);
        }
        const dialog = document.querySelector(".dialog");
        if (dialog && isShown(dialog) && !inside(box(dialog), { left: panel.left, right: panel.right, top: panel.top + lowered, bottom: box(document.querySelector("footer")).top }))
          wrong.push("XA4 the dialog is higher than its place");
        if (box(document.querySelector("header")).top < panel.top + lowered - 1) wrong.push("XA7 the page is not lowered");
        for (const button of document.querySelectorAll(".act .main button")) {
          if (isShown(button) && box(button).top < panel.top + panel.height / 2) wrong.push(`XA7 ${name(button)} stands high`);
        }
        const headings = [...document.querySelectorAll("h1")].filter((e) => e.checkVisibility() && !e.closest("[inert]"));
        if (headings.length !== 1) wrong.push(`XN2 ${headings.length} h1`);
        if (!root.lang) wrong.push("XN2 no lang");
        for (const landmark of ["header", "main", "footer"]) {
          if (document.querySelectorAll(landmark).length !== 1) wrong.push(`XN2 not one ${landmark}`);
        }
        const nameless = buttons.filter((b) => !b.textContent.trim());
        if (nameless.length) wrong.push("XG2 a button without words");
        const help = box(document.querySelector("footer .help"));
        return {
          wrong: [...new Set(wrong)],
          help: [help.left, help.top, help.width, help.height].map(Math.round).join(" "),
          page: root.dataset.page,
          knowsRules: window.axe !== undefined,
        };
        """#

    /// axe-core with every tag of XN1.
    public static let axe = #"""
        const done = arguments[arguments.length - 1];
        axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
          rules: { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } },
          resultTypes: ["violations"],
        }).then(
          (result) => done(result.violations.map((v) => `axe ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 100)).join(" | ")}`)),
          (error) => done(["axe failed: " + error]));
        """#
}
