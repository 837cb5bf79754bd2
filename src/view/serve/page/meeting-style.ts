import { COLOURS } from '../../html/colours.ts';

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
header.top{background:var(--panel);border-bottom:1px solid var(--line);padding:.45rem .8rem;display:grid;gap:.4rem}
.bar{display:flex;flex-wrap:wrap;gap:.4rem .9rem;align-items:center}
.end{margin-left:auto;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;justify-content:flex-end}
h1{font-size:1.1rem;line-height:1.2;margin:0;min-width:0}
h2{font-size:1rem;line-height:1.25;margin:0;min-width:0;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
button,select,input[type=text]{font:inherit;font-size:.9rem;color:var(--text);background:var(--bg);border:1px solid light-dark(#868f98,#66727e);border-radius:6px;padding:.2rem .65rem;min-height:2rem;max-width:100%}
button,select{cursor:pointer}
button:hover{background:var(--hunk)}
button:disabled{cursor:default;color:var(--dim)}
button[aria-pressed=true]{background:var(--link);border-color:var(--link);color:var(--bg)}
.route{display:flex;gap:.5rem;align-items:center;flex:1 1 16rem;max-width:40rem;min-width:0}
.route input{flex:1;min-width:0;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.route label,.tick{color:var(--dim);font-size:.9rem}
.tick{display:flex;gap:.4rem;align-items:center;min-height:2rem}
.tick input{width:1.1rem;height:1.1rem;margin:0;accent-color:var(--link)}
.layouts{display:flex}
.layouts button{border-radius:0;margin-left:-1px}
.layouts button:first-child{border-radius:6px 0 0 6px;margin:0}.layouts button:last-child,.layouts button:has(+[hidden]){border-radius:0 6px 6px 0}
#tabs{display:flex;flex-wrap:wrap;gap:.35rem;min-width:0}
.tab{display:flex;gap:.45rem;align-items:center;white-space:pre-wrap;text-align:left}
.tab::before{content:'';flex:none;width:.6rem;height:.6rem;border-radius:50%;background:var(--dim);border:1px solid var(--bg)}
.tab[data-tone=good]::before{background:var(--good)}.tab[data-tone=bad]::before{background:var(--bad);border-radius:1px}.tab[data-tone=warn]::before{background:var(--warn);border-radius:1px;rotate:45deg}
.tab[data-chosen=yes]::after{content:'★' / 'chosen';color:var(--good)}
.tab[aria-pressed=true]{background:var(--hunk);border-color:var(--link);box-shadow:inset 0 0 0 1px var(--link);color:var(--text)}
.said-line{color:var(--dim);font-size:.9rem}
.said-line:empty{display:none}
.result{background:var(--goodbg);border-left:4px solid var(--good);border-radius:0 6px 6px 0;padding:.3rem .7rem}
.result strong{color:var(--good)}
.split-bar{display:flex;gap:.7rem;align-items:center;font-weight:600;font-size:.9rem}
.split-bar input{flex:1;min-width:0;accent-color:var(--link);height:1.6rem;margin:0}
.tiles{flex:1;display:grid;gap:1px;background:var(--line);grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));grid-auto-rows:minmax(22rem,1fr);--split:50%}
@media (min-width:64rem){.tiles[data-shown='4']{grid-template-columns:repeat(2,minmax(0,1fr))}}
.tiles[data-layout=one],.tiles[data-layout=split]{grid-template-columns:minmax(0,1fr)}
.tiles[data-layout=two]{grid-template-columns:repeat(2,minmax(0,1fr))}
.tile{background:var(--bg);display:flex;flex-direction:column;min-width:0;min-height:0;position:relative}
.head{display:flex;gap:.25rem .5rem;align-items:center;padding:.25rem .6rem;height:2.7rem;flex:none;min-width:0;border-bottom:1px solid var(--line)}
.head>.tag{flex:none}
.head h2{flex:0 1 auto}
.favour{flex:none}
.favour[aria-pressed=true]{background:var(--goodbg);border-color:var(--good);color:var(--good)}
.count{font-size:.9rem;color:var(--dim);flex:none}
.tags,.votes{list-style:none;margin:0;padding:0}
.tags{display:flex;flex-wrap:wrap;gap:.25rem .35rem;min-width:0}
.head>.tags{flex:1 1 0;height:1.5rem;overflow:hidden}
.panel .tags{display:none}
.tag{display:inline-block;font-size:.8rem;line-height:1.3;border:1px solid var(--line);border-radius:99px;padding:.05rem .55rem;color:var(--dim);max-width:100%}
.tag.good{background:var(--goodbg);border-color:transparent;color:var(--good)}
.tag.bad{background:var(--badbg);border-color:transparent;color:var(--bad)}
.tag.warn{background:var(--warnbg);border-color:transparent;color:var(--warn)}
.more{margin-left:auto;flex:none}
.more>summary{display:flex;align-items:center;gap:.3rem;cursor:pointer;list-style:none;font-size:.9rem;padding:.3rem .5rem;border-radius:6px;color:var(--link)}
.more>summary::-webkit-details-marker{display:none}
.more>summary::after{content:'▾' / ''}
.more[open]>summary{background:var(--hunk)}
.panel{position:absolute;z-index:3;right:.4rem;left:.4rem;top:2.6rem;margin-left:auto;max-width:36rem;max-height:min(70dvh,calc(100% - 3.2rem));min-height:4rem;overflow:auto;display:grid;gap:.55rem;padding:.8rem;background:var(--bg);border:1px solid var(--line);border-radius:8px;box-shadow:0 8px 30px #0005}
.vote{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.2rem .5rem;font-size:.9rem}
.vote label{color:var(--dim)}.vote label,.vote input{grid-column:1}.vote button{grid-column:2;align-self:end}
.vote+.vote,.votes+.vote{border-top:1px solid var(--line);padding-top:.5rem}
.vote label[hidden]+input[hidden]+button{grid-column:1/-1;justify-self:start}
.votes{font-size:.9rem;display:grid;gap:.25rem}
.said{font-size:.9rem;min-width:0}
.said summary{cursor:pointer;padding:.2rem 0}
.prose{white-space:pre-wrap;background:var(--panel);border-radius:8px;padding:.6rem .8rem;max-height:16rem;overflow:auto}
.links{display:flex;flex-wrap:wrap;gap:.3rem 1rem;font-size:.9rem;align-items:center}
.links a{display:inline-block;padding:.2rem 0}
.stage{position:relative;flex:1;min-height:12rem;background:var(--void);overflow:auto hidden}
.screen{position:absolute;inset:0 auto 0 0;min-width:0;margin:0 auto;overflow:hidden}
.stage.real .screen{right:0;box-shadow:0 0 0 1px var(--line)}
iframe{display:block;border:0;background:#fff;color-scheme:light;transform-origin:0 0;width:100%;height:100%}
.tiles[data-layout=split]{grid-template-rows:minmax(0,1fr)}
.tiles[data-layout=split] .tile{grid-area:1/1}
[data-place=over]{z-index:1;background:none!important;pointer-events:none}
[data-place=over] .head{background:var(--bg)}
[data-place=over] .head,[data-place=over] .screen,[data-place=over] .down{pointer-events:auto}
[data-place=over] .stage{background:none}
[data-place=over] .stage::after{content:'';position:absolute;top:0;bottom:0;left:calc(100% - var(--split));width:2px;margin-left:-1px;background:var(--link);pointer-events:none}
[data-place=over] .screen{clip-path:inset(0 0 0 calc(100% - var(--split)))}
[data-place=under] .head{visibility:hidden}
.down{position:absolute;inset:0;overflow:auto;padding:1.4rem;display:grid;gap:.5rem;align-content:center;justify-items:center;text-align:center;color:var(--dim)}
.down .big{color:var(--text);font-size:1.1rem;font-weight:600}
.down pre{margin:.4rem 0 0;padding:.7rem .9rem;background:var(--panel);border:1px solid var(--line);border-radius:8px;white-space:pre-wrap;text-align:left;font:.8rem/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;max-width:100%;max-height:20rem;overflow:auto;color:var(--text);display:flex;flex-direction:column-reverse}
.alone{max-width:40rem;margin:12vh auto;padding:0 1.2rem;display:grid;gap:.6rem}
.alone h1{font-size:1.4rem}
.legend{color:var(--dim);font-size:.88rem}
dialog{background:var(--bg);color:var(--text);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.3rem;max-width:min(40rem,calc(100vw - 2rem))}
dialog::backdrop{background:#0008}
dialog h2{margin-bottom:.6rem}dialog p,dialog form{margin-top:.7rem}
.keys{margin:0;display:grid;gap:.3rem}.keys div{display:grid;grid-template-columns:9rem 1fr;gap:.6rem}.keys dt,.keys dd{margin:0}
.codes{display:flex;flex-wrap:wrap;gap:1rem;margin-top:.8rem}.codes figure{margin:0;max-width:100%}.codes img{display:block;background:#fff;border-radius:8px;margin-bottom:.5rem;max-width:100%;height:auto}
kbd,code{font:.85em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:.1em .4em}
.folded .head>.tags{visibility:hidden}
.folded .panel .tags{display:flex}
.folded #tabs{flex-wrap:nowrap;overflow-x:auto;padding:3px;margin:-3px}
.folded .tab{flex:none;max-width:60vw}
.present .head{height:3rem}
.present h2{font-size:1.2rem}
.present #help,.present .tab[data-tone=good]::before{display:none}
@media (max-width:64rem){
header.top{padding:.3rem .6rem;gap:.3rem}
.bar{flex-wrap:nowrap}
#tools{flex-wrap:wrap}
h1{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
#help{display:none}
.end{flex-wrap:nowrap}
}
@media (max-width:46rem){
.layouts button:not([data-layout=split]){display:none}
.end{overflow-x:auto;justify-content:flex-start;min-width:0;padding:3px;margin:-3px -3px -3px auto}.end>*{flex:none}
h1{position:absolute;width:1px;height:1px;clip-path:inset(50%)}
.tiles,.tiles[data-layout]{grid-template-columns:minmax(0,1fr)}
.route{flex-basis:100%}
.head{gap:.25rem .35rem;padding:.25rem .5rem}
}
@media (pointer:coarse){button,select,input[type=text],.tick,.more>summary{min-height:2.6rem}.head{height:3.2rem}.panel{top:3.1rem}}
@media (prefers-reduced-motion:no-preference){button{transition:background-color .12s}}
@media (forced-colors:active){.tab[aria-pressed=true]{border-width:3px}}
`;
