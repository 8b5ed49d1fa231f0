/** The style of all pages: the reader's own fonts, light and dark by the reader's choice, narrow screens, paper. */
export const STYLE = `
:root{color-scheme:light dark;--page:#fbfbfa;--card:#fff;--ink:#1d2129;--soft:#5b6472;--line:#e2e5ea;--fill:#eef0f3;
--good:#16794c;--good-soft:#e3f4ea;--bad:#b3261e;--bad-soft:#fbe9e7;--warn:#8a5a00;--warn-soft:#fdf1d8;--none:#5b6472;--none-soft:#eceff3;
--bar:#3d6fb6;--bar-soft:#c9d8ee;--focus:#1a56c4}
@media (prefers-color-scheme:dark){:root{--page:#14171c;--card:#1b1f26;--ink:#e6e9ee;--soft:#a2abb9;--line:#313843;--fill:#262c35;
--good:#6cd19b;--good-soft:#16352a;--bad:#ff9a92;--bad-soft:#43211f;--warn:#f0c069;--warn-soft:#3d3017;--none:#a2abb9;--none-soft:#2a303a;
--bar:#7fa9e6;--bar-soft:#31466a;--focus:#8db8ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:72rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem;text-wrap:balance}
h2{font-size:1.15rem;margin:2.25rem 0 .6rem;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
h3{font-size:1rem;margin:0}
p{margin:.4rem 0}
a{color:var(--focus)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:1}
.soft{color:var(--soft)}
.badge{display:inline-block;font-weight:600;font-size:.8rem;line-height:1.4;padding:.1rem .6rem;border-radius:1rem;white-space:nowrap}
.passed{color:var(--good);background:var(--good-soft)}.failed,.error{color:var(--bad);background:var(--bad-soft)}
.warning{color:var(--warn);background:var(--warn-soft)}.vacuous,.skipped,.inconclusive{color:var(--none);background:var(--none-soft)}
.verdict{display:flex;gap:1rem;align-items:center;padding:1rem 1.25rem;margin:1.25rem 0;border-radius:.6rem;font-size:1.05rem}
.verdict strong{font-size:1.35rem}
.verdict .sign{font-size:1.7rem;line-height:1}
.facts{display:flex;flex-wrap:wrap;gap:.75rem;padding:0;margin:1rem 0;list-style:none}
.facts li{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .9rem;min-width:6.5rem}
.facts b{display:block;font-size:1.2rem;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem;background:var(--card)}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem;border-top:1px solid var(--line);overflow-wrap:break-word}
thead th{border-top:0;background:var(--fill);font-weight:600;white-space:nowrap;overflow-wrap:normal}
tbody th{font-weight:500;min-width:9rem;max-width:26rem}tbody td{max-width:26rem}
.number svg{margin:.2rem 0 0 auto}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code,.code{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace}
pre{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;overflow:auto;margin:.5rem 0}
.null{color:var(--soft);font-style:italic}
details{margin:.5rem 0}summary{cursor:pointer;font-weight:500}
td code{overflow-wrap:anywhere}td>code,td>details{display:inline-block;min-width:13rem}td>details{margin:0}td summary{font-weight:400}td details[open]>summary>code{display:none}
small{font-size:.85em;font-variant-numeric:tabular-nums}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr));gap:1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.9rem 1rem;min-width:0;break-inside:avoid}
.card dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem .9rem;margin:.5rem 0;font-size:.9rem}
dt{color:var(--soft)}dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
figure{margin:.5rem 0 0}figcaption{color:var(--soft);font-size:.85rem}
svg{display:block;max-width:100%;height:auto}
svg text{fill:var(--soft);font:11px system-ui,sans-serif}svg .value{fill:var(--ink)}
.bar{fill:var(--bar)}.track{fill:var(--fill)}.line{fill:none;stroke:var(--bar);stroke-width:2}.axis{stroke:var(--line)}
.dot{fill:var(--bar)}.odd{fill:var(--bad)}.bound{stroke:var(--ink);stroke-width:2}.inside{fill:var(--good)}.outside{fill:var(--bad)}
footer{margin-top:3rem;color:var(--soft);font-size:.85rem}
@media (max-width:40rem){main{padding:1.25rem .8rem 3rem}table{font-size:.82rem}th,td{padding:.35rem .4rem}tbody th{min-width:5.5rem}.badge{padding:.05rem .4rem}td:last-child:not(.number){min-width:16rem}}
@media print{body{background:#fff;font-size:10pt}main{max-width:none;padding:0}.scroll{overflow:visible;border:0}h2{break-after:avoid}tr{break-inside:avoid}
details:not([open])>*{display:block}.skip{display:none}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
