#include "cli/report/inside.h"

/* Dark on light everywhere, and what colour says a letter, a shape or a dash says too. A to D grow darker, so that grey paper
 * shows them in order. */
static const char screen[] =
    ":root{color-scheme:light}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:#fff;color:#111;font:16px/1.45 'Segoe UI','Helvetica Neue',Arial,'Liberation Sans',sans-serif}\n"
    "main{max-width:720px;margin:0 auto;padding:0 16px 32px}\n"
    ".wide{max-width:none}\n"
    ".marking{text-align:center;font-weight:700;letter-spacing:.08em;border:2px solid #111;padding:4px 8px;margin:12px 0}\n"
    "h1{font-size:1.9em;line-height:1.15;margin:.6em 0 .2em}\n"
    "h2{font-size:1.35em;margin:1.8em 0 .4em;padding-top:.3em;border-top:3px solid #1d3f5e}\n"
    "h3{font-size:1.05em;margin:1.3em 0 .2em}\n"
    "p,ul,ol,dl{margin:.4em 0 .8em}\n"
    "li{margin:.15em 0}\n"
    ".lede{font-size:1.05em}\n"
    ".small,figcaption,caption,.how{color:#3b3b3b;font-size:.86em}\n"
    "a{color:#0b4a82}\n"
    "code{font-family:Consolas,'Liberation Mono',monospace;font-size:.9em;overflow-wrap:anywhere}\n"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font:.9em/1.3 Consolas,'Liberation Mono',monospace}\n"
    ".said{border-left:3px solid #bbb;padding-left:12px;overflow-wrap:anywhere}\n"
    "nav ul{display:flex;flex-wrap:wrap;gap:.2em 1.2em;padding:0;list-style:none}\n"
    "table{border-collapse:collapse;width:100%;font-size:.86em;margin:.6em 0 1em}\n"
    "caption{text-align:left;padding:0 0 .3em}\n"
    "th,td{text-align:left;vertical-align:top;padding:3px 6px;border-bottom:1px solid #bbb}\n"
    "thead th{vertical-align:bottom;border-bottom:2px solid #444}thead th.n{white-space:normal}\n"
    "th[scope=row]{font-weight:600}\n"
    ".tight th,.tight td{padding:1.5px 6px;line-height:1.3}\n"
    "th .small{font-weight:400}.profile th[scope=row]{width:32%;min-width:190px}.profile td{vertical-align:middle}\n"
    ".logs code{font-size:.82em;overflow-wrap:normal}\n"
    ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    ".scroll{overflow-x:auto}\n"
    "figure{margin:.8em 0 1.2em}\n"
    "figure svg{display:block;max-width:100%;height:auto}\n"
    ".pair figure{display:inline-block;vertical-align:top;width:336px;max-width:100%;margin:.4em 6px .6em 0}\n"
    "details{margin:.2em 0 1em}\n"
    "summary{cursor:pointer;color:#0b4a82;font-size:.86em}\n"
    /* the rug */
    ".rug{table-layout:fixed;font-size:.72em;line-height:1.2}\n"
    ".rug td,.rug thead td{text-align:center;padding:2px 1px;border:1px solid #999;overflow:hidden}\n"
    ".rug thead th{height:9.5em;padding:2px;vertical-align:bottom;text-align:left;border:1px solid #999;font-weight:600}\n"
    ".rug thead th div{writing-mode:vertical-rl;transform:rotate(180deg);max-height:9.2em;overflow:hidden;margin:0 auto}\n"
    ".rug .lead{width:21em}\n"
    ".rug thead th.lead div{writing-mode:horizontal-tb;transform:none}\n"
    ".rug th[scope=row]{border:1px solid #999;font-weight:600}\n"
    ".rug .small{font-weight:400;display:block}\n"
    ".rug b{font-weight:700}\n"
    ".qA{background:#eff6fc}.qB{background:#fdf1d6}.qC{background:#f7cf87}.qD{background:#e89c5e}\n"
    ".all{background:#e6e6e6;font-weight:600}\n"
    ".key span{display:inline-block;padding:0 .5em;border:1px solid #999;margin-right:.3em}\n"
    /* pictures */
    "svg text{font-family:inherit;font-size:10.5px;fill:#111;unicode-bidi:isolate}\n"
    "svg .tk{font-size:9.5px;fill:#444}svg .no{fill:#444;font-style:italic}svg .sb{font-weight:700}\n"
    "svg .bd{font-weight:700}svg .fl{font-weight:700}\n"
    ".ax{stroke:#444}.gd{stroke:#ddd}.rw{fill:#f5f5f5}.mk{fill:#dce9f4}\n"
    ".qt{stroke:#888;stroke-dasharray:1 2}.tt{stroke:#111;stroke-dasharray:5 3}\n"
    ".te{stroke:#111;stroke-width:1.3;stroke-dasharray:9 2 1.5 2}.nb{fill:none;stroke:#111;stroke-width:1.6}\n"
    ".iv{stroke:#5a5a5a;stroke-width:1.6}\n"
    ".mf{fill:#1d3f5e;stroke:#1d3f5e}.mr{fill:#fff;stroke:#1d3f5e;stroke-width:1.4}.mp{fill:#555;stroke:#555}\n"
    ".mo{fill:#b4500c;stroke:#111}\n"
    ".sp{fill:none;stroke:#1d3f5e;stroke-width:1.3}.se{fill:#1d3f5e}\n"
    ".la{fill:none;stroke:#111;stroke-width:1.5}.lp{fill:none;stroke:#666;stroke-width:1;stroke-dasharray:3 3}\n"
    ".more th,.more td{font-size:.8em}.more .small{font-size:.9em}\n"
    "@media screen and (min-width:1120px){.wide{width:1080px;margin-left:-196px}}\n";

