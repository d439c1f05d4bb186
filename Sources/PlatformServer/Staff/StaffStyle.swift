/// The staff page's style sheet: the tokens of the resident's screens at text step 1, at the scale of a desk.
enum StaffStyle {
    static let sheet = """
        :root {
          --mm: 1.8px; --em: calc(9 * var(--mm));
          --paper: #fbfaf6; --card: #ffffff; --ink: #15212c; --soft: #2b3640; --line: #3d4a55; --hair: #c9cfd3;
          --deep: #0a3a5c; --deep-press: #062a44; --on-deep: #ffffff; --wash: #e4eef5;
          --good: #0a3d22; --good-wash: #e1f1e6; --warn: #452a00; --warn-wash: #fff0cc;
          --stop: #5e0f0b; --stop-wash: #fde6e2; --focus: #ffb000; --gap: calc(8 * var(--mm)); --r: calc(3 * var(--mm));
        }
        * { box-sizing: border-box; margin: 0; }
        html { background: var(--paper); color: var(--ink); font: 400 var(--em)/1.5 "Noto Sans CJK SC", "Noto Sans", sans-serif; }
        h1 { font-size: 1.5em; line-height: 1.3; font-weight: 700; }
        h2 { font-size: 1em; font-weight: 700; margin-bottom: calc(3 * var(--mm)); color: var(--deep); }
        h2 small, legend, small { font-weight: 400; color: var(--soft); font-size: .9em; }
        h1, p, dt, dd, label, .note { overflow-wrap: anywhere; min-width: 0; }
        a { color: var(--deep); text-underline-offset: .2em; }
        :focus-visible { outline: calc(1.5 * var(--mm)) solid var(--focus); outline-offset: calc(.75 * var(--mm)); box-shadow: 0 0 0 calc(.75 * var(--mm)) #000; }
        header { display: flex; align-items: center; gap: var(--gap); padding: calc(6 * var(--mm)) max(calc(16 * var(--mm)), calc(50% - 600px + 16 * var(--mm))); background: var(--card); border-bottom: calc(.5 * var(--mm)) solid var(--line); }
        header a { font-weight: 700; text-decoration: none; } header span { margin-inline-start: auto; color: var(--soft); }
        main { max-width: 1200px; margin: 0 auto; padding: calc(12 * var(--mm)) calc(16 * var(--mm)) calc(24 * var(--mm)); display: flex; flex-direction: column; gap: calc(10 * var(--mm)); }
        .head { display: flex; align-items: baseline; gap: var(--gap); flex-wrap: wrap; } .lead { color: var(--soft); }
        .number { font-variant-numeric: tabular-nums; letter-spacing: .04em; font-weight: 700; white-space: nowrap; }
        .when, time { font-variant-numeric: tabular-nums; white-space: nowrap; }
        table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--hair); }
        th, td { text-align: start; padding: calc(3.5 * var(--mm)) calc(6 * var(--mm)); border-bottom: 1px solid var(--hair); }
        th { color: var(--soft); font-weight: 400; background: var(--wash); } tbody tr:hover { background: var(--wash); }
        td.number a { display: inline-block; padding: calc(1 * var(--mm)) 0; }
        .badge { display: inline-block; padding: 0 .7em; border-radius: 1em; border: 1px solid currentColor; background: var(--wash); color: var(--deep); font-weight: 700; font-size: .9em; white-space: nowrap; }
        .badge[data-kind="final"] { background: var(--good-wash); color: var(--good); }
        .badge[data-kind="waits"] { background: var(--warn-wash); color: var(--warn); }
        .badge[data-kind="unknown"] { background: var(--paper); color: var(--soft); }
        .search { flex-direction: row; align-items: center; gap: calc(4 * var(--mm)); margin-inline-start: auto; } .search label { color: var(--soft); }
        .search input { font: inherit; color: inherit; width: 12em; padding: calc(2 * var(--mm)) calc(4 * var(--mm)); border: 1px solid var(--line); border-radius: var(--r); background: var(--card); }
        .filters { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: calc(2.5 * var(--mm)); }
        .filters a { display: block; padding: calc(1.5 * var(--mm)) calc(5 * var(--mm)); border: 1px solid var(--hair); border-radius: 1.5em; background: var(--card); text-decoration: none; }
        .filters a[aria-current] { background: var(--wash); border-color: var(--deep); box-shadow: inset 0 0 0 1px var(--deep); font-weight: 700; } .filters span { color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; }
        .empty { background: var(--card); border: 1px dashed var(--hair); border-radius: var(--r); padding: calc(20 * var(--mm)); text-align: center; color: var(--soft); }
        .pager { display: flex; align-items: center; justify-content: center; gap: var(--gap); }
        .other { font: inherit; font-weight: 700; color: var(--deep); cursor: pointer; border: calc(.75 * var(--mm)) solid var(--deep); border-radius: var(--r); padding: calc(2 * var(--mm)) calc(8 * var(--mm)); font-weight: 700; text-decoration: none; background: var(--card); }
        .back { text-decoration: none; font-weight: 700; } .quiet { font-weight: 400; font-size: .9em; margin-inline-start: 1em; }
        .note { padding: calc(4 * var(--mm)) calc(6 * var(--mm)); border-radius: var(--r); border-inline-start: calc(2.5 * var(--mm)) solid currentColor; }
        .note.good { background: var(--good-wash); color: var(--good); } .note.warn { background: var(--warn-wash); color: var(--warn); } .note.stop { background: var(--stop-wash); color: var(--stop); }
        .remarks { margin-top: calc(4 * var(--mm)); } .remarks ul { padding-inline-start: 1.2em; } .remarks li { overflow-wrap: anywhere; }
        .columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: calc(10 * var(--mm)); align-items: start; }
        .facts, .work { display: flex; flex-direction: column; gap: calc(8 * var(--mm)); }
        section { background: var(--card); border: 1px solid var(--hair); border-radius: var(--r); padding: calc(7 * var(--mm)) calc(8 * var(--mm)); }
        dl.answers > div { display: grid; grid-template-columns: 6.5em minmax(0, 1fr); column-gap: var(--gap); padding: calc(1.6 * var(--mm)) 0; border-bottom: 1px solid var(--hair); }
        dl.answers > div:last-child { border-bottom: 0; } dl.answers dt { color: var(--soft); } dl.answers dd { font-weight: 700; overflow-wrap: anywhere; }
        form { display: flex; flex-direction: column; gap: calc(4 * var(--mm)); }
        fieldset { border: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(9em, 1fr)); gap: calc(2.5 * var(--mm)); } legend { padding: 0; margin-bottom: calc(2 * var(--mm)); }
        fieldset label { display: flex; align-items: center; gap: .5em; padding: calc(2.5 * var(--mm)) calc(4 * var(--mm)); border: 1px solid var(--line); border-radius: var(--r); }
        fieldset label:has(:checked) { background: var(--wash); border-color: var(--deep); box-shadow: inset 0 0 0 1px var(--deep); font-weight: 700; }
        input[type="radio"] { accent-color: var(--deep); width: 1em; height: 1em; flex: none; }
        textarea { font: inherit; color: inherit; width: 100%; padding: calc(3 * var(--mm)); border: 1px solid var(--line); border-radius: var(--r); background: var(--card); resize: vertical; }
        .go { font: inherit; font-weight: 700; color: var(--on-deep); background: var(--deep); border: 0; border-radius: var(--r); padding: calc(4 * var(--mm)) calc(12 * var(--mm)); align-self: flex-start; cursor: pointer; } .go:active { background: var(--deep-press); }
        .steps { list-style: none; padding: 0; display: flex; flex-direction: column; gap: calc(3 * var(--mm)); } .steps time { margin-inline-start: .8em; color: var(--soft); } .steps p, .typed { padding: calc(1 * var(--mm)) 0 0 calc(2 * var(--mm)); white-space: pre-line; }
        .pages { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: calc(8 * var(--mm)); }
        .pages li { display: flex; flex-direction: column; align-items: center; gap: calc(2 * var(--mm)); color: var(--soft); }
        .pages a { display: block; width: 100%; } .pages img { display: block; width: 100%; height: auto; background: #fff; border: 1px solid var(--hair); box-shadow: 0 calc(1 * var(--mm)) calc(5 * var(--mm)) #0002; }
        @media (max-width: 820px) { .columns { grid-template-columns: minmax(0, 1fr); } header, main { padding-inline: calc(8 * var(--mm)); } table { font-size: .9em; } th, td { padding-inline: calc(3 * var(--mm)); } }
        """
}
