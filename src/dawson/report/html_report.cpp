// The case page: one file that needs nothing else, readable by people, screen readers and printers.
#include "dawson/report/content.h"

namespace dawson::report {
namespace {

constexpr const char* style = R"(
:root{--ink:#1a1f26;--quiet:#5a626d;--line:#d7dce2;--wash:#f4f6f8;--accent:#0a5c78}
*{box-sizing:border-box}
body{margin:0;color:var(--ink);background:#fff;font:16px/1.5 "Noto Sans",system-ui,sans-serif}
main,header,footer{max-width:72rem;margin:0 auto;padding:0 1.5rem}
header{border-top:.4rem solid var(--accent);padding-top:1.5rem}
h1{font-size:1.9rem;line-height:1.2;margin:0}
h2{font-size:1.1rem;color:var(--accent);margin:2.2rem 0 .6rem}
.quiet{color:var(--quiet);margin:.2rem 0}
.tag{display:inline-block;border:1px solid var(--accent);color:var(--accent);border-radius:1rem;
padding:.1rem .8rem;font-size:.9rem;margin:.6rem 0}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.8rem 1.5rem;margin:0}
dl.box{background:var(--wash);border-radius:.5rem;padding:1rem 1.2rem;margin-top:1.2rem}
dt{font-size:.85rem;color:var(--quiet)}
dd{margin:0;overflow-wrap:anywhere}
dl.figures dd{font-size:1.5rem;font-weight:600;line-height:1.3}
.follow{border-left:.3rem solid var(--accent);padding:.3rem 1rem;font-weight:600;margin:1.5rem 0}
figure{margin:0}
img{display:block;width:100%;height:auto;border-radius:.5rem;background:#090a0d}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:.35rem .7rem;border-bottom:1px solid var(--line);white-space:nowrap}
th{color:var(--quiet);font-weight:600;font-size:.9rem}
th:first-child,td:first-child{text-align:left}
.warn li{margin:.3rem 0}
footer{color:var(--quiet);font-size:.9rem;padding-top:1.5rem;padding-bottom:2rem}
@media print{body{font-size:11px}main,header,footer{max-width:none}h2{break-after:avoid}
tr,figure{break-inside:avoid}}
)";

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string element(const std::string& tag, const std::string& text) {
  return "<" + tag + ">" + escaped(text) + "</" + tag.substr(0, tag.find(' ')) + ">";
}

// dir=auto lets each value run in the direction of its own script.
std::string fields(const std::vector<Row>& rows, const std::string& css_class) {
  std::string out = "<dl class=\"" + css_class + "\">\n";
  for (const Row& row : rows) {
    out += "<div>" + element("dt", row.label) + element("dd dir=\"auto\"", row.value) + "</div>\n";
  }
  return out + "</dl>\n";
}

std::string list(const std::vector<std::string>& texts, const std::string& css_class) {
  std::string out = "<ul class=\"" + css_class + "\">\n";
  for (const std::string& text : texts) out += element("li", text) + "\n";
  return out + "</ul>\n";
}

std::string table(const LesionTable& lesions, const std::string& caption) {
  std::string out =
      "<div class=\"scroll\"><table aria-label=\"" + escaped(caption) + "\">\n<thead><tr>";
  for (const std::string& cell : lesions.head) out += element("th scope=\"col\"", cell);
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : lesions.rows) {
    out += "<tr>";
    for (const std::string& cell : row) out += element("td", cell);
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string head(const CaseReport& r) {
  const Words& w = *r.words;
  return "<!DOCTYPE html>\n<html lang=\"" + escaped(w.language) +
         "\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
         // Nothing is fetched and nothing runs, whatever a field may hold.
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
         "img-src data:; style-src 'unsafe-inline'\">\n" +
         element("title", w.title + " – " + r.stem) + "\n<style>" + style +
         "</style>\n</head>\n<body>\n";
}

}  // namespace

std::string report_html(const CaseReport& r, const Content& c, const std::string& picture_png) {
  const Words& w = *r.words;
  std::string out = head(r);
  out += "<header>\n" + element("h1", w.title) + "\n" + element("p class=\"quiet\"", w.subtitle) +
         "\n" + element("p class=\"tag\"", w.disclaimer) + "\n</header>\n<main>\n";
  out += fields(c.patient, "box") + fields(c.findings, "box figures");
  out += element("p class=\"follow\"", w.follow_up) + "\n";
  if (!c.warnings.empty()) out += element("h2", w.warnings) + "\n" + list(c.warnings, "warn");
  const std::string description =
      filled(w.picture_description, {r.image_name, std::to_string(c.counts.total)});
  out += element("h2", w.picture) + "\n<figure><img alt=\"" + escaped(description) +
         "\" src=\"data:image/png;base64," + base64(picture_png) + "\"></figure>\n";
  out += element("h2", w.all_lesions) + "\n";
  out +=
      c.lesions.rows.empty() ? element("p", w.no_lesions) + "\n" : table(c.lesions, w.all_lesions);
  out += element("h2", w.about) + "\n" + fields(c.about, "");
  out += element("h2", w.notes) + "\n" + list(c.notes, "");
  out += "</main>\n" + element("footer", r.stem + " · " + w.disclaimer) + "\n</body>\n</html>\n";
  return out;
}

}  // namespace dawson::report
