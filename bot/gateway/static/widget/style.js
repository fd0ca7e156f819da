export const STYLE = `
:host { --brand: #0b6b53; --brand-ink: #fff; --ink: #1d2733; --soft: #5c6773; --line: #e2e7ea;
  --bot: #fff; --mine: #d9f2e8; --page: #f3f6f5; --warn: #a34100; --size: 16px;
  position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; color: var(--ink);
  font: var(--size)/1.55 system-ui, -apple-system, "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", sans-serif; }
:host([large]) { --size: 22px; --ink: #000; --soft: #2f3942; --line: #7b868d; --brand: #06503d; --warn: #8a2e00; }
* { box-sizing: border-box; }
button, textarea { font: inherit; color: inherit; }
button { -webkit-tap-highlight-color: transparent; cursor: pointer; border: 0; background: none; border-radius: 10px; }
:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.launch { background: var(--brand); color: var(--brand-ink); padding: 14px 22px;
  border-radius: 30px; box-shadow: 0 6px 20px #0004; font-weight: 600; }
.unread { background: #d4351c; color: #fff; border-radius: 10px; padding: 0 7px; margin-left: 8px;
  font-size: .8em; }
.panel { display: flex; flex-direction: column; width: 400px; max-width: calc(100vw - 24px);
  height: min(680px, calc(100vh - 40px)); background: var(--page); border-radius: 16px;
  overflow: hidden; box-shadow: 0 12px 48px #0005; }
:host([large]) .panel { width: 480px; }
[hidden] { display: none !important; }
header { display: flex; align-items: center; gap: 4px; padding: 8px 8px 8px 16px;
  background: var(--brand); color: var(--brand-ink); }
header h2 { font-size: 1.05em; margin: 0; white-space: nowrap; }
header .state { font-size: .8em; padding: 1px 9px; border-radius: 10px; background: #ffffff2b;
  margin: 0 auto 0 8px; white-space: nowrap; }
header button { min-width: 44px; min-height: 44px; padding: 0 8px; white-space: nowrap; }
header button[aria-pressed=true] { background: #ffffff33; }
header button:hover { background: #ffffff22; }
.line { background: #fff4d6; color: #5d4200; font-size: .85em; padding: 6px 16px; }
.log { flex: 1; overflow-y: auto; padding: 14px; display: flex; flex-direction: column; gap: 10px;
  overscroll-behavior: contain; }
.message { max-width: 88%; align-self: flex-start; }
.bubble { background: var(--bot); border: 1px solid var(--line); border-radius: 4px 14px 14px;
  padding: 9px 13px; overflow-wrap: anywhere; }
.bubble p { margin: 0; } .bubble p + *, .bubble * + p, .bubble ul, .bubble ol { margin: 6px 0 0; }
.bubble ul, .bubble ol { padding-left: 1.4em; }
.customer { align-self: flex-end; }
.customer .bubble { background: var(--mine); border-color: #b9e2d2; border-radius: 14px 4px 14px 14px;
  white-space: pre-wrap; }
.agent .bubble { border-left: 4px solid #3569c0; }
.system { align-self: center; max-width: 94%; text-align: center; }
.system .bubble { background: none; border: 0; color: var(--soft); font-size: .88em; padding: 2px; }
.system.letter { text-align: left; align-self: stretch; max-width: none; }
.system.letter .bubble { white-space: pre-line; background: #fff; border: 1px solid var(--line);
  color: var(--ink); font-size: 1em; padding: 9px 13px; }
.system.announced .bubble { background: #fff4d6; border-color: #ecd9a0; color: #4a3500; }
.meta { font-size: .75em; color: var(--soft); margin: 2px 4px 0; display: flex; gap: 8px;
  align-items: center; flex-wrap: wrap; }
.customer .meta { justify-content: flex-end; }
.meta .failed { color: var(--warn); }
.meta button { padding: 2px 8px; min-height: 28px; } .meta button:hover { background: var(--line); }
.meta button[aria-pressed=true] { background: var(--mine); color: var(--brand); }
.meta .thumb { display: flex; align-items: center; justify-content: center; min-width: 40px;
  min-height: 36px; margin: -2px -4px -2px 0; }
.thumb svg { width: 1.5em; height: 1.5em; fill: none; stroke: currentColor; stroke-width: 1.7;
  stroke-linejoin: round; }
.thumb[aria-pressed=true] svg { fill: currentColor; fill-opacity: .25; }
.thumb.down svg { transform: rotate(180deg); }
.replies { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.replies button { border: 1px solid var(--brand); color: var(--brand); background: #fff;
  padding: 6px 14px; border-radius: 18px; min-height: 40px; text-align: left; }
.replies button:hover { background: var(--mine); }
.questions { margin-top: 10px; background: #fff; border: 1px solid var(--line); border-radius: 12px;
  padding: 8px 4px 4px; }
.questions h4 { margin: 0 10px 2px; font-size: .85em; color: var(--soft); font-weight: 600; }
.questions ul { list-style: none; margin: 0; padding: 0; }
.questions li + li { border-top: 1px solid var(--line); margin: 0 10px; padding: 0; }
.questions li + li button { margin: 0 -10px; width: calc(100% + 20px); }
.questions button { width: 100%; min-height: 44px; padding: 8px 28px 8px 10px; text-align: left;
  position: relative; overflow-wrap: anywhere; }
.questions button::after { content: "›"; position: absolute; right: 10px; top: 50%; color: var(--soft);
  transform: translateY(-50%); }
.questions button:hover { background: var(--page); }
.questions.hot { margin: 4px 0 0; }
.why { margin-top: 8px; background: #fff; border: 1px solid var(--line); border-radius: 12px;
  padding: 10px 12px; }
.why p { margin: 0 0 8px; }
.causes { display: flex; flex-wrap: wrap; gap: 8px; }
.causes button { border: 1px solid #b8c2c8; padding: 6px 14px; border-radius: 18px; min-height: 44px; }
.causes button[aria-pressed=true] { background: var(--mine); border-color: var(--brand);
  color: var(--brand); font-weight: 600; }
.more { display: flex; gap: 8px; margin-top: 10px; align-items: flex-end; flex-wrap: wrap; }
.more textarea { flex: 1 1 100%; }
.more button { margin-left: auto; }
.said:empty { display: none; }
.said { font-size: .82em; color: var(--soft); margin: 4px; }
.said.failed { color: var(--warn); }
.card { background: #fff; border: 1px solid var(--line); border-radius: 12px; padding: 10px 14px;
  margin-top: 6px; min-width: 240px; }
.card h4 { margin: 0 0 6px; font-size: .95em; }
.card .note { color: var(--soft); font-size: .82em; margin: 2px 0 0; }
.greeting { margin: 0 auto; max-width: 90%; text-align: center; color: var(--soft); font-size: .88em; }
.card.receipt { border-left: 4px solid var(--brand); }
.card.confirm, .card.code { border-left: 4px solid #f2a900; }
.account { display: grid; grid-template-columns: minmax(0, 1fr) fit-content(66%); gap: 0 12px; padding: 7px 0; }
.account + .account { border-top: 1px solid var(--line); }
.account .status { color: var(--warn); font-size: .85em; grid-column: 1; }
.account .money { grid-column: 2; grid-row: 1; text-align: right;
  white-space: normal; word-break: keep-all; overflow-wrap: anywhere; }
.account .name { overflow-wrap: anywhere; }
.account .note { grid-column: 1 / -1; }
.money { font-variant-numeric: tabular-nums; white-space: nowrap; }
.rows { display: grid; grid-template-columns: fit-content(34%) minmax(0, 1fr); gap: 4px 12px; margin: 0; }
.rows dt { color: var(--soft); } .rows dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: .9em; }
td { padding: 5px 4px; border-top: 1px solid var(--line); vertical-align: top; }
tbody tr:first-child td { border-top: 0; }
td.date { color: var(--soft); word-break: keep-all; overflow-wrap: anywhere; min-width: 3.2em; } td.money { text-align: right; }
td.in { color: var(--brand); }
.attach { min-width: 44px; min-height: 44px; display: flex; align-items: center; justify-content: center; }
.attach svg { width: 1.4em; height: 1.4em; fill: none; stroke: currentColor; stroke-width: 1.7;
  stroke-linecap: round; stroke-linejoin: round; } .attach:hover { background: var(--page); }
.card.upload .primary { margin-top: 8px; }
progress { width: 90px; height: 8px; accent-color: var(--brand); }
.primary { background: var(--brand); color: var(--brand-ink); padding: 8px 22px; min-height: 44px; }
.typing span { display: inline-block; width: 7px; height: 7px; margin-right: 4px; border-radius: 50%;
  background: var(--soft); animation: blink 1.2s infinite; }
.typing span:nth-child(2) { animation-delay: .2s; } .typing span:nth-child(3) { animation-delay: .4s; }
@keyframes blink { 0%, 60%, 100% { opacity: .25; } 30% { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { .typing span { animation: none; } }
.cases-link { background: #fff; color: var(--brand); border-radius: 0; border-bottom: 1px solid var(--line);
  min-height: 44px; padding: 6px 16px; text-align: left; font-weight: 600; }
.cases-link:hover { background: var(--mine); }
.cases { flex: 1; overflow-y: auto; padding: 0 14px 14px; overscroll-behavior: contain; }
.cases-head { display: flex; align-items: center; gap: 8px; }
.cases-head h3 { margin: 0; font-size: 1em; }
.cases .back { min-height: 44px; padding: 0 10px 0 0; color: var(--brand); }
.case { background: #fff; border: 1px solid var(--line); border-radius: 12px; padding: 10px 14px; margin: 0 0 10px; }
.case h4, .case p { margin: 0 0 4px; overflow-wrap: anywhere; white-space: pre-wrap; }
.case .note { color: var(--soft); font-size: .82em; }
.case .when { font-weight: 600; } .case .late { color: var(--warn); }
.case summary { min-height: 44px; display: list-item; line-height: 44px; cursor: pointer; color: var(--brand); }
.case ol { margin: 0; padding: 0; list-style: none; }
.case li { border-top: 1px solid var(--line); padding: 6px 0; }
.case form.act { display: block; border: 0; padding: 8px 0 0; }
.case form.act textarea { width: 100%; max-height: 200px; }
.acts { display: flex; justify-content: flex-end; gap: 8px; margin-top: 8px; }
.acts button { min-height: 44px; padding: 8px 18px; }
.notice { display: flex; flex-direction: column; background: #fff4d6; color: #4a3500; padding: 8px 16px;
  font-size: .88em; border-bottom: 1px solid #ecd9a0; max-height: 30%; overflow-y: auto; overflow-wrap: anywhere; flex: none; }
.handoff { background: #fff; border-top: 1px solid var(--line); border-left: 4px solid var(--brand);
  padding: 10px 14px; max-height: 52%; overflow-y: auto; flex: none; }
.handoff h3 { margin: 0; font-size: 1em; } .handoff h3:focus { outline: none; }
.handoff p { margin: 4px 0 0; overflow-wrap: anywhere; } .handoff .note { color: var(--soft); font-size: .85em; }
.handoff .replies { align-items: center; } .handoff .replies .quiet { border-color: transparent; color: var(--soft); }
.handoff .replies button { min-height: 44px; } .handoff .replies .primary { background: var(--brand); color: var(--brand-ink); }
.handoff.slim { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 12px; }
.handoff.slim .offered { margin: 0; } .handoff.slim .said:empty { display: none; }
.handoff .causes { margin-top: 8px; } .handoff textarea { width: 100%; margin-top: 8px; }
.human-bar { display: none; }
:host([large]) .human-bar { display: block; flex: none; margin: 0; border-radius: 0; min-height: 64px; font-weight: 700;
  background: #8a2e00; color: #fff; }
:host([large]) header button, :host([large]) button, :host([large]) textarea { min-height: 56px; }
:host([large]) header button[title="转接人工客服"], :host([large]) .attach { display: none; }
:host([large]) .bubble, :host([large]) .card, :host([large]) textarea { border-width: 2px; }
:host([large]) .replies button, :host([large]) .causes button { border-width: 2px; border-radius: 28px; }
:host([large]) .meta, :host([large]) .note, :host([large]) .said, :host([large]) .system .bubble { font-size: .9em; }
.composer { position: relative; }
.suggestions { position: absolute; left: 8px; right: 8px; bottom: calc(100% + 4px); z-index: 1;
  margin: 0; padding: 4px; list-style: none; background: #fff; border: 1px solid var(--line);
  border-radius: 12px; box-shadow: 0 -4px 20px #0002; max-height: min(260px, 40vh); overflow-y: auto;
  overscroll-behavior: contain; }
.suggestions li { display: flex; align-items: center; min-height: 44px; padding: 6px 10px;
  border-radius: 8px; cursor: pointer; overflow-wrap: anywhere; }
.suggestions li:hover { background: var(--page); }
.suggestions li[aria-selected=true] { background: var(--mine); outline: 2px solid var(--brand);
  outline-offset: -2px; }
form { display: flex; gap: 8px; padding: 10px 12px; background: #fff; border-top: 1px solid var(--line);
  align-items: flex-end; }
textarea { flex: 1; min-width: 0; resize: none; border: 1px solid #b8c2c8; border-radius: 12px;
  padding: 9px 12px; max-height: 120px; line-height: 1.4; }
@media (max-width: 480px) {
  :host([open]) { inset: 0; right: 0; bottom: 0; }
  :host([open]) .panel, :host([large][open]) .panel { width: 100vw; max-width: none; height: 100dvh;
    border-radius: 0; }
}
@media (max-width: 400px) { :host([large]) header h2 { display: none; } }
`;
