#include "dawson/report/evaluation_style.h"

namespace dawson::report {

const char* evaluation_style() {
  // Plots keep their white ground in the dark: their colours are chosen for it.
  return R"(
:root{color-scheme:light dark;--ink:#1a1f26;--quiet:#566270;--line:#d6dbe2;--wash:#f3f5f7;
--paper:#fff;--accent:#0a5c78;--bad:#a02318}
@media (prefers-color-scheme:dark){:root{--ink:#e8ebef;--quiet:#a4aeba;--line:#39424d;
--wash:#1c2229;--paper:#12161b;--accent:#6fc3dd;--bad:#ff9a8c}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);
margin:0 auto;padding:1rem clamp(.8rem,3vw,2rem) 3rem;max-width:84rem}
h1{font-size:1.7rem;margin:.5rem 0}h2{font-size:1.25rem;margin:2.2rem 0 .6rem}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.note{color:var(--quiet);max-width:68ch}
.disclaimer{display:inline-block;border:1px solid var(--line);border-radius:.4rem;
padding:.1rem .6rem;background:var(--wash);font-weight:600;margin:0}
code{overflow-wrap:anywhere;font-size:.9em}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;list-style:none;padding:0;margin:1rem 0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:.8rem;margin:0}
.cards>div{background:var(--wash);border-radius:.6rem;padding:.7rem 1rem}
.cards dt{color:var(--quiet)}.cards dd{margin:0}.cards b{font-size:1.6rem;display:block}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(26rem,100%),1fr));gap:1rem}
figure{margin:0}
figure img{width:100%;max-width:34rem;height:auto;display:block;background:#fff;
border:1px solid var(--line);border-radius:.5rem}
figcaption{color:var(--quiet);font-size:.85rem;padding:.2rem .3rem}
.scroll{overflow-x:auto;width:fit-content;max-width:100%;border:1px solid var(--line);border-radius:.5rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}
th,td{padding:.32rem .75rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
th{font-weight:600}tbody th{font-weight:400}
th:first-child{text-align:left;position:sticky;left:0;background:var(--paper)}
thead th{background:var(--wash)}thead th:first-child{background:var(--wash)}
td.text{text-align:left;white-space:normal;min-width:14rem}
summary{cursor:pointer;padding:.4rem 0;color:var(--accent)}
.failed li{color:var(--bad)}
#measures dl{display:grid;grid-template-columns:minmax(0,18rem) 1fr;gap:.2rem 1rem;font-size:.92rem}
#measures dt{overflow-wrap:anywhere}#measures dd{margin:0;color:var(--quiet)}
@media (max-width:40rem){#measures dl{display:block}#measures dd{margin:0 0 .5rem}}
footer{margin-top:3rem;border-top:1px solid var(--line)}
@media print{:root{--ink:#000;--quiet:#444;--line:#ccc;--wash:#f5f5f5;--paper:#fff;--accent:#000}
body{font-size:10pt;max-width:none;padding:0}nav,summary{display:none}
.plots{grid-template-columns:1fr 1fr}figure,tr,.cards>div{break-inside:avoid}
h2{break-after:avoid}.scroll{overflow:visible;border:0}
table{font-size:7pt}th,td{padding:.15rem .3rem;white-space:normal}}
)";
}

}  // namespace dawson::report
