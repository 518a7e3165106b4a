// The style sheet of the html report: no external font, image or script; light and dark; for paper
// too.
#pragma once

#include <string_view>

namespace plumb::output {

inline constexpr std::string_view kHtmlStyle = R"css(
:root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--ink:#1b2430;--soft:#566273;--line:#dde2e8;--code:#f2f4f7;
--ok:#17693a;--degraded:#8a5300;--failed:#b3211f;--unknown:#5d3a9b;--link:#0b57b0}
@media(prefers-color-scheme:dark){:root{--page:#11161d;--card:#1a212b;--ink:#e6eaf0;--soft:#a3afbf;--line:#303a48;
--code:#10151c;--ok:#5fd08c;--degraded:#f0b35a;--failed:#ff8a80;--unknown:#c0a4f5;--link:#8ab8ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 3rem}
.report{background:var(--card);border:1px solid var(--line);border-radius:12px;overflow:hidden;margin:0 0 1.5rem}
.report>header{border-left:8px solid var(--tone);padding:1.25rem 1.5rem;border-bottom:1px solid var(--line)}
.report>section{padding:1.1rem 1.5rem;border-bottom:1px solid var(--line)}
.report>section:last-child{border-bottom:0}
.ok{--tone:var(--ok)}.degraded{--tone:var(--degraded)}.failed{--tone:var(--failed)}.unknown{--tone:var(--unknown)}
.name{margin:0;font-size:1.35rem;line-height:1.3;overflow-wrap:anywhere}
.part{margin:0 0 .6rem;font-size:.82rem;letter-spacing:.06em;text-transform:uppercase;color:var(--soft)}
.id{margin:0 0 .3rem;font-size:1rem;overflow-wrap:anywhere}
p{margin:.4rem 0}
.verdict{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:center;margin:0 0 .5rem}
.word{border:2px solid var(--tone);color:var(--tone);font-weight:700;letter-spacing:.04em;border-radius:6px;padding:.05rem .6rem}
.headline{font-size:1.1rem;margin:.7rem 0 0}
.soft{color:var(--soft);font-size:.92rem}
code,pre,td,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code,.mono{font-size:.92em;overflow-wrap:anywhere}
pre{background:var(--code);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem;margin:.6rem 0;
font-size:.86rem;white-space:pre-wrap;overflow-wrap:anywhere}
ol,ul{margin:.3rem 0;padding-left:1.4rem}
li{margin:.35rem 0}
.finding{border-left:3px solid var(--line);padding:.1rem 0 .1rem .9rem;margin:.9rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.2rem 0;font-size:.88rem}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.86rem}
caption{text-align:left;color:var(--soft);padding:0 0 .5rem;font-size:.92rem}
th{text-align:left;font-weight:600;color:var(--soft);border-bottom:2px solid var(--line);padding:.35rem .6rem .35rem 0}
td{vertical-align:top;border-bottom:1px solid var(--line);padding:.4rem .6rem .4rem 0;overflow-wrap:anywhere}
td.n,td.phase,td.took,th.took{white-space:nowrap}td:nth-child(3){min-width:23ch}td.took,th.took{text-align:right;padding-right:0}
tr.bad td{color:var(--failed)}tr.bad details{color:var(--ink)}
summary{cursor:pointer;color:var(--link);font-size:.82rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
a{color:var(--link)}
footer{color:var(--soft);font-size:.85rem}
@media(max-width:40rem){main{padding:.6rem .4rem 2rem}.report>header,.report>section{padding:.9rem .8rem}
dl{grid-template-columns:1fr}dd{margin:0 0 .3rem}}
@media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--code:#fff;--ok:#17693a;
--degraded:#8a5300;--failed:#b3211f;--unknown:#5d3a9b;--link:#000}
main{max-width:none;padding:0}body{font-size:11pt}.report{border-radius:0;border:0}tr,pre,.finding{break-inside:avoid}}
)css";

}  // namespace plumb::output
