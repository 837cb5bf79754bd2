import { COLOURS } from '../html/colours.ts';

/** Style of the page of `copse serve`: the frames get the room. No web font, nothing is fetched. */
export const SERVE_STYLE = `
${COLOURS}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100dvh;display:flex;flex-direction:column;background:var(--bg);color:var(--text);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
a{color:var(--link)}
p{margin:0}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:3px}
header.top{background:var(--panel);border-bottom:1px solid var(--line);padding:.5rem .9rem;display:grid;gap:.5rem}
.bar{display:flex;flex-wrap:wrap;gap:.4rem .9rem;align-items:center}
.end{margin-left:auto;display:flex;gap:.8rem;align-items:center}
h1{font-size:1.15rem;line-height:1.2;margin:0;min-width:0}
h2{font-size:1.05rem;line-height:1.25;margin:0;min-width:0}
button,input[type=text]{font:inherit;font-size:.9rem;color:var(--text);background:var(--bg);border:1px solid light-dark(#868f98,#66727e);border-radius:6px;padding:.25rem .65rem;min-height:2.1rem;max-width:100%}
button{cursor:pointer}
button:hover{background:var(--hunk)}
button:disabled{cursor:default;color:var(--dim)}
button[aria-pressed=true]{background:var(--link);border-color:var(--link);color:var(--bg)}
.route{display:flex;gap:.5rem;align-items:center;flex:1 1 20rem;max-width:46rem;min-width:0}
.route input{flex:1;min-width:0;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.route label,.tick{color:var(--dim);font-size:.9rem}
.tick{display:flex;gap:.4rem;align-items:center;min-height:2.1rem}
.tick input{width:1.1rem;height:1.1rem;margin:0;accent-color:var(--link)}
.layouts{display:flex}
.layouts button{border-radius:0;margin-left:-1px}
.layouts button:first-child{border-radius:6px 0 0 6px;margin:0}.layouts button:last-child{border-radius:0 6px 6px 0}
#tabs{display:flex;flex-wrap:wrap;gap:.35rem}
.tab{display:flex;gap:.45rem;align-items:center;white-space:pre-wrap;text-align:left}
.tab::before{content:'';flex:none;width:.6rem;height:.6rem;border-radius:50%;background:var(--dim);border:1px solid var(--bg)}
.tab[data-tone=good]::before{background:var(--good)}.tab[data-tone=bad]::before{background:var(--bad);border-radius:1px}.tab[data-tone=warn]::before{background:var(--warn);border-radius:1px;rotate:45deg}
.tab[aria-pressed=true]{background:var(--hunk);border-color:var(--link);box-shadow:inset 0 0 0 1px var(--link);color:var(--text)}
.said-line{color:var(--dim);font-size:.9rem}
.said-line:empty{display:none}
.tiles{flex:1;display:grid;gap:1px;background:var(--line);grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));grid-auto-rows:auto minmax(20rem,1fr)}
@media (min-width:64rem){.tiles[data-shown='4']{grid-template-columns:repeat(2,minmax(0,1fr))}}
.tiles[data-layout=one]{grid-template-columns:minmax(0,1fr)}
.tiles[data-layout=two]{grid-template-columns:repeat(2,minmax(0,1fr))}
.tile{background:var(--bg);display:grid;grid-row:span 2;grid-template-rows:subgrid;grid-template-columns:minmax(0,1fr);row-gap:0;min-width:0;min-height:0}
.head{padding-bottom:.35rem;min-width:0}
.title,.facts{display:flex;flex-wrap:wrap;gap:.25rem .6rem;align-items:center;padding:.4rem .7rem 0}
.favour{margin-left:auto;min-height:1.9rem;padding:.1rem .6rem}
.favour[aria-pressed=true]{background:var(--goodbg);border-color:var(--good);color:var(--good)}
.tags,.votes{list-style:none;margin:0;padding:0}
.tags{display:flex;flex-wrap:wrap;gap:.25rem .35rem}
.more{display:flex;flex-wrap:wrap;gap:0 .9rem;align-items:baseline;padding:.15rem .7rem 0}
.links{margin-left:auto;font-size:.88rem;display:flex;gap:.9rem}
.links a{display:inline-block;padding:.2rem 0}
.tag{display:inline-block;font-size:.8rem;line-height:1.3;border:1px solid var(--line);border-radius:99px;padding:.05rem .55rem;color:var(--dim);max-width:100%}
.tag.good{background:var(--goodbg);border-color:transparent;color:var(--good)}
.tag.bad{background:var(--badbg);border-color:transparent;color:var(--bad)}
.tag.warn{background:var(--warnbg);border-color:transparent;color:var(--warn)}
.vote{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center;padding:.4rem .7rem 0;font-size:.9rem}
.vote input{flex:1 1 10rem;min-width:0}
.votes{padding:.35rem .7rem 0;font-size:.88rem;color:var(--dim);max-height:7rem;overflow:auto}
.said{font-size:.9rem;min-width:0}
.said[open]{flex:1 0 100%;order:1}
.said summary{cursor:pointer;padding:.2rem 0}
.prose{white-space:pre-wrap;background:var(--panel);border-radius:8px;padding:.6rem .8rem;max-height:16rem;overflow:auto}
.stage{position:relative;min-height:18rem;border-top:1px solid var(--line);background:var(--void)}
iframe{position:absolute;inset:0;width:100%;height:100%;border:0;background:#fff;color-scheme:light}
.down{position:absolute;inset:0;overflow:auto;padding:1.4rem;display:grid;gap:.5rem;align-content:center;justify-items:center;text-align:center;color:var(--dim)}
.down .big{color:var(--text);font-size:1.1rem;font-weight:600}
.down pre{margin:.4rem 0 0;padding:.7rem .9rem;background:var(--panel);border:1px solid var(--line);border-radius:8px;white-space:pre-wrap;text-align:left;font:.8rem/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;max-width:100%;max-height:20rem;overflow:auto;color:var(--text);display:flex;flex-direction:column-reverse}
.alone{max-width:40rem;margin:12vh auto;padding:0 1.2rem;display:grid;gap:.6rem}
.legend{color:var(--dim);font-size:.88rem}
dialog{background:var(--bg);color:var(--text);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.3rem;max-width:min(34rem,calc(100vw - 2rem))}
dialog::backdrop{background:#0008}
dialog h2{margin-bottom:.6rem}dialog p,dialog form{margin-top:.7rem}
.keys{margin:0;display:grid;gap:.3rem}.keys div{display:grid;grid-template-columns:9rem 1fr;gap:.6rem}.keys dt,.keys dd{margin:0}
kbd{font:.85em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:.1em .4em}
@media (max-width:46rem){
.layouts{display:none}
#said{order:1;flex-basis:100%}
#tabs{flex-wrap:nowrap;overflow-x:auto;padding:3px;margin:-3px}
.tab{flex:none;max-width:70vw}
.tiles,.tiles[data-layout]{grid-template-columns:minmax(0,1fr);grid-auto-rows:auto 1fr}
.stage{min-height:70dvh}
.route{flex-basis:100%}
button,input[type=text]{min-height:2.6rem}
.tick{min-height:2.6rem}
}
@media (prefers-reduced-motion:no-preference){button{transition:background-color .12s}}
@media (forced-colors:active){.tab[aria-pressed=true]{border-width:3px}}
`;
