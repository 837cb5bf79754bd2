import { COLOURS } from './colours.ts';

/** Style of the report. No web font, no picture: nothing is fetched. */
export const PAGE_STYLE = `
${COLOURS}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
.wrap{max-width:84rem;margin:0 auto;padding:0 clamp(.9rem,3vw,2.5rem)}
.prose,.prose-list{max-width:62rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--bg);padding:.5rem 1rem;z-index:2}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header.top{border-bottom:1px solid var(--line);background:var(--panel);padding:1.6rem 0 1.2rem}
.bar{display:flex;gap:1rem;justify-content:space-between;align-items:flex-start}.bar h1{min-width:0}.theme{flex:none}
h1{font-size:clamp(1.5rem,4vw,2.1rem);line-height:1.2;margin:0 0 .4rem;letter-spacing:-.01em}
h2{font-size:1.35rem;line-height:1.3;margin:2.6rem 0 .8rem;letter-spacing:-.005em}
h3{font-size:1.12rem;line-height:1.35;margin:1.6rem 0 .5rem}
h4{font-size:.95rem;margin:1.3rem 0 .4rem;color:var(--dim);font-weight:600}
p{margin:.4rem 0}
.lead{font-size:1.15rem;margin:.2rem 0 0}
.decision{margin:.2rem 0 .7rem;max-width:62rem}.decided{font-size:1.25rem;margin:0 0 .4rem}.decided strong{color:var(--good)}
.tally{list-style:none;margin:0;padding:0;display:grid;gap:.3rem}.tally li{display:flex;flex-wrap:wrap;gap:.1rem .6rem;align-items:baseline}.tally .who{min-width:6rem;font-weight:600}.tally meter{width:7rem;height:.8rem}.tally .n{color:var(--dim);font-size:.92rem}.said-by{font-size:.94rem;flex:1 1 16rem}
.facts{display:flex;flex-wrap:wrap;gap:.15rem 1.4rem;margin:.7rem 0 0;padding:0;color:var(--dim);font-size:.92rem}
.facts div{display:flex;gap:.4em}.facts dt{margin:0}.facts dd{margin:0;color:var(--text)}
nav.toc ul{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;list-style:none;margin:.9rem 0 0;padding:0;font-size:.95rem}
button,select,input{font:inherit;font-size:.9rem;color:var(--text);background:var(--bg);border:1px solid light-dark(#868f98,#66727e);border-radius:6px;padding:.35rem .7rem;min-height:2.2rem;max-width:100%}
button{cursor:pointer}
button:hover{background:var(--panel)}
.tools{display:flex;flex-wrap:wrap;gap:.6rem;align-items:end;margin:.8rem 0}
.tools[hidden]{display:none}
.tools label{display:grid;gap:.15rem;font-size:.85rem;color:var(--dim);min-width:0;max-width:100%}.tools select{width:100%}
.notice{border-left:4px solid var(--warn);background:var(--warnbg);padding:.5rem .9rem;border-radius:0 6px 6px 0;margin:.6rem 0;max-width:62rem}
.notice ul{margin:.2rem 0;padding-left:1.2rem}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
code{background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:.05em .3em}
.scroll{position:relative;overflow-x:auto;border:1px solid var(--line);border-radius:8px}
table{border-collapse:separate;border-spacing:0}
.scroll>table{width:100%;font-size:.92rem}
caption{text-align:left;color:var(--dim);font-size:.88rem;padding:.5rem .8rem}
.scroll caption span.cap{position:sticky;left:.8rem;display:inline-block;max-width:min(60rem,calc(100vw - 4rem));white-space:normal}
.scroll th,.scroll td{padding:.5rem .8rem;text-align:left;border-top:1px solid var(--line);vertical-align:top;white-space:nowrap;overflow-wrap:normal}
.scroll thead th{color:var(--dim);font-weight:600;font-size:.85rem}
.scroll .num{text-align:right;font-variant-numeric:tabular-nums}
.scroll .paths{white-space:normal;min-width:16rem;overflow-wrap:anywhere}
.scroll tbody th{font-weight:600;position:sticky;left:0;background:var(--bg);max-width:15rem;white-space:normal;overflow-wrap:anywhere;min-width:7rem}
.best{font-weight:700}
.star{color:var(--good)}
.under{display:block;margin-top:.15rem}
.delta{color:var(--dim);font-size:.88em}
.good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--dim)}
.plus{color:var(--good)}.minus{color:var(--bad)}
.tag{display:inline-block;font-size:.8rem;line-height:1.3;border:1px solid var(--line);border-radius:99px;padding:.05rem .55rem;color:var(--dim);max-width:100%;overflow-wrap:anywhere}
.tag.good{background:var(--goodbg);border-color:transparent;color:var(--good)}
.tag.bad{background:var(--badbg);border-color:transparent;color:var(--bad)}
.tag.warn{background:var(--warnbg);border-color:transparent;color:var(--warn)}
ol.ranking{list-style:none;padding:0;margin:0;display:grid;gap:.6rem;max-width:62rem}
ol.ranking>li{display:grid;grid-template-columns:2.4rem 1fr;gap:.2rem .8rem;border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem}
ol.ranking>li.first{border-color:var(--good);box-shadow:inset 4px 0 0 var(--good)}
.place{font-size:1.3rem;font-weight:700;line-height:1.3;text-align:center;color:var(--dim)}
.first .place{color:var(--good)}
ol.ranking p{margin:0}
ol.ranking li li{position:relative}ol.ranking li li+li::before{content:'·';position:absolute;left:-.75rem}
ol.ranking ul{grid-column:2;margin:0;padding:0;list-style:none;display:flex;overflow-x:clip;flex-wrap:wrap;gap:0 1.2rem;color:var(--dim);font-size:.94rem}
.matrix{display:block;max-width:none;margin:.4rem}
.matrix text{font-size:13px;fill:var(--text)}
.matrix .name{fill:var(--dim)}
.matrix rect{stroke:var(--line);fill:var(--bg)}
.matrix .touch rect{fill:var(--warnbg);stroke:var(--warn)}.matrix .touch text{fill:var(--warn);font-weight:600}
.matrix .clash rect{fill:var(--badbg);stroke:var(--bad);stroke-width:2}.matrix .clash text{fill:var(--bad);font-weight:700}
.matrix .apart text{fill:var(--dim)}.matrix .self rect{fill:var(--void);stroke:none}
.legend{color:var(--dim);font-size:.9rem}
.looks{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr))}
.looks figure{margin:0;min-width:0}.looks img{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:8px;background:#fff}.looks figcaption{padding:.3rem .1rem;font-size:.92rem}
.variant{border-top:1px solid var(--line);margin-top:2rem;padding-top:.2rem}
.title{display:flex;flex-wrap:wrap;align-items:baseline;gap:.3rem .7rem}
.title h3{font-size:1.3rem;margin:1rem 0 .3rem}
.said{white-space:pre-wrap;background:var(--panel);border-radius:8px;padding:.8rem 1rem;margin:.4rem 0;max-width:62rem}
.cut{max-height:24rem;overflow:auto}
ul.checks{list-style:none;padding:0;margin:.3rem 0;display:grid;gap:.35rem}
details{margin:.45rem 0}
details>summary{cursor:pointer;padding:.35rem .2rem;border-radius:6px}
details>summary:hover{background:var(--panel)}
details.file,details.pair{border:1px solid var(--line);border-radius:8px;overflow:clip}
details.file>summary,details.pair>summary{background:var(--panel);padding:.45rem .8rem;font-size:.92rem}
details.file>summary .mono{font-weight:600;font-size:.92em}
details.pair details.file{margin:.6rem}
.left{border:1px dashed var(--line);border-radius:8px;padding:.45rem .8rem;margin:.45rem 0;font-size:.92rem;color:var(--dim)}
pre.out{margin:.3rem 0;padding:.7rem 1rem;background:var(--panel);border-radius:8px;white-space:pre-wrap;max-height:26rem;overflow:auto}
pre.diff{margin:0;white-space:pre-wrap;line-height:1.5;tab-size:4}
pre.big{content-visibility:auto;contain-intrinsic-size:auto 40rem}
pre.diff>*{display:block;text-decoration:none;padding:0 .6rem 0 calc(var(--g) + .3rem);text-indent:calc(-1*var(--g));font-weight:400}
pre.diff>[data-n]::before{content:attr(data-n);display:inline-block;width:var(--g);text-indent:0;color:var(--dim);white-space:pre;user-select:none}
pre.diff>b{background:var(--hunk);color:var(--dim);text-indent:0;padding-left:.9rem}
.w1{--g:6ch;--h:5ch}.w2{--g:8ch;--h:6ch}.w3{--g:10ch;--h:7ch}.w4{--g:12ch;--h:8ch}.w5{--g:14ch;--h:9ch}.w6{--g:16ch;--h:10ch}.w7{--g:18ch;--h:11ch}
ins,td.a{background:var(--add)}del,td.d{background:var(--del)}
mark{background:none;color:inherit;border-radius:2px}
ins mark,td.a mark{background:var(--addmark)}del mark,td.d mark{background:var(--delmark)}
i{font-style:normal}i.k,i.b{color:var(--k)}i.s{color:var(--s)}i.c{color:var(--c)}i.n,i.a{color:var(--n)}i.f,i.v{color:var(--f)}i.t,i.g{color:var(--t)}i.m{color:var(--m)}
.diff mark i,.split mark i{color:inherit}
.hid{background:var(--warnbg);color:var(--warn);border-radius:3px;padding:0 .15em;font-size:.9em;font-weight:600}
table.split{width:100%;table-layout:fixed;font:inherit;font-size:.8rem;line-height:1.5}
table.split caption{padding:.3rem .8rem}
table.split td{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap;tab-size:4;vertical-align:top;padding:0 .5rem 0 calc(var(--h) + .3rem);text-indent:calc(-1*var(--h))}
table.split td[data-n]::before{content:attr(data-n);display:inline-block;width:var(--h);text-indent:0;color:var(--dim);white-space:pre;user-select:none}
table.split td+td{border-left:1px solid var(--line)}
table.split th{text-align:left;padding:.2rem .8rem;font-weight:600}
table.split .g th{background:var(--hunk);color:var(--dim);font-weight:400}
table.split .e{background:var(--void)}
.beside{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 .8rem;align-items:start}
.none{color:var(--dim);border:1px dashed var(--line);border-radius:8px;padding:.45rem .8rem;margin:.45rem 0;font-size:.92rem}
footer{margin:3rem 0 2rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--dim);font-size:.9rem}
[hidden]{display:none!important}
@media (max-width:46rem){
body{font-size:15px}
.beside{grid-template-columns:minmax(0,1fr)}
pre.diff{font-size:.76rem}
.scroll th,.scroll td{padding:.45rem .6rem}
table.split,table.split tbody,table.split tr,table.split td,table.split caption{display:block}
table.split thead{display:none}table.split td+td{border-left:0}
table.split .g th{display:block}
table.split .s td+td,table.split td.e{display:none}
}
@media print{
@page{size:A4;margin:14mm}
:root{color-scheme:light}
body{font-size:10.5pt}
.wrap{padding:0;max-width:none}
header.top{background:none}
.first-page{break-after:page}.looks{grid-template-columns:1fr 1fr}.looks figure{break-inside:avoid}
.tools,.skip,nav.toc,.theme{display:none!important}
.scroll{overflow:visible;border:0}.cut,pre.out{max-height:none}
.scroll>table{font-size:8pt;table-layout:auto}.scroll th,.scroll td{white-space:normal;overflow-wrap:anywhere;padding:.15rem .3rem}.scroll tbody th,.scroll caption span.cap{position:static;min-width:0;max-width:none}.scroll .paths{min-width:0}
.matrix{max-width:100%;height:auto}
pre.diff{font-size:8pt}pre.big{content-visibility:visible}
.variant{break-before:page}h2,h3,h4,summary{break-after:avoid}ol.ranking>li,tr,.notice{break-inside:avoid}
ins,del,.tag,mark,.hid,.matrix,.split td{print-color-adjust:exact}
}
@media (forced-colors:active){ins{border-left:3px solid}del{border-left:3px double}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;