/* Whole rows, heads again on each sheet, the rug across. */
static const char paper[] =
    "@page{size:A4;margin:15mm 14mm 16mm;@bottom-right{content:counter(page) ' of ' counter(pages);font:8pt Arial,'Liberation "
    "Sans',sans-serif}}\n"
    "@page wide{size:A4 landscape;margin:12mm 10mm 11mm}\n"
    "@media print{\n"
    "body{font-size:9.5pt}main{max-width:none;padding:0}table{font-size:8pt}.logs{font-size:7.2pt}.logs code{white-space:nowrap}\n"
    "nav,details,.screen{display:none}\n"
    "h2{margin-top:1.2em}h3{margin:.8em 0 .1em}figure{margin:.2em 0 .3em}.keep p{margin:0}\n"
    "h2,h3,caption{break-after:avoid}h3+p,h2+p{break-after:avoid}\n"
    "tr,figure,li,.keep{break-inside:avoid}thead{display:table-header-group}\n"
    ".wide{page:wide;break-before:page;break-after:page}.wide h2{margin-top:0}\n"
    ".rug{font-size:6.5pt;line-height:1.1}.rug td{padding:1px}.rug .small{display:inline}.wide .key{font-size:7pt;margin:.2em "
    "0}.rug .lead{width:56mm}\n"
    ".qA,.qB,.qC,.qD,.all,.rw,.mk{print-color-adjust:exact;-webkit-print-color-adjust:exact}\n"
    "a{color:inherit;text-decoration:none}\n"
    "}\n";

const char *const page_css[PAGE_CSS_PARTS] = {screen, paper};

#define ON_EACH_SHEET(words) "@page{@top-center{content:'" words "';font:bold 8pt Arial,'Liberation Sans',sans-serif}}\n"

const char *page_css_marking(const struct report *r)
{
    if (r->is_public)
        return ON_EACH_SHEET("PUBLISHED TO EVERYONE");
    return r->marking == MARKING_SENSITIVE ? ON_EACH_SHEET("OFFICIAL-SENSITIVE: for members of the alliance only")
                                           : ON_EACH_SHEET("OFFICIAL: for members of the alliance only");
}
