/** Colours of our pages by what they mean, for light and dark; a page may force one with `data-theme`. */
export const COLOURS = `:root{color-scheme:light dark;
--bg:light-dark(#fff,#0f1419);--panel:light-dark(#f6f8fa,#171d24);--text:light-dark(#1c2128,#e2e8ee);--dim:light-dark(#57606a,#9aa7b4);
--line:light-dark(#d5dbe1,#2d3742);--link:light-dark(#0a58ca,#79b8ff);--focus:light-dark(#0a58ca,#79b8ff);
--good:light-dark(#17692d,#63d282);--goodbg:light-dark(#dff5e5,#12301d);--bad:light-dark(#b3201b,#ff8f85);--badbg:light-dark(#fde8e7,#3b1614);
--warn:light-dark(#7d4e00,#ecb64b);--warnbg:light-dark(#fff4d6,#33260a);
--add:light-dark(#e6f7ea,#11271a);--addmark:light-dark(#abe3b8,#1f5c33);--del:light-dark(#feecec,#321618);--delmark:light-dark(#f9bfbd,#7a2a2b);
--hunk:light-dark(#e9f1fb,#16222f);--void:light-dark(#f1f3f5,#12171c);
--k:light-dark(#a8266b,#ff9ac2);--s:light-dark(#0b5a3c,#9be0b1);--c:light-dark(#5a646e,#9fabb6);--n:light-dark(#0b4fa8,#8ec5ff);
--f:light-dark(#5b31b0,#cdb2ff);--t:light-dark(#8a3d00,#ffc08a);--m:light-dark(#5f5200,#dccb72)}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{color-scheme:dark}`;
